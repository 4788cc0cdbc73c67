using MathNet.Numerics.Distributions;

namespace MLNet.BatchNorm.Tests.Drift;

public class FisherExactTestTests
{
    [Fact]
    public void The_lady_tasting_tea()
    {
        // Four cups of each kind, and all of four, or three of four, told right: 1 and 16 + 1 of 70 choices.
        FisherExactTest.Tail(4, 4, 0, 4).Should().BeApproximately(1.0 / 70, 1e-12);
        FisherExactTest.Tail(3, 4, 1, 4).Should().BeApproximately(17.0 / 70, 1e-12);
        FisherExactTest.Tail(0, 4, 4, 4).Should().BeApproximately(1.0 / 70, 1e-12);
        FisherExactTest.Tail(1, 4, 3, 4).Should().BeApproximately(17.0 / 70, 1e-12);
    }

    [Theory]
    [InlineData(1, 5, 0, 20_000)]
    [InlineData(2, 5, 0, 20_000)]
    [InlineData(3, 20, 100, 2000)]
    [InlineData(0, 20, 500, 2000)]
    [InlineData(80, 100, 500, 2000)]
    [InlineData(15, 16, 15, 31)]
    [InlineData(1, 4, 2, 8)] // equal shares
    [InlineData(24, 150, 20, 300)]
    public void It_is_the_sum_of_hypergeometric_probabilities(int hits, int count, int otherHits, int otherCount)
    {
        var chance = new Hypergeometric(count + otherCount, hits + otherHits, count);
        bool isUpper = (double)hits / count >= (double)otherHits / otherCount;
        double expected = isUpper
            ? Enumerable.Range(hits, Math.Min(count, hits + otherHits) - hits + 1).Sum(chance.Probability)
            : Enumerable.Range(0, hits + 1).Sum(chance.Probability);
        FisherExactTest.Tail(hits, count, otherHits, otherCount).Should().BeApproximately(expected, 1e-9 * expected);
    }

    [Fact]
    public void What_cannot_be_otherwise_has_probability_1()
    {
        FisherExactTest.Tail(0, 5, 0, 100).Should().BeApproximately(1, 1e-10);
        FisherExactTest.Tail(5, 5, 100, 100).Should().BeApproximately(1, 1e-10);
        FisherExactTest.Tail(3, 5, 0, 0).Should().BeApproximately(1, 1e-10);
    }

    [Fact]
    public void Of_many_values_it_is_the_normal_tail()
    {
        // 50.3% of a million against 50% of a million: 4.2427 standard errors, and half a value for continuity.
        double tail = FisherExactTest.Tail(503_000, 1e6, 500_000, 1e6);
        double error = Math.Sqrt(2 * 0.5015 * 0.4985 / 1e6);
        tail.Should().BeApproximately(Normal.CDF(0, 1, -(0.003 - 1e-6) / error), 1e-3 * tail);
    }
}
