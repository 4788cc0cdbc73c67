using MathNet.Numerics.Distributions;

namespace MLNet.BatchNorm.Tests.Drift;

/// <summary>Where chance ends, against numbers computed apart from the library, from the formulae of docs/drift.md.</summary>
public class ChanceTests
{
    // The smallest shift with (n / a) h(1 + shift sqrt(a)) = 3^2 / 2 and sqrt(n) shift >= 3, where values reach sqrt(a) deviations.
    [Theory]
    [InlineData(4, 1, 7.1737)]
    [InlineData(4, 2, 4.3339)]
    [InlineData(4, 3, 3.2550)]
    [InlineData(4, 5, 2.2905)]
    [InlineData(4, 20, 0.9293)]
    [InlineData(4, 100, 0.3554)]
    [InlineData(4, 1000, 0.1007)]
    [InlineData(4, 10_000, 0.0306)]
    [InlineData(10, 1, 11.785)]
    [InlineData(10, 20, 1.2448)]
    [InlineData(10, 10_000, 0.031465)]
    [InlineData(1, 5, 1.6163)]
    [InlineData(0.5, 5, 1.6163)] // rounding and bias may take the reach below 1
    public void A_shift_exceeds_chance_from_here_on(double reach, double count, double smallest)
    {
        var chance = new Chance(Known(reach), count, 3);
        chance.IsExceededByShift(smallest * 1.001).Should().BeTrue();
        chance.IsExceededByShift(-smallest * 1.001).Should().BeTrue();
        chance.IsExceededByShift(smallest * 0.999).Should().BeFalse();
        chance.IsExceededByShift(-smallest * 0.999).Should().BeFalse();
    }

    // Likewise for (f / a) h(r n / f) with f = n - 1; with a reach of 1 Paulson's score decides. 0: no ratio is small enough.
    [Theory]
    [InlineData(4, 2, 14.8475, 0)]
    [InlineData(4, 5, 9.3349, 0)]
    [InlineData(4, 20, 4.5963, 0)]
    [InlineData(4, 100, 2.4054, 0.075576)]
    [InlineData(4, 1000, 1.4016, 0.644565)]
    [InlineData(4, 10_000, 1.1223, 0.882331)]
    [InlineData(10, 100, 5.2509, 0)]
    [InlineData(10, 10_000, 1.3145, 0.715324)]
    [InlineData(1, 3, 4.4929, 0)]
    [InlineData(1, 20, 2.1491, 0.277943)]
    [InlineData(1, 10_000, 1.0429, 0.958008)]
    public void A_variance_exceeds_chance_from_here_on(double reach, double count, double smallestAbove, double largestBelow)
    {
        var chance = new Chance(Known(reach), count, 3);
        chance.IsExceededByRatio(smallestAbove * 1.001).Should().BeTrue();
        chance.IsExceededByRatio(smallestAbove * 0.999).Should().BeFalse();
        chance.IsExceededByRatio(largestBelow * 1.001).Should().BeFalse();
        chance.IsExceededByRatio(largestBelow * 0.999).Should().Be(largestBelow > 0);
    }

    [Fact]
    public void One_value_has_no_variance_that_could_have_changed()
    {
        new Chance(Known(4), 1, 3).IsExceededByRatio(0).Should().BeFalse();
        new Chance(Known(4), 1, 3).IsExceededByRatio(double.NaN).Should().BeFalse();
        new Chance(Known(4), 0, 3).IsExceededByShift(double.NaN).Should().BeFalse();
    }

    [Fact]
    public void A_reference_of_five_values_asks_for_Student_t()
    {
        // The mean of five values and that of 95: 1 / (1/5 + 1/95) = 4.75 values. t with four degrees of freedom is 6.62 at the tail of 3.
        double t = -StudentT.InvCDF(0, 1, 4, Normal.CDF(0, 1, -3));
        t.Should().BeApproximately(6.62, 0.01);
        var chance = new Chance(Known(1) with { EffectiveCount = 5, Freedom = 4 }, 95, 3);
        chance.IsExceededByShift(t / Math.Sqrt(4.75) * 1.05).Should().BeTrue();
        chance.IsExceededByShift(t / Math.Sqrt(4.75) * 0.95).Should().BeFalse();
    }

    [Fact]
    public void A_reference_of_few_values_asks_for_F()
    {
        // 100 and 50 degrees of freedom: F is 2.194 at the upper tail of 3, 0.492 at the lower one.
        var chance = new Chance(Known(1) with { Freedom = 50 }, 101, 3);
        FisherSnedecor.CDF(100, 50, 2.194).Should().BeApproximately(1 - Normal.CDF(0, 1, -3), 1e-4);
        FisherSnedecor.CDF(100, 50, 0.492).Should().BeApproximately(Normal.CDF(0, 1, -3), 2e-4);
        chance.IsExceededByRatio(2.24 * 100 / 101).Should().BeTrue();
        chance.IsExceededByRatio(2.15 * 100 / 101).Should().BeFalse();
        chance.IsExceededByRatio(0.48 * 100 / 101).Should().BeTrue();
        chance.IsExceededByRatio(0.505 * 100 / 101).Should().BeFalse();
    }

    [Fact]
    public void The_uncertainty_of_the_reference_counts_in_the_bound_too()
    {
        // Half of 10,000 values: as if it were 5000. (5000 / 100) h(1 + 10 s) = 4.5 at s = 0.04533, (5000 / 100) h(r) = 4.5 at r = 1.4533.
        var chance = new Chance(Known(10) with { EffectiveCount = 10_000, Freedom = 9999 }, 10_000, 3);
        chance.IsExceededByShift(0.0455).Should().BeTrue();
        chance.IsExceededByShift(0.0452).Should().BeFalse();
        chance.IsExceededByRatio(1.455).Should().BeTrue();
        chance.IsExceededByRatio(1.452).Should().BeFalse();
    }

    [Fact]
    public void A_biased_reference_variance_is_put_right()
    {
        // Batches of two: the running variance is half of what it should be; shifts and ratios are given in its units.
        var biased = new Chance(Known(4) with { Variance = 0.5 }, 100, 3);
        biased.IsExceededByShift(0.3554 * Math.Sqrt(2) * 1.001).Should().BeTrue();
        biased.IsExceededByShift(0.3554 * Math.Sqrt(2) * 0.999).Should().BeFalse();
        biased.IsExceededByRatio(2 * 2.4054 * 1.001).Should().BeTrue();
        biased.IsExceededByRatio(2 * 2.4054 * 0.999).Should().BeFalse();
    }

    [Theory]
    [InlineData(2, 0.2252)]
    [InlineData(4, 0.4963)]
    public void Standard_errors_can_be_set(double standardErrors, double smallest)
    {
        var chance = new Chance(Known(4), 100, standardErrors);
        chance.IsExceededByShift(smallest * 1.01).Should().BeTrue();
        chance.IsExceededByShift(smallest * 0.99).Should().BeFalse();
    }

    [Fact]
    public void Without_standard_errors_chance_is_not_considered()
    {
        new Chance(Known(4), 2, 0).IsExceededByShift(0.01).Should().BeTrue();
        new Chance(Known(4), 2, 0).IsExceededByRatio(1.01).Should().BeTrue();
    }

    /// <summary>Mean and variance known without error; the variance is 1.</summary>
    private static DriftReference Known(double reach) => new()
    {
        Mean = 0,
        Variance = 1,
        UnbiasedVariance = 1,
        LargestDeviation = reach,
        EffectiveCount = 1e12,
        Freedom = 1e12,
        Count = 1e12,
        MissingCount = 0,
    };
}
