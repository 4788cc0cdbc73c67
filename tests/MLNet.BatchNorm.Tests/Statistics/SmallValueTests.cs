using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>Values whose squares no double holds have a deviation all the same.</summary>
public class SmallValueTests
{
    // Of 1, 2, 3, 4.
    private const double Deviation = 1.118033988749895;

    private static readonly MLContext Context = new(seed: 1);

    public static TheoryData<double> Units => [1e-100, 1e-150, 1e-170, 1e-200, 1e-300, 1e-307];

    [Theory]
    [MemberData(nameof(Units))]
    public void The_deviation_is_right_in_any_unit(double unit)
    {
        double[] values = [unit, 2 * unit, 3 * unit, 4 * unit];
        foreach ((string way, FeatureMoments moments) in Ways(values))
        {
            moments.PopulationStandardDeviation[0].Should().BeApproximately(Deviation * unit, 1e-14 * unit, way);
            double count = moments.Count[0];
            moments.SampleStandardDeviation[0].Should().BeApproximately(Deviation * unit * Math.Sqrt(count / (count - 1)), 1e-14 * unit, way);
            moments.IsConstant(0).Should().BeFalse(way);
            moments.Count[0].Should().Be(way == "arrays" ? 36 : 4, way);
        }
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void They_are_standardized_and_saved(double unit)
    {
        double[] values = [unit, 2 * unit, 3 * unit, 4 * unit];
        foreach ((string way, double[] found) in FiveWays.Run(Context, data => Context.Transforms.Standardize("X").Fit(data), values, values))
        {
            found.ShouldBeClose([-1.5 / Deviation, -0.5 / Deviation, 0.5 / Deviation, 1.5 / Deviation], 1e-13, because: way);
        }
    }

    [Fact]
    public void Zeros_before_and_between_count()
    {
        double[] values = [0, 0, 1e-170, 0, 3e-170];
        foreach ((string way, FeatureMoments moments) in Ways(values))
        {
            // Mean 0.8e-170; squared deviations 3 * 0.64 + 0.04 + 4.84 = 6.8.
            moments.PopulationStandardDeviation[0].Should().BeApproximately(1e-170 * Math.Sqrt(6.8 / 5), 1e-183, way);
        }
    }

    [Theory]
    [InlineData(0, 0, 1e-170)]
    [InlineData(1e-170, 0, 0)]
    [InlineData(0, 1e-170, 0)]
    [InlineData(0, 0, -1e-170)]
    [InlineData(-1e-170, 0, 0)]
    public void One_small_value_among_zeros_is_all_there_is(double first, double second, double third)
    {
        foreach ((string way, FeatureMoments moments) in Ways([first, second, third]))
        {
            // 1, 0, 0: mean 1/3, variance 2/9.
            moments.PopulationStandardDeviation[0].Should().BeApproximately(1e-170 * Math.Sqrt(2) / 3, 1e-184, way);
        }
    }

    [Fact]
    public void Negative_values_are_as_small_as_positive_ones()
    {
        foreach ((string way, FeatureMoments moments) in Ways([-1e-170, -2e-170, -3e-170, -4e-170]))
        {
            moments.PopulationStandardDeviation[0].Should().BeApproximately(Deviation * 1e-170, 1e-184, way);
        }

        foreach ((string way, FeatureMoments moments) in Ways([1e-170, -3, 1e-170, 2e-170]))
        {
            moments.PopulationStandardDeviation.ShouldBeClose([Math.Sqrt(27.0 / 16)], 1e-15, because: way);
        }
    }

    [Fact]
    public void Two_small_features_are_both_restored()
    {
        var moments = new FeatureMoments(2);
        moments.AddRows<double>([1e-170, 2e-180, 3e-170, 6e-180], 2);

        FeatureMoments restored = FeatureMoments.FromState(moments.ExportState());

        restored.PopulationStandardDeviation.ShouldBeClose([1e-170, 2e-180], 1e-14);
        restored.AddRows<double>([1e-170, 2e-180, 3e-170, 6e-180], 2);
        restored.PopulationStandardDeviation.ShouldBeClose([1e-170, 2e-180], 1e-14);
    }

    [Fact]
    public void Small_values_are_found_after_a_batch_of_large_ones_was_forgotten()
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([1, 2, 3, 4], 4);
        moments.Reset();
        moments.AddRows<double>([1e-170, 2e-170, 3e-170, 4e-170], 4);

        moments.PopulationStandardDeviation[0].Should().BeApproximately(Deviation * 1e-170, 1e-184);
    }

    [Fact]
    public void One_large_value_makes_the_others_what_they_are_beside_it()
    {
        double[] values = [1e-170, 2e-170, 3, 1e-170];
        foreach ((string way, FeatureMoments moments) in Ways(values))
        {
            moments.PopulationVariance.ShouldBeClose([9 * 3.0 / 16], 1e-15, because: way);
            moments.PopulationStandardDeviation.ShouldBeClose([Math.Sqrt(27.0 / 16)], 1e-15, because: way);
        }
    }

    [Fact]
    public void Large_features_beside_small_ones_are_not_touched()
    {
        double[] rows = [1e-170, 5, 2e-170, 7, 3e-170, 9, 4e-170, 11];
        var moments = new FeatureMoments(2);
        moments.AddRows<double>(rows, 4);
        var alone = new FeatureMoments(1);
        alone.AddRows<double>([5, 7, 9, 11], 4);

        moments.PopulationVariance[1].Should().Be(alone.PopulationVariance[0]);
        moments.Merge(moments);
        moments.PopulationStandardDeviation[0].Should().BeApproximately(Deviation * 1e-170, 1e-184);
        moments.Reset();
        moments.AddRows<double>([1, 2, 3, 4], 2);
        moments.PopulationStandardDeviation.Should().Equal(1, 1);
    }

