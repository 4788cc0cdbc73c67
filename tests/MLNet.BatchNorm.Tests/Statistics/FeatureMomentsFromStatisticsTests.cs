using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

public sealed class FeatureMomentsFromStatisticsTests
{
    private static readonly FeatureStatistics Good = new() { Count = 4, Mean = 2.5, PopulationVariance = 1.25, Minimum = 1, Maximum = 4 };

    [Fact]
    public void What_was_counted_elsewhere_is_what_the_rows_give()
    {
        var rows = new FeatureMoments(1);
        rows.AddRows<double>([1, 2, 3, 4, double.NaN, double.PositiveInfinity], 6);

        var given = FeatureMoments.FromStatistics([Good with { MissingCount = 1, InfiniteCount = 1 }]);

        given.Statistics.Should().Equal(rows.Statistics);
        given.RowCount.Should().Be(6);
        given.FirstInfinity.Should().BeNull();
        given.SampleVariance.Should().Equal(5.0 / 3);
    }

    [Fact]
    public void Rows_can_be_added_and_moments_merged()
    {
        var moments = FeatureMoments.FromStatistics([Good]);
        moments.Add<double>([10]);
        var other = new FeatureMoments(1);
        other.Add<double>([-5]);
        moments.Merge(other);

        // 1, 2, 3, 4, 10, -5: mean 15 / 6, sum of squares 155.
        moments.Mean[0].Should().BeApproximately(2.5, 1e-15);
        moments.PopulationVariance[0].Should().BeApproximately((155 / 6.0) - (2.5 * 2.5), 1e-14);
        moments.Minimum.Should().Equal(-5);
        moments.Maximum.Should().Equal(10);
        moments.RowCount.Should().Be(6);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1e9, 1e-3)]
    [InlineData(-1e12, 1)]
    public void Parts_that_traveled_as_statistics_merge_to_the_whole(double mean, double deviation)
    {
        double[] values = RandomData.Normal(31, 12_000, mean, deviation);
        var whole = new FeatureMoments(1);
        whole.AddRows<double>(values, values.Length);

        var merged = new FeatureMoments(1);
        foreach (double[] part in values.Chunk(700))
        {
            var moments = new FeatureMoments(1);
            moments.AddRows<double>(part, part.Length);
            merged.Merge(FeatureMoments.FromStatistics(moments.Statistics));
        }

        merged.Mean.ShouldBeClose(whole.Mean, 1e-15, deviation);
        merged.PopulationVariance.ShouldBeClose(whole.PopulationVariance, 1e-12);
        merged.Count.Should().Equal(12_000);
    }

    [Fact]
    public void The_remainder_is_what_the_rounded_mean_lacks()
    {
        // The mean of 2^53 and 2^53 + 2 is 2^53 + 1, halfway between two doubles.
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([9007199254740992, 9007199254740994], 2);

        FeatureStatistics statistics = moments.Statistics[0];

        (statistics.Mean - 9007199254740992 + statistics.MeanRemainder).Should().Be(1);
        statistics.MeanRemainder.Should().NotBe(0);
    }

    [Fact]
    public void A_feature_without_a_value_has_counts_alone()
    {
        var moments = FeatureMoments.FromStatistics([new FeatureStatistics { MissingCount = 3, Mean = double.NaN, Minimum = double.NaN }, Good], rowCount: 5);

        moments.Mean[0].Should().Be(double.NaN);
        moments.MissingCount.Should().Equal(3, 0);
        moments.RowCount.Should().Be(5);
        moments.IsConstant(0).Should().BeTrue();
    }

    [Fact]
    public void Without_weights_each_value_weighs_one_and_with_them_their_sum_counts()
    {
        FeatureMoments.FromStatistics([Good]).WeightSum.Should().Equal(4);
        FeatureMoments.FromStatistics([Good with { WeightSum = 2.5 }]).SampleVariance.Should().Equal(1.25 * 2.5 / 1.5);
    }

    [Fact]
    public void A_constant_is_found_to_be_one()
    {
        FeatureMoments.FromStatistics([new FeatureStatistics { Count = 9, Mean = 7, Minimum = 7, Maximum = 7 }]).IsConstant(0).Should().BeTrue();
        FeatureMoments.FromStatistics([Good with { IsConstant = true }]).IsConstant(0).Should().BeFalse("what the values say counts");
    }

    public static TheoryData<string> Contradictions => [.. Contradicting.Keys];

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Statistics_that_contradict_themselves_are_refused(string fault)
    {
        var (change, message) = Contradicting[fault];

        FluentActions.Invoking(() => FeatureMoments.FromStatistics([Good, change(Good)])).Should().Throw<ArgumentException>()
            .WithMessage($"*feature 1*{message}*");
    }

    [Fact]
    public void The_largest_variance_that_two_values_can_have_is_believed()
    {
        var zerosAndOnes = new FeatureStatistics { Count = 3, Mean = 1 / 3.0, PopulationVariance = 2 / 9.0, Minimum = 0, Maximum = 1 };

        FeatureMoments.FromStatistics([zerosAndOnes]).PopulationVariance[0].Should().BeApproximately(2 / 9.0, 1e-16);
    }

    [Fact]
    public void No_features_and_too_few_rows_are_refused()
    {
        FluentActions.Invoking(() => FeatureMoments.FromStatistics([])).Should().Throw<ArgumentException>().WithMessage("*at least one feature*");
        FluentActions.Invoking(() => FeatureMoments.FromStatistics([Good], rowCount: 0)).Should().Throw<ArgumentException>().WithMessage("*there are no rows*");
        FluentActions.Invoking(() => FeatureMoments.FromStatistics([Good], rowCount: -1)).Should().Throw<ArgumentException>().WithMessage("*row count is -1*");
    }

    [Fact]
    public void A_feature_without_a_value_takes_the_range_of_its_first_ones()
    {
        var moments = FeatureMoments.FromStatistics([new FeatureStatistics { MissingCount = 1 }, Good]);
        moments.Add<double>([5, 3]);

        moments.Minimum.Should().Equal(5, 1);
        moments.Maximum.Should().Equal(5, 4);
    }

    [Fact]
    public void Nothing_counted_in_no_rows_is_nothing()
    {
        var moments = FeatureMoments.FromStatistics([default, default]);

        moments.RowCount.Should().Be(0);
        moments.Count.Should().Equal(0, 0);
    }

    [Fact]
    public void Counts_up_to_2_to_the_53_are_believed()
    {
        const long Largest = 1L << 53;
        var moments = FeatureMoments.FromStatistics([Good with { Count = Largest, MissingCount = Largest, InfiniteCount = Largest }], rowCount: Largest);

        moments.RowCount.Should().Be(Largest);
        moments.Count.Should().Equal(Largest);
        moments.MissingCount.Should().Equal(Largest);
        moments.InfiniteCount.Should().Equal(Largest);
        FluentActions.Invoking(() => FeatureMoments.FromStatistics([Good], rowCount: Largest + 1)).Should().Throw<ArgumentException>()
            .WithMessage("*the row count is 9007199254740993*");
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 0, 1)]
    public void Values_of_any_kind_need_rows(long count, long missingCount, long infiniteCount)
    {
        FeatureStatistics statistics = Good with { Count = count, MissingCount = missingCount, InfiniteCount = infiniteCount };

        FluentActions.Invoking(() => FeatureMoments.FromStatistics([statistics], rowCount: 0)).Should().Throw<ArgumentException>()
            .WithMessage("The statistics cannot be right: feature 0: it has values, and there are no rows.*");
    }

    [Fact]
    public void A_row_has_no_more_values_than_an_array()
    {
        FeatureMoments.FromStatistics([Good with { Count = 2L * int.MaxValue }], rowCount: 2).Count.Should().Equal(2L * int.MaxValue);
        FluentActions.Invoking(() => FeatureMoments.FromStatistics([Good with { Count = 1L << 53 }], rowCount: 1)).Should().Throw<ArgumentException>()
            .WithMessage("*feature 0: it has 9007199254740992 values in 1 row(s), which have at most 2147483647 each.*");
        FluentActions.Invoking(() => FeatureMoments.FromStatistics([Good with { MissingCount = (2L * int.MaxValue) - 3 }], rowCount: 2))
            .Should().Throw<ArgumentException>().WithMessage("*values in 2 row(s)*");
    }

    [Fact]
    public void A_sample_variance_is_compared_over_the_weight_that_counts()
    {
        FeatureMoments.FromStatistics([Good with { SampleVariance = 5.0 / 3 }]).WeightSum.Should().Equal(4);
        FeatureMoments.FromStatistics([Good with { WeightSum = 2.5, SampleVariance = 1.25 * 2.5 / 1.5 }]).WeightSum.Should().Equal(2.5);
        FluentActions.Invoking(() => FeatureMoments.FromStatistics([Good with { WeightSum = 2.5, SampleVariance = 5.0 / 3 }]))
            .Should().Throw<ArgumentException>().WithMessage("*over the weight 2.5 is a population variance of 1*, and 1.25 is given*");
    }

    [Fact]
    public void Overflowed_moments_have_no_remainder()
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([1.7e308, -1.7e308], 2);

        moments.Statistics[0].MeanRemainder.Should().Be(0);
        FeatureMoments.FromStatistics([Good]).Statistics[0].MeanRemainder.Should().Be(0);
    }

    [Fact]
    public void Null_is_refused() =>
        FluentActions.Invoking(() => FeatureMoments.FromStatistics(null!)).Should().Throw<ArgumentNullException>().WithParameterName("statistics");

    private static readonly Dictionary<string, (Func<FeatureStatistics, FeatureStatistics> Change, string Message)> Contradicting = new()
    {
        ["negative count"] = (good => good with { Count = -1 }, "no counts"),
        ["negative missing count"] = (good => good with { MissingCount = -1 }, "no counts"),
        ["count beyond double"] = (good => good with { Count = long.MaxValue }, "no counts"),
        ["negative weight"] = (good => good with { WeightSum = -1 }, "weight of 4 value(s) is -1"),
        ["weight NaN"] = (good => good with { WeightSum = double.NaN }, "weight"),
        ["negative variance"] = (good => good with { PopulationVariance = -1e-9 }, "variance is -1E-09"),
        ["variance NaN"] = (good => good with { PopulationVariance = double.NaN }, "variance"),
        ["variance infinite"] = (good => good with { PopulationVariance = double.PositiveInfinity }, "variance"),
        ["a deviation for a variance"] = (good => good with { Mean = 25, Minimum = 20, Maximum = 30, PopulationVariance = 30 },
            "the variance is 30, and values from 20 to 30 with mean 25 have one of at most 25"),
        ["mean below the minimum"] = (good => good with { Mean = 0.9 }, "mean is 0.9"),
        ["mean above the maximum"] = (good => good with { Mean = 4.1 }, "mean is 4.1"),
        ["mean above the maximum of a narrow range"] = (good => good with { Mean = 1.0012, Maximum = 1.001 }, "mean is 1.0012"),
        ["mean NaN"] = (good => good with { Mean = double.NaN }, "mean is NaN"),
        ["remainder too large"] = (good => good with { MeanRemainder = 0.5 }, "remainder"),
        ["minimum above the maximum"] = (good => good with { Minimum = 5 }, "lie from 5 to 4"),
        ["maximum infinite"] = (good => good with { Maximum = double.PositiveInfinity }, "lie from 1 to"),
        ["variances a percent apart"] = (good => good with { PopulationVariance = 1e-4, SampleVariance = 1.01e-4 * 4 / 3 }, "0.0001 is given"),
        ["sample variance of other data"] = (good => good with { SampleVariance = 1.25 }, "sample variance of 1.25"),
    };
}
