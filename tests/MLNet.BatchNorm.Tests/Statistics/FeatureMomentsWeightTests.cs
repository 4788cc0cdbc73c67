using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

public class FeatureMomentsWeightTests
{
    [Fact]
    public void A_whole_weight_is_the_same_as_the_row_repeated()
    {
        const int Width = 7;
        double[] values = RandomData.Normal(11, Width * 600, 100);
        double[] weights = [.. Enumerable.Range(0, 600).Select(row => (double)(row % 4))];
        var weighted = new FeatureMoments(Width);
        weighted.AddRows<double>(values, 600, weights);
        var repeated = new FeatureMoments(Width);
        for (int row = 0; row < 600; row++)
        {
            for (int times = 0; times < weights[row]; times++)
            {
                repeated.Add<double>(values.AsSpan(row * Width, Width));
            }
        }

        weighted.WeightSum.Should().Equal(repeated.WeightSum);
        weighted.Mean.ShouldBeClose(repeated.Mean, 1e-14, because: "the sums are rounded in another order");
        weighted.PopulationVariance.ShouldBeClose(repeated.PopulationVariance, 1e-12);
        weighted.SampleVariance.ShouldBeClose(repeated.SampleVariance, 1e-12);
        weighted.Minimum.Should().Equal(repeated.Minimum);
        weighted.Count.Should().OnlyContain(count => count == 450);
        weighted.RowCount.Should().Be(600);
    }

    [Fact]
    public void Fractional_weights_give_weighted_mean_and_variance()
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([1, 2, 4], 3, [0.5, 0.25, 1.25]);

        moments.WeightSum[0].Should().Be(2);
        moments.Mean[0].Should().Be(3);
        // (0.5 * 4 + 0.25 * 1 + 1.25 * 1) / 2, and / 1.
        moments.PopulationVariance[0].Should().Be(1.75);
        moments.SampleVariance[0].Should().Be(3.5);
    }

    [Fact]
    public void Sample_variance_is_undefined_where_the_weights_do_not_exceed_one()
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([1, 2], 2, [0.5, 0.5]);

        moments.PopulationVariance[0].Should().Be(0.25);
        moments.SampleVariance[0].Should().Be(double.NaN);
    }

    [Fact]
    public void Weight_zero_contributes_nothing_but_a_row()
    {
        var moments = new FeatureMoments(2);
        moments.AddRows<double>([1, 5, double.PositiveInfinity, double.NaN, 3, 7], 3, [1, 0, 1]);
        moments.Add<double>([1000, double.NegativeInfinity], weight: 0);
        moments.AddSparse<double>([double.NaN], [1], weight: 0);

        moments.RowCount.Should().Be(5);
        moments.Count.Should().Equal(2, 2);
        moments.MissingCount.Should().Equal(0, 0);
        moments.InfiniteCount.Should().Equal(0, 0);
        moments.FirstInfinity.Should().BeNull();
        moments.Mean.Should().Equal(2, 6);
        moments.Maximum.Should().Equal(3, 7);
    }

    [Fact]
    public void The_first_infinity_is_not_one_of_weight_zero()
    {
        var moments = new FeatureMoments(2);
        moments.AddRows<double>([double.PositiveInfinity, 1, 2, double.NegativeInfinity], 2, [0, 3]);

        moments.FirstInfinity.Should().Be(new ValueLocation(1, 1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Weights_must_be_finite_and_not_negative(double weight)
    {
        var moments = new FeatureMoments(1);

        FluentActions.Invoking(() => moments.AddRows<double>([1, 2], 2, [1, weight])).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*weight of row 1 *");
        FluentActions.Invoking(() => moments.Add<double>([1], weight)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => moments.AddSparse<double>([1], [0], weight)).Should().Throw<ArgumentOutOfRangeException>();
        moments.RowCount.Should().Be(0, "nothing is added when one weight is refused");
    }

    [Fact]
    public void There_is_one_weight_per_row()
    {
        FluentActions.Invoking(() => new FeatureMoments(1).AddRows<double>([1, 2], 2, [1])).Should().Throw<ArgumentException>()
            .WithMessage("Expected one weight per row, 2, and found 1.*");
    }
}
