namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>Which features count as constant: by their spread, in their own units.</summary>
public class ConstancyTests
{
    [Fact]
    public void Values_some_last_digits_apart_vary_however_large_they_are()
    {
        // Doubles of that size are 1/8 apart.
        double[] values = [.. Enumerable.Range(0, 1000).Select(k => 1e15 + (k % 4 / 8.0))];
        var moments = new FeatureMoments(1);
        moments.AddRows<double>(values, values.Length);

        moments.IsConstant(0).Should().BeFalse();
        moments.PopulationVariance[0].Should().BeApproximately(1.25 / 64, 1e-15);
    }

    [Theory]
    [InlineData(0.3, 0.30000000000000004)]
    [InlineData(1e15, 1e15 + 0.25)]
    [InlineData(-1e-5, -1.0000000000000003e-5)]
    [InlineData(0.9999999999999999, 1.0000000000000002)] // digits of the larger one count
    public void Values_within_two_last_digits_are_one(double first, double second)
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([first, second, first, second], 4);

        moments.IsConstant(0).Should().BeTrue();
    }

    // The variance of a 1 beside the weight W of a 0 is about 1 / W; the bound for two values is 2 / 2^52.
    [Theory]
    [InlineData(1L << 47, false)]
    [InlineData(1L << 52, true)]
    public void The_bound_on_rounding_grows_with_the_number_of_values(long weight, bool isConstant)
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([0, 1], 2, [weight, 1]);

        moments.IsConstant(0).Should().Be(isConstant);
    }

    [Fact]
    public void Only_features_are_constant()
    {
        var moments = new FeatureMoments(2);

        moments.Invoking(it => it.IsConstant(-1)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("feature");
        moments.Invoking(it => it.IsConstant(2)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("feature");
    }

    [Fact]
    public void Running_means_of_one_and_the_same_number_are_that_number()
    {
        foreach (double? momentum in new double?[] { null, 0.1, 0.37, 1 })
        {
            var running = new RunningMoments(5, momentum);
            double[] ticks = [638_000_000_000_000_001, 3e38f, 1.7e12f, -0.1, 1e300];
            for (int i = 0; i < 1000; i++)
            {
                running.Update(ticks, new double[5]);
                running.Mean.Should().Equal(ticks);
                running.Variance.Should().Equal(0, 0, 0, 0, 0);
            }
        }
    }
}
