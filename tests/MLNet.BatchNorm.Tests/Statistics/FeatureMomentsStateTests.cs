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

    public static TheoryData<string> Damages => [.. Damaged.Keys];

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_state_is_refused(string damage)
    {
        var moments = new FeatureMoments(2);
        moments.AddRows<double>([1, 2, 3, 5], 2);
        moments.AddSparse<double>([1], [1]);
        FeatureMomentsState damaged = Damaged[damage](moments.ExportState());

        FluentActions.Invoking(() => FeatureMoments.FromState(damaged)).Should().Throw<InvalidDataException>()
            .WithMessage("The saved moments are damaged: *");
    }

    private static readonly Dictionary<string, Func<FeatureMomentsState, FeatureMomentsState>> Damaged = new()
    {
        ["no features"] = state => state with { Count = [] },
        ["lengths differ"] = state => state with { Origin = [1] },
        ["row count negative"] = state => state with { RowCount = -1 },
        ["block too long"] = state => state with { BlockRows = 512 },
        ["more sparse rows than rows"] = state => state with { SparseRowCount = 4 },
        ["sparse arrays missing"] = state => state with { SparseGivenCount = [], SparseGivenWeight = [] },
        ["sparse weight NaN"] = state => state with { SparseWeightSum = double.NaN },
        ["more given than sparse rows"] = state => state with { SparseGivenCount = [0, 2] },
        ["count not whole"] = state => state with { BlockCount = [1.5, 3] },
        ["count negative"] = state => state with { MissingCount = [0, -1] },
        ["weight without values"] = state => state with { WeightSum = [0, 1] },
        ["values without weight"] = state => state with { BlockWeight = [0, 3] },
        ["mean NaN"] = state => state with { Offset = [double.NaN, 0] },
        ["sum infinite"] = state => state with { BlockSum = [double.PositiveInfinity, 0] },
        ["squares negative"] = state => state with { BlockSquareSum = [-1, 0] },
        ["magnified squares of one feature"] = state => state with { MagnifiedDeviations = [1] },
        ["magnified squares negative"] = state => state with { MagnifiedDeviations = [0, -1] },
        ["remainders of one feature"] = state => state with { SparseWeightRemainders = [0, 1] },
        ["remainder infinite"] = state => state with { SparseWeightRemainders = [0, 1, double.PositiveInfinity] },
        ["minimum above maximum"] = state => state with { Minimum = [4, 1] },
        ["infinity beyond the rows"] = state => state with { FirstInfinity = new ValueLocation(3, 0) },
        ["infinity beyond the features"] = state => state with { FirstInfinity = new ValueLocation(0, 2) },
    };
}
