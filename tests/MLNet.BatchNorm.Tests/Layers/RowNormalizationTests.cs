namespace MLNet.BatchNorm.Tests.Layers;

/// <summary>Mean and variance of a row to the last bits, where one pass over it would lose them.</summary>
public class RowNormalizationTests
{
    [Fact]
    public void The_mean_of_numbers_and_their_negatives_is_zero_however_far_off_the_first_is()
    {
        var random = new Random(1);
        double[] half = [1e3, .. Enumerable.Range(0, 5_000).Select(_ => random.NextDouble())];
        double[] row = [.. half, .. half.Select(value => -value)];

        (double mean, double variance) = RowNormalization.Measure<double>(row);

        Math.Abs(mean).Should().BeLessThan(2e-15);
        variance.Should().BeApproximately(half.Average(value => value * value), 1e-10);
    }

    [Fact]
    public void The_variance_is_that_around_the_true_mean_where_no_double_is_it()
    {
        // Around 1e16 doubles are even: of 2, 4 and 4 beyond it the mean is 10/3, the variance 8/9; around the next double, 4, it would be 4/3.
        RowNormalization.Measure<double>([1e16 + 2, 1e16 + 4, 1e16 + 4]).Variance.Should().BeApproximately(8.0 / 9, 1e-15);
    }
}
