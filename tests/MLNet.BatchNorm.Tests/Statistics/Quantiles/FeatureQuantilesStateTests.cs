namespace MLNet.BatchNorm.Tests.Statistics.Quantiles;

/// <summary>What a saved state of quantiles may be, and what it may not be.</summary>
public class FeatureQuantilesStateTests
{
    private const long LargestCount = 1L << 53;

    public static TheoryData<string> Damages => [.. Damaged.Keys];

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_state_is_refused(string damage)
    {
        FeatureQuantilesState sound = Sound();
        FluentActions.Invoking(() => FeatureQuantiles.FromState(sound)).Should().NotThrow();
        var (change, message) = Damaged[damage];

        FluentActions.Invoking(() => FeatureQuantiles.FromState(change(sound))).Should().Throw<InvalidDataException>().WithMessage(message);
    }

    [Fact]
    public void The_largest_counts_are_believed()
    {
        FeatureQuantilesState state = new FeatureQuantiles(1).ExportState();

        FeatureQuantiles zeros = FeatureQuantiles.FromState(state with { SparseRowCount = LargestCount, SparseWeight = LargestCount });
        zeros.Count.Should().Equal(LargestCount);
        zeros.Median(0).Should().Be(0);
        FeatureQuantiles missing = FeatureQuantiles.FromState(
            state with { Features = [state.Features[0] with { MissingCount = LargestCount, InfiniteCount = LargestCount }] });
        missing.MissingCount.Should().Equal(LargestCount);
        missing.InfiniteCount.Should().Equal(LargestCount);
        FeatureQuantiles many = FeatureQuantiles.FromState(Thinned(LargestCount));
        many.Count.Should().Equal(LargestCount);
        many.Median(0).Should().Be(2);
    }

    [Fact]
    public void As_many_values_as_there_is_room_for_are_restored()
    {
        double[] values = [.. Enumerable.Range(0, 128).Select(i => (double)i)];
        FeatureQuantilesState state = new FeatureQuantiles(1, 128).ExportState();

        FeatureQuantiles restored = FeatureQuantiles.FromState(state with
        {
            Features = [state.Features[0] with { Count = 128, WeightSum = 128, Maximum = 127, Levels = [new() { Exponent = 0, Values = values }] }],
        });

        restored.IsExact(0).Should().BeTrue();
        restored.Median(0).Should().Be(63.5);
        restored.Minimum.Should().Equal(0);
    }

    [Theory]
    [InlineData(-960)]
    [InlineData(0)]
    [InlineData(960)]
    public void Values_may_weigh_any_power_of_two_whose_sums_are_doubles(int exponent)
    {
        FeatureQuantiles restored = FeatureQuantiles.FromState(Thinned(3, exponent));

        restored.Quantile(0, 0.5).Should().Be(2);
        restored.ShareAtMost(0, 1).Should().BeApproximately(1.0 / 3, 1e-15);
    }

    [Fact]
    public void Values_of_several_levels_weigh_what_they_stand_for()
    {
        FeatureQuantilesState state = Thinned(7, 2);
        FeatureQuantilesState.SketchState feature = state.Features[0] with { WeightSum = 7, Levels = [Level(0, 2), Level(1, 3), Level(2, 1)] };

        FeatureQuantiles restored = FeatureQuantiles.FromState(state with { Features = [feature] });

        restored.ShareAtMost(0, 1).Should().Be(4 / 7.0);
        restored.ShareAtMost(0, 2).Should().Be(5 / 7.0);
        restored.WeightSum.Should().Equal(7);
        restored.Median(0).Should().Be(1);
        // From 0.7 (7 - 1) = 4.2 to 5.2: 0.8 of the 2, and 0.2 of the 3.
        restored.Quantile(0, 0.7).Should().BeApproximately(2.2, 1e-14);

        FeatureQuantiles thinned = FeatureQuantiles.FromState(
            state with { Features = [feature with { Count = 6, WeightSum = 6, Levels = [Level(1, 3), Level(2, 1)] }] });
        thinned.ShareAtMost(0, 1).Should().Be(4 / 6.0);
    }

    [Fact]
    public void The_largest_size_is_restored() =>
        FeatureQuantiles.FromState(new FeatureQuantiles(1, FeatureQuantiles.LargestSize).ExportState()).Size.Should().Be(1 << 24);

    [Fact]
    public void A_feature_without_a_value_takes_the_range_of_its_first_ones()
    {
        FeatureQuantiles quantiles = FeatureQuantiles.FromState(new FeatureQuantiles(2).ExportState());
        quantiles.Add<double>([5, -3]);

        quantiles.Minimum.Should().Equal(5, -3);
        quantiles.Maximum.Should().Equal(5, -3);
    }