    [Fact]
    public void As_bytes_they_keep_what_a_variance_holds_of_them_and_go_on()
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([1e-150, 2e-150], 2);
        var restored = FeatureMoments.FromBytes(moments.ToBytes());
        restored.PopulationVariance.ShouldBeClose([0.25e-300], 1e-14);
        restored.AddRows<double>([3e-150, 4e-150], 2);
        restored.PopulationStandardDeviation.ShouldBeClose([Deviation * 1e-150], 1e-14);
        FeatureMoments.FromState(restored.ExportState()).PopulationVariance.ShouldBeClose([1.25e-300], 1e-13);

        var tiny = new FeatureMoments(1);
        tiny.AddRows<double>([1e-170, 2e-170], 2);
        FeatureMoments.FromBytes(tiny.ToBytes()).IsConstant(0).Should().BeTrue("its variance, 2.5e-341, is no double");
    }

    [Fact]
    public void Channels_of_small_values_are_measured()
    {
        var moments = new FeatureMoments(4);
        moments.AddRows<double>([1e-170, 2e-170, 1, 2, 3e-170, 4e-170, 3, 4], 2);
        var channels = moments.CollapseToChannels([2, 2], 0);

        channels.PopulationStandardDeviation[0].Should().BeApproximately(Deviation * 1e-170, 1e-184);
        channels.PopulationStandardDeviation[1].Should().BeApproximately(Deviation, 1e-14);
    }

    [Fact]
    public void A_weight_of_1_is_not_lost_beside_one_of_1e16()
    {
        var moments = new FeatureMoments(1);
        moments.AddSparse<double>([double.NaN], [0], weight: 1e16);
        moments.AddSparse<double>([], [], weight: 1);
        var restored = FeatureMoments.FromState(moments.ExportState());
        var merged = moments.Clone();
        merged.Merge(restored);

        foreach (var found in new[] { moments, restored })
        {
            found.Count.Should().Equal(1);
            found.WeightSum.Should().Equal(1);
            found.Mean.Should().Equal(0);
            found.PopulationVariance.Should().Equal(0);
        }

        merged.WeightSum.Should().Equal(2);
    }

    [Fact]
    public void What_a_feature_was_given_beside_a_weight_of_1e16_is_not_taken_for_zeros()
    {
        // Weights 1e16 and 1 give feature 0 a 3, weight 2 leaves it 0; feature 1 is left out by all.
        var moments = new FeatureMoments(2);
        moments.AddSparse<double>([3], [0], weight: 1e16);
        moments.AddSparse<double>([3], [0], weight: 1);
        moments.AddSparse<double>([], [], weight: 2);
        var restored = FeatureMoments.FromState(moments.ExportState());
        var merged = moments.Clone();
        merged.Merge(restored);

        moments.Total(0).Weight.Should().Be(1e16 + 2);
        ZeroWeight(moments).Should().Be(2);
        ZeroWeight(restored).Should().Be(2);
        ZeroWeight(merged).Should().Be(4);
        moments.Reset();
        moments.AddSparse<double>([], [], weight: 2);
        ZeroWeight(moments).Should().Be(2);

        // The values of feature 0 are 3 or 0: of mean m and weight W, the zeros weigh W (3 - m) / 3; too little beside 1e16, and told by the tally alone.
        static double ZeroWeight(FeatureMoments moments)
        {
            FeatureMomentsState state = moments.ExportState();
            var tally = new SparseTally(2) { RowCount = state.SparseRowCount, WeightSum = state.SparseWeightSum };
            state.SparseGivenCount.CopyTo(tally.GivenCount, 0);
            state.SparseGivenWeight.CopyTo(tally.GivenWeight, 0);
            tally.Restore(state.SparseWeightRemainders);
            return tally.Zeros(0).Weight;
        }
    }

    [Fact]
    public void Weights_that_are_no_double_together_are_infinite()
    {
        var moments = new FeatureMoments(1);
        moments.AddSparse<double>([], [], weight: 1.7e308);
        moments.AddSparse<double>([], [], weight: 1.7e308);

        moments.WeightSum.Should().Equal(double.PositiveInfinity);
    }

    private static IEnumerable<(string, FeatureMoments)> Ways(double[] values)
    {
        var rows = new FeatureMoments(1);
        rows.AddRows<double>(values, values.Length);
        yield return ("rows", rows);

        var single = new FeatureMoments(1);
        var sparse = new FeatureMoments(1);
        var merged = new FeatureMoments(1);
        foreach (double value in values)
        {
            single.Add<double>([value]);
            sparse.AddSparse<double>(value == 0 ? [] : [value], value == 0 ? [] : [0]);
            var one = new FeatureMoments(1);
            one.Add<double>([value]);
            merged.Merge(one);
        }

        yield return ("one by one", single);
        yield return ("sparse", sparse);
        yield return ("merged", merged);

        var first = new FeatureMoments(1);
        first.AddRows<double>(values.AsSpan(0, 2), 2);
        var restored = FeatureMoments.FromState(first.ExportState());
        restored.AddRows<double>(values.AsSpan(2), values.Length - 2);
        yield return ("restored", restored);

        var wide = new FeatureMoments(9);
        double[][] arrays = [.. values.Select(value => Enumerable.Repeat(value, 9).ToArray())];
        wide.AddRows<double>(arrays, default);
        yield return ("arrays", wide.CollapseToChannels([1, 9], 0));

        yield return ("cloned", rows.Clone());
    }
}
