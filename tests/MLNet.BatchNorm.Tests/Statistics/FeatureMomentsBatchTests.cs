using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>Moments that are used for one batch after the other.</summary>
public class FeatureMomentsBatchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(9)]
    public void After_a_reset_nothing_is_left_of_the_rows_before(int width)
    {
        FeatureMoments moments = Used(width);

        moments.Reset();

        moments.RowCount.Should().Be(0);
        moments.FirstInfinity.Should().BeNull();
        moments.InfiniteCount.Should().OnlyContain(count => count == 0);
        moments.MissingCount.Should().OnlyContain(count => count == 0);
        WithoutSparse(moments.ExportState()).Should().BeEquivalentTo(new FeatureMoments(width).ExportState(), options => options.WithStrictOrdering());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(9)]
    public void What_follows_a_reset_is_as_in_new_moments(int width)
    {
        double[] rows = RandomData.Normal(2, width * 700, 3);
        FeatureMoments moments = Used(width);
        var fresh = new FeatureMoments(width);

        moments.Reset();
        moments.AddRows<double>(rows, 700);
        fresh.AddRows<double>(rows, 700);

        WithoutSparse(moments.ExportState()).Should().BeEquivalentTo(fresh.ExportState(), options => options.WithStrictOrdering());
        moments.Statistics.Should().Equal(fresh.Statistics);
    }

    [Fact]
    public void Values_as_large_as_doubles_are_leave_nothing_behind()
    {
        // Eight rows to a line, each a place of its own with its own shift; after the reset the only row is in the first place.
        double[] rows = new double[8];
        rows.AsSpan().Fill(1.7e308);
        var moments = new FeatureMoments(1);
        moments.AddRows<double>(rows, 8);

        moments.Reset();
        moments.Add<double>([-1.7e308]);

        moments.Mean.Should().Equal(-1.7e308);
        moments.PopulationVariance.Should().Equal(0);
    }

    [Fact]
    public void The_end_of_a_block_gives_the_moments_of_all_rows_zeros_included()
    {
        var moments = new FeatureMoments(2);
        moments.AddRows<double>([1, 4, 3, 8], 2);
        moments.AddSparse<double>([6], [1], weight: 2);

        MomentTable totals = moments.EndBlock();

        // 1, 3 and twice 0; 4, 8 and twice 6.
        totals[0].Count.Should().Be(3);
        totals[0].Mean.Should().Be(1);
        totals[0].PopulationVariance.Should().Be(1.5);
        totals[1].Mean.Should().Be(6);
        totals[1].PopulationVariance.Should().Be(2);
        moments.Total(0).PopulationVariance.Should().Be(1.5);
    }

    private static FeatureMoments Used(int width)
    {
        double[] values = RandomData.Normal(1, width * 600, -1e4, 1e5);
        values[0] = double.NaN;
        values[(width * 2) - 1] = double.PositiveInfinity;
        values[^1] = double.NegativeInfinity;
        var moments = new FeatureMoments(width);
        moments.AddRows<double>(values, 600);
        moments.AddSparse<double>([7], [width - 1], weight: 0.1);
        return moments;
    }

    // Whether there ever were sparse rows is the only difference: their counts are zeros, or not there.
    private static FeatureMomentsState WithoutSparse(FeatureMomentsState state)
    {
        state.SparseRowCount.Should().Be(0);
        state.SparseWeightSum.Should().Be(0);
        state.SparseGivenCount.Should().OnlyContain(count => count == 0);
        state.SparseGivenWeight.Should().OnlyContain(weight => weight == 0);
        state.SparseWeightRemainders.Should().BeEmpty();
        return state with { SparseGivenCount = [], SparseGivenWeight = [] };
    }
}
