using MathNet.Numerics.Distributions;

namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>Scores against the exact tails of MathNet.Numerics.</summary>
public class NormalScoreTests
{
    [Theory]
    [InlineData(1, 0.05)]
    [InlineData(2, 0.02)]
    [InlineData(4, 0.02)]
    [InlineData(30, 0.001)]
    [InlineData(1e5, 1e-4)]
    [InlineData(1e9, 1e-5)] // the exact tail is less exact here
    [InlineData(double.PositiveInfinity, 0)]
    public void Student_t_is_as_improbable_as_its_score(double freedom, double tolerance)
    {
        foreach (double t in new[] { 0.5, 1, 2, 3, 4 })
        {
            double tail = double.IsInfinity(freedom) ? Normal.CDF(0, 1, -t) : StudentT.CDF(0, 1, freedom, -t);
            double score = -Normal.InvCDF(0, 1, tail);
            NormalScore.OfStudent(t, freedom).Should().BeApproximately(score, (tolerance * score) + 1e-12);
            NormalScore.OfStudent(-t, freedom).Should().Be(-NormalScore.OfStudent(t, freedom));
        }
    }

    [Theory]
    [InlineData(30, 1000)]
    [InlineData(200, 200)]
    [InlineData(10_000, 300)]
    [InlineData(99, double.PositiveInfinity)]
    public void A_variance_ratio_is_as_improbable_as_its_score(double above, double below)
    {
        foreach (double score in new[] { -4.0, -3, -2, -1, 0, 1, 2, 3, 4 })
        {
            // The quantile by bisection of the exact distribution.
            double ratio = Quantile(above, below, Normal.CDF(0, 1, score));
            NormalScore.OfVarianceRatio(ratio, above, below).Should().BeApproximately(score, 0.05);
        }
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 1000)]
    [InlineData(4, 20)]
    [InlineData(1, 4)]
    [InlineData(1000, 3)]
    public void With_few_degrees_of_freedom_it_errs_towards_none(double above, double below)
    {
        foreach (double score in new[] { -4.0, -3, -2, 2, 3, 4 })
        {
            double ratio = Quantile(above, below, Normal.CDF(0, 1, score));
            Math.Abs(NormalScore.OfVarianceRatio(ratio, above, below)).Should().BeLessThan(Math.Abs(score) + 0.05);
        }
    }

    [Fact]
    public void An_infinite_ratio_is_the_limit()
    {
        NormalScore.OfVarianceRatio(double.PositiveInfinity, 5, 50).Should().BeApproximately(NormalScore.OfVarianceRatio(1e30, 5, 50), 1e-8);
        NormalScore.OfVarianceRatio(double.PositiveInfinity, 5, double.PositiveInfinity).Should().Be(double.PositiveInfinity);
        NormalScore.OfVarianceRatio(double.NaN, 5, 50).Should().Be(double.NaN);
    }

    private static double Quantile(double above, double below, double probability)
    {
        double low = -60;
        double high = 60;
        for (int i = 0; i < 200; i++)
        {
            double middle = (low + high) / 2;
            double ratio = Math.Exp(middle);
            double below1 = double.IsInfinity(below) ? ChiSquared.CDF(above, above * ratio) : FisherSnedecor.CDF(above, below, ratio);
            (low, high) = below1 < probability ? (middle, high) : (low, middle);
        }
        return Math.Exp(low);
    }
}