    // Three values, 1, 2 and 3, that stand for count others and weigh 2^exponent each.
    private static FeatureQuantilesState Thinned(long count, int exponent = 1)
    {
        FeatureQuantilesState state = new FeatureQuantiles(1).ExportState();
        return state with
        {
            Features =
            [
                state.Features[0] with
                {
                    Count = count,
                    WeightSum = 3 * Math.ScaleB(1, exponent),
                    Minimum = 1,
                    Maximum = 3,
                    IsExact = false,
                    Levels = [new() { Exponent = exponent, Values = [1, 2, 3] }],
                },
            ],
        };
    }

    // Two features: two rows under way, of weight 1 and 2; one sparse row of weight 0.5, that gave the second feature 7.
    private static FeatureQuantilesState Sound()
    {
        var quantiles = new FeatureQuantiles(2, 128);
        quantiles.AddRows<double>([1, 2, 3, 4], 2, [1, 2]);
        quantiles.AddSparse<double>([7], [1], weight: 0.5);
        return quantiles.ExportState();
    }

    private static FeatureQuantilesState First(
        FeatureQuantilesState state, Func<FeatureQuantilesState.SketchState, FeatureQuantilesState.SketchState> change) =>
        state with { Features = [change(state.Features[0]), state.Features[1]] };

    private static FeatureQuantilesState Second(
        FeatureQuantilesState state, Func<FeatureQuantilesState.SketchState, FeatureQuantilesState.SketchState> change) =>
        state with { Features = [state.Features[0], change(state.Features[1])] };

    private static FeatureQuantilesState.SketchLevelState Level(int exponent, params double[] values) => new() { Exponent = exponent, Values = values };

