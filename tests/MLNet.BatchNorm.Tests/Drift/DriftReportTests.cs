using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Drift;

public class DriftReportTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void The_text_is_a_table_with_the_verdict_and_what_has_drifted_below()
    {
        // Mean 0, variance 1, and one value in five missing, over 1000 rows of one batch.
        var transformer = Fit(Values(1000, i => [i % 2 == 0 ? 1 : -1, i % 2 == 0 ? 1 : -1, i % 5 == 0 ? double.NaN : i % 2 == 0 ? 1 : -1]));
        var report = transformer.MeasureDrift(Rows.Of(_context, Values(1000, i => [i % 2 == 0 ? 1 : -1, i % 2 == 0 ? 4 : 1, i % 2 == 0 ? 1 : -1])));

        report.ToString().Should().Be(
            """
            Feature      Count  Mean shift  Variance ratio  Missing then  Missing now  Verdict
            Features[0]   1000           0               1             0            0   Stable
            Features[1]   1000         2.5            2.25             0            0  Drifted
            Features[2]   1000           0               1           0.2            0  Drifted
            2 of 3 feature(s) have drifted from the running statistics, in 1000 row(s).
            Column 'Features', slot 1: the mean has moved by +2.5 running standard deviations; the variance is 2.25 times the running variance.
            Column 'Features', slot 2: 0.0 % of the values are missing, 20.0 % were.

            """.ReplaceLineEndings("\n"));
        report.Drifted.Select(feature => feature.Feature).Should().Equal(1, 2);
        report.ToString(1).Should().Contain("Features[0]").And.NotContain("Features[1]").And.Contain("... and 2 more features")
            .And.Contain("2 of 3").And.Contain("slot 1").And.NotContain("slot 2");
        report.Invoking(r => r.ToString(-1)).Should().Throw<ArgumentOutOfRangeException>();
        report.ToString(0).Should().Contain("... and 3 more features").And.NotContain("slot");
    }

    [Fact]
    public void Wide_columns_are_cut_off_in_the_text()
    {
        double[][] rows = Rows.Random(100, 70, seed: 2);
        var report = Fit(rows).MeasureDrift(Rows.Of(_context, rows));
        report.Features.Should().HaveCount(70);
        report.ToString().Should().Contain("Features[49]").And.NotContain("Features[50]").And.Contain("... and 20 more features");
    }

    [Fact]
    public void A_mean_that_falls_is_told_so()
    {
        var report = Fit(Values(1000, i => [i % 2 == 0 ? 1 : -1])).MeasureDrift(Rows.Of(_context, Values(1000, i => [i % 2 == 0 ? -0.5 : -2.5])));
        report.Features[0].Message.Should().Be("Column 'Features', slot 0: the mean has moved by -1.5 running standard deviations.");
    }

    [Fact]
    public void The_verdict_is_that_of_the_worst_feature()
    {
        double[][] then = Rows.Random(1000, 2, seed: 2);
        var transformer = Fit([.. then.Select(row => new[] { row[0], row[1] })]);
        // Of the second feature, no more than two values.
        var some = transformer.MeasureDrift(Rows.Of(_context, then.Select((row, i) => new[] { row[0], i < 2 ? row[1] : double.NaN }).ToArray()), new() { MissingShare = 1 });
        some.Features.Select(feature => feature.Verdict).Should().Equal(DriftVerdict.Stable, DriftVerdict.TooFewValues);
        some.Verdict.Should().Be(DriftVerdict.TooFewValues);
        some.Summary.Should().Be("No drift found, but 1000 row(s) are too few to tell a drift of the thresholds' size from chance.");
        some.Drifted.Should().BeEmpty();

        var all = transformer.MeasureDrift(Rows.Of(_context, then.Select((row, i) => new[] { row[0] + 5, i < 2 ? row[1] : double.NaN }).ToArray()), new() { MissingShare = 1 });
        all.Verdict.Should().Be(DriftVerdict.Drifted);
        all.RowCount.Should().Be(1000);
    }

    [Fact]
    public void Infinite_values_are_missing_values_though_the_fit_would_refuse_them()
    {
        var transformer = Fit(Values(1000, i => [i % 2 == 0 ? 1 : -1]));
        var feature = transformer.MeasureDrift(Rows.Of(_context, Values(1000, i => [i % 10 == 0 ? double.PositiveInfinity : i % 2 == 0 ? 1 : -1]))).Features[0];
        feature.Kinds.Should().Be(DriftKinds.Missing);
        (feature.Count, feature.MissingShareNow, feature.MissingShareThen).Should().Be((900, 0.1, 0));
    }

    [Theory]
    // Means of 0.25 deviations and variances of a factor of 2, up or down, are within the thresholds; a little more is not.
    [InlineData(0.2499, 1, DriftKinds.None)]
    [InlineData(-0.2499, 1, DriftKinds.None)]
    [InlineData(0.2501, 1, DriftKinds.Mean)]
    [InlineData(-0.2501, 1, DriftKinds.Mean)]
    [InlineData(0, 1.4141, DriftKinds.None)]
    [InlineData(0, 1.4143, DriftKinds.Variance)]
    [InlineData(0, 0.7072, DriftKinds.None)]
    [InlineData(0, 0.7070, DriftKinds.Variance)]
    public void A_change_counts_from_the_threshold_on(double shift, double deviation, DriftKinds kinds)
    {
        var transformer = Fit(Values(1000, i => [i % 2 == 0 ? 1 : -1]));
        transformer.MeasureDrift(Rows.Of(_context, Values(1000, i => [shift + (i % 2 == 0 ? deviation : -deviation)]))).Features[0].Kinds.Should().Be(kinds);
    }

    [Theory]
    [InlineData(150, DriftKinds.None)] // 15% and 5% are within five points of 10%, and 15.1% is not
    [InlineData(151, DriftKinds.Missing)]
    [InlineData(50, DriftKinds.None)]
    [InlineData(49, DriftKinds.Missing)]
    public void A_missing_share_counts_from_the_threshold_on(int missing, DriftKinds kinds)
    {
        var transformer = Fit(Values(1000, i => [i < 100 ? double.NaN : i % 2 == 0 ? 1 : -1]));
        transformer.MeasureDrift(Rows.Of(_context, Values(1000, i => [i < missing ? double.NaN : i % 2 == 0 ? 1 : -1]))).Features[0].Kinds.Should().Be(kinds);
    }

    [Fact]
    public void One_missing_value_in_five_rows_is_no_drift_and_neither_is_one_row_without_any()
    {
        var transformer = Fit(Rows.Random(20_000, 1, seed: 1));
        double[][] five = Rows.Random(5, 1, seed: 9);
        five[3][0] = double.NaN;
        transformer.MeasureDrift(Rows.Of(_context, five)).Verdict.Should().Be(DriftVerdict.TooFewValues);
        var one = transformer.MeasureDrift(Rows.Of<double>(_context, [[double.NaN]]));
        one.Verdict.Should().Be(DriftVerdict.TooFewValues);
        one.Features[0].MissingShareNow.Should().Be(1);
    }

    [Fact]
    public void Of_one_row_of_the_same_distribution_nothing_is_said()
    {
        var transformer = Fit(Rows.Random(20_000, 1, seed: 1));
        foreach (double value in RandomData.Normal(7, 200))
        {
            transformer.MeasureDrift(Rows.Of<double>(_context, [[value]])).Verdict.Should().Be(DriftVerdict.TooFewValues);
        }
        // A value eight deviations off is one that never was.
        transformer.MeasureDrift(Rows.Of<double>(_context, [[9]])).Features[0].Kinds.Should().Be(DriftKinds.Mean);
    }

    [Fact]
    public void Stable_takes_enough_values_for_each_of_the_three()
    {
        // Values reach one deviation: chance is a shift of 0.25 of 144 values, a variance of half of 53, of twice of 26; 2 of 20 missing.
        var transformer = Fit(Values(10_000, i => [i % 2 == 0 ? 1 : -1]));
        DriftVerdict Verdict(int count, DriftThresholds thresholds) =>
            transformer.MeasureDrift(Rows.Of(_context, Values(count, i => [i % 2 == 0 ? 1 : -1])), thresholds).Verdict;
        var wide = new DriftThresholds { MeanShift = 10, VarianceRatio = 1e9, MissingShare = 1 };

        Verdict(160, new()).Should().Be(DriftVerdict.Stable);
        Verdict(140, new()).Should().Be(DriftVerdict.TooFewValues);
        Verdict(160, wide with { MeanShift = 0.25 }).Should().Be(DriftVerdict.Stable);
        Verdict(140, wide with { MeanShift = 0.25 }).Should().Be(DriftVerdict.TooFewValues);
        Verdict(90, wide with { VarianceRatio = 2 }).Should().Be(DriftVerdict.Stable);
        Verdict(40, wide with { VarianceRatio = 2 }).Should().Be(DriftVerdict.TooFewValues);
        Verdict(20, wide with { MissingShare = 0.05 }).Should().Be(DriftVerdict.Stable);
        Verdict(18, wide with { MissingShare = 0.05 }).Should().Be(DriftVerdict.TooFewValues);
    }

    private static double[][] Values(int count, Func<int, double[]> row) => [.. Enumerable.Range(0, count).Select(row)];

    private BatchNormTransformer Fit(double[][] rows) =>
        _context.Transforms.BatchNormalize(Rows.Column, options: new() { Momentum = null, BatchSize = 1000 }).Fit(Rows.Of(_context, rows));
}
