using MathNet.Numerics.Distributions;

namespace MLNet.BatchNorm.Tests.Statistics;

public class NormalQuantileTests
{
    [Fact]
    public void The_ends_are_infinite()
    {
        NormalQuantile.Of(0).Should().Be(double.NegativeInfinity);
        NormalQuantile.Of(1).Should().Be(double.PositiveInfinity);
    }

    // In the middle, outside of it, and in both tails beyond e^-25.
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.075)]
    [InlineData(0.925)]
    [InlineData(0.01)]
    [InlineData(1e-10)]
    [InlineData(1e-11)]
    [InlineData(1e-13)]
    [InlineData(1 - 1e-9)]
    public void The_distribution_function_of_a_quantile_is_its_probability(double probability)
    {
        double quantile = NormalQuantile.Of(probability);

        Math.Sign(quantile).Should().Be(Math.Sign(probability - 0.5));
        // The upper tail by symmetry: 1 minus a small number has few digits of it.
        Normal.CDF(0, 1, -Math.Abs(quantile)).Should().BeApproximately(Math.Min(probability, 1 - probability), 1e-12 * Math.Min(probability, 1 - probability));
    }
}
