using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

public class FeatureMomentsStateTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(700)]
    public void Restored_moments_go_on_to_the_last_bit(int rowsBefore)
    {
        const int Width = 6;
        double[] values = RandomData.Normal(21, Width * 1300, 50);
        values[8] = double.NaN;
        values[Width * 650] = double.PositiveInfinity;
        var uninterrupted = new FeatureMoments(Width);
        uninterrupted.AddRows<double>(values, 1300);
        var first = new FeatureMoments(Width);
        first.AddRows<double>(values.AsSpan(0, Width * rowsBefore), rowsBefore);

        FeatureMoments restored = FeatureMoments.FromState(first.ExportState());
        restored.AddRows<double>(values.AsSpan(Width * rowsBefore), 1300 - rowsBefore);

        restored.ExportState().Should().BeEquivalentTo(uninterrupted.ExportState());
        restored.Mean.Should().Equal(uninterrupted.Mean);
        restored.PopulationVariance.Should().Equal(uninterrupted.PopulationVariance);
        restored.FirstInfinity.Should().Be(new ValueLocation(650, 0));
    }

    [Fact]
    public void Sparse_rows_and_features_without_a_value_survive()
    {
        var moments = new FeatureMoments(3);
        moments.AddSparse<double>([2, double.NaN], [1, 2]);
        moments.AddSparse<double>([double.NaN], [2], weight: 0.5);

        FeatureMoments restored = FeatureMoments.FromState(moments.ExportState());
        restored.AddSparse<double>([4, 9], [1, 2]);

        restored.Count.Should().Equal(3, 3, 1);
        restored.MissingCount.Should().Equal(0, 0, 2);
        restored.WeightSum.Should().Equal(2.5, 2.5, 1);
        restored.Mean.Should().Equal(0, 2.4, 9);
        restored.Minimum.Should().Equal(0, 0, 9);
    }

    [Fact]
    public void An_infinity_in_the_first_value_survives()
    {
        var moments = new FeatureMoments(2);
        moments.AddRows<double>([double.NegativeInfinity, 2, 3, 4], 2);

        FeatureMoments.FromState(moments.ExportState()).FirstInfinity.Should().Be(new ValueLocation(0, 0));
    }

    [Fact]
    public void Rows_of_a_block_under_way_are_merged_after_they_were_restored()
    {
        var moments = new FeatureMoments(9);
        moments.AddRows<double>(RandomData.Normal(3, 9 * 20, 5), 20);
        var other = new FeatureMoments(9);
        other.AddRows<double>(RandomData.Normal(4, 9 * 30, 5), 30);
        FeatureMoments into = FeatureMoments.FromState(moments.ExportState());
        into.Merge(other);
        FeatureMoments from = other.Clone();
        from.Merge(FeatureMoments.FromState(moments.ExportState()));

        into.Count.Should().OnlyContain(count => count == 50);
        from.Count.Should().OnlyContain(count => count == 50);
        from.Mean.ShouldBeClose(into.Mean, 1e-14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_finished_block_leaves_nothing_behind(int width)
    {
        double[] rows = new double[512 * width];
        rows.AsSpan().Fill(7);
        var moments = new FeatureMoments(width);
        moments.AddRows<double>(rows, 512);

        FeatureMomentsState state = moments.ExportState();

        state.Count.Should().OnlyContain(count => count == 512);
        state.BlockRows.Should().Be(0);
        state.BlockCount.Should().OnlyContain(count => count == 0);
        state.BlockShift.Should().OnlyContain(shift => shift == 0, "it has no meaning without a value");
    }

    [Fact]
    public void A_block_of_a_feature_that_sparse_rows_give_has_512_values()
    {
        var moments = new FeatureMoments(9);
        for (int row = 0; row < 512; row++)
        {
            moments.AddSparse<double>([row], [3]);
        }

        FeatureMomentsState state = moments.ExportState();

        state.Count[3].Should().Be(512);
        state.BlockCount[3].Should().Be(0);
        moments.Mean[3].Should().Be(255.5);
        moments.AddSparse<double>([1], [3]);
        moments.ExportState().BlockCount[3].Should().Be(1);
    }

    [Fact]
    public void Counts_beyond_2_to_the_53_cannot_be_saved()
    {
        FeatureMoments moments = FeatureMoments.FromStatistics(
            [new FeatureStatistics { Count = 1L << 53, Mean = 1, Minimum = 1, Maximum = 1 }], rowCount: 1L << 23);
        moments.AddRows<double>(new double[512], 512);

        moments.Invoking(it => it.ExportState()).Should().Throw<InvalidOperationException>()
            .WithMessage("These moments cannot be saved; they count up to 2^53 rows and values. *Count[0] is 9007199254741504, not a count.");
    }

    [Fact]
    public void The_largest_row_count_is_2_to_the_53()
    {
        FeatureMomentsState state = new FeatureMoments(1).ExportState();

        FeatureMoments.FromState(state with { RowCount = 1L << 53 }).RowCount.Should().Be(1L << 53);
        FluentActions.Invoking(() => FeatureMoments.FromState(null!)).Should().Throw<ArgumentNullException>();
    }

    public static TheoryData<string> Damages => [.. Damaged.Keys];

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_state_is_refused(string damage)
    {
        var moments = new FeatureMoments(2);
        moments.AddRows<double>([1, 2, 3, 5], 2);
        moments.AddSparse<double>([1], [1]);
        var (change, message) = Damaged[damage];
        FeatureMomentsState damaged = change(moments.ExportState());

        FluentActions.Invoking(() => FeatureMoments.FromState(damaged)).Should().Throw<InvalidDataException>()
            .WithMessage($"The saved moments are damaged: {message}.");
    }

    private static double[] With(double[] values, int index, double value)
    {
        double[] changed = [.. values];
        changed[index] = value;
        return changed;
    }

    // Rows of two features are summed four to a line of eight slots: the block has them in slots 0 and 1, 2 and 3; the sparse row is in slot 1.
    private static readonly Dictionary<string, (Func<FeatureMomentsState, FeatureMomentsState> Change, string Message)> Damaged = new()
    {
        ["no features"] = (state => state with { Count = [] }, "it has no features"),
        ["lengths differ"] = (state => state with { Origin = [1] }, "Origin has 1 numbers where 2 were expected"),
        ["weights missing"] = (state => state with { WeightSum = [] }, "WeightSum has 0 numbers where 2 were expected"),
        ["row count negative"] = (state => state with { RowCount = -1 }, "its row count is -1"),
        ["row count not exact"] = (state => state with { RowCount = (1L << 53) + 1 }, "its row count is 9007199254740993"),
        ["block too long"] = (state => state with { BlockRows = 512 }, "its block has 512 rows"),
        ["block negative"] = (state => state with { BlockRows = -1 }, "its block has -1 rows"),
        ["more sparse rows than rows"] = (state => state with { SparseRowCount = 4 }, "it has 4 sparse rows out of 3"),
        ["less than no sparse rows"] = (state => state with { SparseRowCount = -1 }, "it has -1 sparse rows out of 3"),
        ["sparse counts missing"] = (
            state => state with { SparseGivenCount = [], SparseGivenWeight = [] }, "SparseGivenCount has 0 numbers where 2 were expected"),
        ["sparse weight NaN"] = (state => state with { SparseWeightSum = double.NaN }, "its sparse weight is NaN"),
        ["sparse weight negative"] = (state => state with { SparseWeightSum = -1 }, "its sparse weight is -1"),
        ["more given than sparse rows"] = (state => state with { SparseGivenCount = [0, 2] }, "2 of 1 sparse rows are said to give feature 1"),
        ["given count not whole"] = (state => state with { SparseGivenCount = [0.5, 1] }, "SparseGivenCount[0] is 0.5, not a count"),
        ["given weight negative"] = (state => state with { SparseGivenWeight = [0, -1] }, "SparseGivenWeight[1] is -1, less than 0"),
        ["count not whole"] = (state => state with { Count = [0, 0.5] }, "Count[1] is 0.5, not a count"),
        ["block count not whole"] = (state => state with { BlockCount = With(state.BlockCount, 2, 1.5) }, "BlockCount[2] is 1.5, not a count"),
        ["missing count negative"] = (state => state with { MissingCount = [0, -1] }, "MissingCount[1] is -1, not a count"),
        ["infinite count beyond double"] = (state => state with { InfiniteCount = [1e17, 0] }, "InfiniteCount[0] is 1E+17, not a count"),
        ["weight without values"] = (state => state with { WeightSum = [0, 1] }, "WeightSum[1] is 1 for 0 values"),
        ["values without weight"] = (state => state with { BlockWeight = With(state.BlockWeight, 3, 0) }, "BlockWeight[3] is 0 for 1 values"),
        ["mean NaN"] = (state => state with { Offset = [double.NaN, 0] }, "Offset[0] is NaN"),
        ["shift NaN"] = (state => state with { BlockShift = With(state.BlockShift, 5, double.NaN) }, "BlockShift[5] is NaN"),
        ["sum infinite"] = (
            state => state with { BlockSum = With(state.BlockSum, 1, double.NegativeInfinity) },
            $"BlockSum[1] is {double.NegativeInfinity}"),
        ["squares negative"] = (state => state with { BlockSquareSum = With(state.BlockSquareSum, 0, -1) }, "BlockSquareSum[0] is -1, less than 0"),
        ["squared deviations negative"] = (state => state with { SquaredDeviations = [-1, 0] }, "SquaredDeviations[0] is -1, less than 0"),
        ["magnified squares of one feature"] = (
            state => state with { MagnifiedDeviations = [1] }, "MagnifiedDeviations has 1 numbers where 2 were expected"),
        ["magnified squares negative"] = (state => state with { MagnifiedDeviations = [0, -1] }, "MagnifiedDeviations[1] is -1, less than 0"),
        ["remainders of one feature"] = (
            state => state with { SparseWeightRemainders = [0, 1] }, "SparseWeightRemainders has 2 numbers where 3 were expected"),
        ["remainder infinite"] = (
            state => state with { SparseWeightRemainders = [0, 1, double.NaN] }, "SparseWeightRemainders[2] is NaN"),
        ["minimum NaN"] = (state => state with { Minimum = [1, double.NaN] }, "Minimum[1] is NaN"),
        ["maximum NaN"] = (state => state with { Maximum = [double.NaN, 5] }, "Maximum[0] is NaN"),
        ["minimum above maximum"] = (state => state with { Minimum = [4, 1] }, "the minimum 4 of feature 0 exceeds its maximum 3"),
        ["infinity beyond the rows"] = (state => state with { FirstInfinity = new ValueLocation(3, 0) }, "its first infinity is said to be at *"),
        ["infinity before the rows"] = (state => state with { FirstInfinity = new ValueLocation(-1, 0) }, "its first infinity is said to be at *"),
        ["infinity beyond the features"] = (state => state with { FirstInfinity = new ValueLocation(0, 2) }, "its first infinity is said to be at *"),
        ["infinity before the features"] = (state => state with { FirstInfinity = new ValueLocation(0, -1) }, "its first infinity is said to be at *"),
    };
}
