namespace MLNet.BatchNorm.Tests.Statistics;

public class ScalingWarningsTests
{
    private static readonly FeatureStatistics Good = new() { Count = 10, Mean = 1, PopulationVariance = 4, Minimum = -3, Maximum = 5 };

    [Fact]
    public void A_feature_of_infinities_alone_has_no_value()
    {
        var warnings = ScalingWarnings.Of([Row(0, new FeatureStatistics { InfiniteCount = 3 }), Row(1, Good)]);

        warnings.Select(warning => warning.Kind).Should().Equal(ScalingWarningKind.InfiniteValues, ScalingWarningKind.EmptyFeature);
        warnings[1].Message.Should().Be("Column 'X': 1 of 2 slots (s0) have no value in any row: nothing to scale by, so it is left as it is.");
    }

    [Theory]
    [InlineData(1, "Column 'X': 1 of 9 slots (s0) have missing values (NaN), *")]
    [InlineData(5, "Column 'X': 5 of 9 slots (s0, s1, s2, s3, s4) have missing values (NaN), *")]
    [InlineData(6, "Column 'X': 6 of 9 slots (s0, s1, s2, s3, s4 and 1 more) have missing values (NaN), *")]
    [InlineData(9, "Column 'X': 9 of 9 slots (s0, s1, s2, s3, s4 and 4 more) have missing values (NaN), *")]
    public void Five_slots_are_named_and_the_others_counted(int count, string message)
    {
        var warnings = ScalingWarnings.Of(
            [.. Enumerable.Range(0, 9).Select(slot => Row(slot, slot < count ? Good with { MissingCount = 1 } : Good))]);

        warnings.Should().ContainSingle().Which.Message.Should().Match(message);
    }

    [Theory]
    [InlineData(4e6, true)] // 2000 to 2
    [InlineData(3.99e6, false)]
    public void Spreads_a_thousand_times_apart_are_worth_a_warning(double variance, bool isWarned)
    {
        var warnings = ScalingWarnings.Of([Row(0, Good), Row(1, Good with { PopulationVariance = variance })]);

        warnings.Select(warning => warning.Kind).Should().Equal(isWarned ? [ScalingWarningKind.SpreadRatio] : []);
        warnings.Select(warning => warning.Message).Should().Equal(
            isWarned
                ? ["The standard deviations differ by a factor of 1E+03: from 2 ('X'[s0]) to 2E+03 ('X'[s1]). Train on the scaled output, not on the input."]
                : []);
    }

    [Fact]
    public void A_feature_without_a_variance_has_no_part_in_the_ratio()
    {
        var warnings = ScalingWarnings.Of([Row(0, Good), Row(1, Good with { PopulationVariance = 0 }), Row(2, Good with { PopulationVariance = 9 })]);

        warnings.Should().BeEmpty();
    }

    [Fact]
    public void A_column_of_one_slot_is_named_once()
    {
        ReportTable.Feature("Age", "Age").Should().Be("Age");
        ReportTable.Feature("Age", "0").Should().Be("Age[0]");
    }

    private static ScalingReportRow Row(int slot, FeatureStatistics statistics) => new("X", slot, $"s{slot}", statistics, 1, 0);
}