    private static readonly Dictionary<string, (Func<FeatureQuantilesState, FeatureQuantilesState> Change, string Message)> Damaged = new()
    {
        ["no features"] = (state => state with { Features = [] }, "there are no features"),
        ["too small"] = (state => state with { Size = 127 }, "their size is 127"),
        ["too large"] = (state => state with { Size = (1 << 24) + 1 }, "their size is 16777217"),
        ["half a row"] = (
            state => state with { Rows = [1, 2, 3] }, "3 values of rows under way make no rows of 2 features, less than 128 of them"),
        ["a whole block of rows under way"] = (
            state => state with { Rows = new double[256], RowWeights = [] }, "256 values of rows under way make no rows of 2 features, less than 128 of them"),
        ["a weight too few"] = (state => state with { RowWeights = [1] }, "2 rows under way have 1 weights"),
        ["a row of no weight"] = (state => state with { RowWeights = [1, 0] }, "a value weighs 0"),
        ["a row of infinite weight"] = (
            state => state with { RowWeights = [double.PositiveInfinity, 1] }, $"a value weighs {double.PositiveInfinity}"),
        ["less than no sparse rows"] = (state => state with { SparseRowCount = -1 }, "there are -1 sparse rows"),
        ["more sparse rows than are counted"] = (state => state with { SparseRowCount = LargestCount + 1 }, "there are 9007199254740993 sparse rows"),
        ["a sparse row of no weight"] = (state => state with { SparseWeight = 0 }, "1 sparse rows weigh 0"),
        ["a sparse row of infinite weight"] = (
            state => state with { SparseWeight = double.PositiveInfinity }, $"1 sparse rows weigh {double.PositiveInfinity}"),
        ["a weight of no sparse rows"] = (state => state with { SparseRowCount = 0 }, "0 sparse rows weigh 0.5"),
        ["a feature missing"] = (state => state with { Features = [state.Features[0], null!] }, "feature 1 is null"),
        ["a negative count"] = (state => First(state, it => it with { Count = -1 }), "feature 0 counts less than nothing, or too much"),
        ["a count too large"] = (state => First(state, it => it with { Count = LargestCount + 1 }), "feature 0 counts less than nothing, or too much"),
        ["a negative missing count"] = (state => Second(state, it => it with { MissingCount = -1 }), "feature 1 counts less than nothing, or too much"),
        ["a negative infinite count"] = (state => Second(state, it => it with { InfiniteCount = -1 }), "feature 1 counts less than nothing, or too much"),
        ["given by less than no sparse rows"] = (
            state => First(state, it => it with { GivenCount = -1 }), "-1 of 1 sparse rows are said to give feature 0"),
        ["given by more than all sparse rows"] = (
            state => Second(state, it => it with { GivenCount = 2 }), "2 of 1 sparse rows are said to give feature 1"),
        ["a negative given weight"] = (state => First(state, it => it with { GivenWeight = -1 }), "sparse rows that give feature 0 weigh -1"),
        ["an infinite given weight"] = (
            state => First(state, it => it with { GivenWeight = double.PositiveInfinity }), $"sparse rows that give feature 0 weigh {double.PositiveInfinity}"),
        ["a remainder larger than the weight"] = (
            state => state with { SparseWeightRemainder = -0.75 }, "sparse rows weigh 0.5, and -0.75 of rounding"),
        ["a remainder that is no number"] = (
            state => state with { SparseWeightRemainder = double.NaN }, "sparse rows weigh 0.5, and NaN of rounding"),
        ["a remainder of no given weight"] = (
            state => First(state, it => it with { GivenWeightRemainder = 0.25 }), "sparse rows that give feature 0 weigh 0, and 0.25 of rounding"),
        ["values of no weight"] = (state => Second(state, it => it with { WeightSum = 0 }), "feature 1 has 1 values that weigh 0"),
        ["values of infinite weight"] = (
            state => Second(state, it => it with { WeightSum = double.PositiveInfinity }), $"feature 1 has 1 values that weigh {double.PositiveInfinity}"),
        ["a weight of no values"] = (state => First(state, it => it with { WeightSum = 1 }), "feature 0 has 0 values that weigh 1"),
        ["a minimum that is no number"] = (state => First(state, it => it with { Minimum = double.NaN }), "feature 0 goes from NaN to 0"),
        ["an infinite minimum"] = (
            state => First(state, it => it with { Minimum = double.NegativeInfinity }), $"feature 0 goes from {double.NegativeInfinity} to 0"),
        ["an infinite maximum"] = (
            state => Second(state, it => it with { Maximum = double.PositiveInfinity }), $"feature 1 goes from 7 to {double.PositiveInfinity}"),
        ["a minimum above the maximum"] = (state => Second(state, it => it with { Minimum = 8 }), "feature 1 goes from 8 to 7"),
        ["a value without a weight"] = (state => Second(state, it => it with { Weights = [] }), "feature 1 has 1 values with 0 weights"),
        ["a value that weighs nothing"] = (state => Second(state, it => it with { Weights = [0] }), "a value weighs 0"),
        ["a value of negative weight"] = (state => Second(state, it => it with { Weights = [-0.5] }), "a value weighs -0.5"),
        ["a value beyond the range"] = (state => Second(state, it => it with { Values = [7.5] }), "feature 1 goes from 7 to 7 and has a value of 7.5"),
        ["a value below the range"] = (state => Second(state, it => it with { Values = [6.5] }), "feature 1 goes from 7 to 7 and has a value of 6.5"),
        ["a value of a level beyond the range"] = (
            state => Second(state, it => it with { Levels = [Level(0, 9)] }), "feature 1 goes from 7 to 7 and has a value of 9"),
        ["a value that is no number"] = (state => Second(state, it => it with { Values = [double.NaN] }), "feature 1 goes from 7 to 7 and has a value of NaN"),
        ["a level missing"] = (state => Second(state, it => it with { Levels = [null!] }), "the levels of feature 1 are out of order"),
        ["a level twice"] = (state => First(state, it => it with { Levels = [Level(0), Level(0)] }), "the levels of feature 0 are out of order"),
        ["a level beyond double"] = (state => First(state, it => it with { Levels = [Level(961)] }), "the levels of feature 0 are out of order"),
        ["a level below double"] = (state => First(state, it => it with { Levels = [Level(-961)] }), "the levels of feature 0 are out of order"),
        ["values that stand for others"] = (
            state => Second(state, it => it with { Values = [], Weights = [], Levels = [Level(1, 7)] }), "feature 1 is called exact, and has values for others"),
        ["more values than there is room for"] = (
            state => Second(state, it => it with { Count = 200, Levels = [Level(0, [.. Enumerable.Repeat(7.0, 128)])] }),
            "feature 1 keeps 129 values out of 200, and has room for 128"),
        ["more values than there were"] = (
            state => Second(state, it => it with { Levels = [Level(0, 7)] }), "feature 1 keeps 2 values out of 1, and has room for 128"),
        ["no value kept"] = (state => Second(state, it => it with { Values = [], Weights = [] }), "feature 1 has kept none of 1 values"),
        ["not all values kept"] = (state => Second(state, it => it with { Count = 2 }), "feature 1 is called exact, and has kept 1 of 2 values"),
    };
}
