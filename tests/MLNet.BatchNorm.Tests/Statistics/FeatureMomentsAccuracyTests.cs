using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

public class FeatureMomentsAccuracyTests
{
    // Floats around 1e6 are multiples of 1/16, so that decimal arithmetic, 28 digits, gives the exact result.
    [Fact]
    public void A_million_floats_around_1e6_keep_11_digits_of_their_standard_deviation()
    {
        float[] values = RandomData.Normal(7, 1_000_000, 1e6).ToSingle();
        decimal sum = values.Sum(value => (decimal)(double)value);
        decimal mean = sum / values.Length;
        decimal squares = values.Sum(value => ((decimal)(double)value - mean) * ((decimal)(double)value - mean));
        double exact = Math.Sqrt((double)(squares / values.Length));
        var moments = new FeatureMoments(1);

        moments.AddRows<float>(values, values.Length);

        Approximately.Digits(moments.PopulationStandardDeviation[0], exact).Should().BeGreaterThanOrEqualTo(11);
        Approximately.Digits(moments.Mean[0], (double)mean).Should().BeGreaterThanOrEqualTo(15);
    }

    [Theory]
    [InlineData(1e12)] // the first value is the outlier: every deviation of its block is measured from it
    [InlineData(-3.5e7)]
    public void A_first_value_far_from_the_rest_leaves_ten_digits_at_worst(double outlier)
    {
        double[] values = [outlier, .. RandomData.Normal(8, 999)];
        double mean = values.Average();
        double exact = values.Sum(value => (value - mean) * (value - mean)) / values.Length;
        var moments = new FeatureMoments(1);

        moments.AddRows<double>(values, values.Length);

        moments.PopulationVariance.ShouldBeClose([exact], 6e-11, because: "a sum of 512 roundings is then 512 times the result: 512 * 512 * 2^-52");
    }

    [Fact]
    public void Sorted_data_with_a_large_drift_keep_their_variance()
    {
        double[] values = [.. Enumerable.Range(0, 10_000).Select(i => 1e8 + i)];
        var moments = new FeatureMoments(1);

        moments.AddRows<double>(values, values.Length);

        // (n^2 - 1) / 12 for consecutive integers.
        moments.PopulationVariance.ShouldBeClose([((10_000.0 * 10_000) - 1) / 12], 1e-14, because: "few roundings per block of 512");
        moments.Mean[0].Should().Be(1e8 + 4999.5);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1e8 + 0.1)]
    [InlineData(-1e300)]
    [InlineData(0)]
    public void Constant_features_have_variance_zero_and_are_found(double value)
    {
        var moments = new FeatureMoments(2);
        for (int row = 0; row < 1000; row++)
        {
            moments.Add<double>([value, row]);
        }

        moments.PopulationVariance[0].Should().Be(0);
        moments.Mean[0].Should().Be(value);
        moments.IsConstant(0).Should().BeTrue();
        moments.IsConstant(1).Should().BeFalse();
    }

    [Fact]
    public void Features_that_vary_in_their_last_digits_only_are_constant()
    {
        double step = Math.BitIncrement(1e8) - 1e8;
        var moments = new FeatureMoments(2);
        for (int row = 0; row < 1000; row++)
        {
            moments.Add<double>([1e8 + (row % 3 * step), 1e8 + (row % 3 * 1e-3)]);
        }

        moments.PopulationVariance[0].Should().BePositive();
        moments.IsConstant(0).Should().BeTrue("deviations of 1e-8 on 1e8 are rounding noise");
        moments.IsConstant(1).Should().BeFalse("deviations of 1e-3 on 1e8 are five orders above it");
    }

    [Fact]
    public void Features_with_one_value_or_none_are_constant()
    {
        var moments = new FeatureMoments(2);
        moments.Add<double>([5, double.NaN]);

        moments.IsConstant(0).Should().BeTrue();
        moments.IsConstant(1).Should().BeTrue();
    }

    [Fact]
    public void Squares_beyond_double_give_an_infinite_variance_and_no_saved_state()
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([1e200, -1e200, 1e200], 3);

        moments.PopulationVariance[0].Should().Be(double.PositiveInfinity);
        moments.Count[0].Should().Be(3);
        moments.Invoking(m => m.ExportState()).Should().Throw<InvalidOperationException>().WithMessage("Feature 0 has values so far apart*");
    }
}
