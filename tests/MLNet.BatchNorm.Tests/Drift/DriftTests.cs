using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Drift;

public class DriftTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Mean_shift_and_variance_ratio_are_those_of_the_normalized_values()
    {
        // Running mean 2, variance 4; new mean 5, variance 9.
        var transformer = Fit(new() { Momentum = null, Epsilon = 0 }, [[0], [4]]);
        var feature = transformer.MeasureDrift(Rows.Of<double>(_context, [[2], [8]])).Features.Should().ContainSingle().Subject;

        feature.Mean.Should().Be(5);
        feature.PopulationVariance.Should().Be(9);
        feature.MeanShift.Should().Be(1.5);
        feature.VarianceRatio.Should().Be(2.25);
        feature.MissingShareThen.Should().Be(0);
        feature.MissingShareNow.Should().Be(0);
        (feature.ColumnName, feature.Feature, feature.FeatureName, feature.Count).Should().Be(("Features", 0, "0", 2L));
    }

    [Fact]
    public void The_same_distribution_is_stable()
    {
        var report = Fit(new(), Rows.Random(10_000, 5, seed: 1)).MeasureDrift(Rows.Of(_context, Rows.Random(5000, 5, seed: 100)));
        report.Verdict.Should().Be(DriftVerdict.Stable);
        report.RowCount.Should().Be(5000);
        report.Summary.Should().Be("No drift in 5 feature(s), 5000 row(s).");
        report.Features.Should().OnlyContain(feature => feature.Kinds == DriftKinds.None && feature.Message.EndsWith("no change beyond the thresholds."));
    }

    [Fact]
    public void Each_kind_of_drift_is_found_where_it_is()
    {
        double[][] now = Rows.Random(5000, 5, seed: 100);
        foreach (var (row, i) in now.Select((row, i) => (row, i)))
        {
            row[1] += 2; // one standard deviation of 2
            row[2] = 200 + ((row[2] - 200) * 2);
            row[3] = i % 5 == 0 ? double.NaN : row[3];
            row[4] = 400 + ((row[4] - 400) / 2) - 5;
        }
        var report = Fit(new(), Rows.Random(10_000, 5, seed: 1)).MeasureDrift(Rows.Of(_context, now));

        report.Verdict.Should().Be(DriftVerdict.Drifted);
        report.Features.Select(feature => feature.Kinds).Should().Equal(
            DriftKinds.None, DriftKinds.Mean, DriftKinds.Variance, DriftKinds.Missing, DriftKinds.Mean | DriftKinds.Variance);
        report.Drifted.Select(feature => feature.Feature).Should().Equal(1, 2, 3, 4);
        // Running statistics of about 19 batches of 256 rows, new ones of 5000 rows: standard errors of 0.02 and 3%.
        report.Features[1].MeanShift.Should().BeApproximately(1, 0.08);
        report.Features[2].VarianceRatio.Should().BeApproximately(4, 0.5);
        report.Features[3].MissingShareNow.Should().Be(0.2);
        report.Features[1].Message.Should().MatchRegex(@"^Column 'Features', slot 1: the mean has moved by \+\d\.?\d* running standard deviations\.$");
        report.ToString().Should().Contain("4 of 5 feature(s) have drifted from the running statistics, in 5000 row(s).")
            .And.Contain("Column 'Features', slot 3: 20.0 % of the values are missing, 0.0 % were.").And.Contain("Mean shift");
    }

    [Fact]
    public void A_few_rows_do_not_cry_wolf_but_say_that_they_are_few()
    {
        var transformer = Fit(new(), Rows.Random(10_000, 1, seed: 1));
        var report = transformer.MeasureDrift(Rows.Of<double>(_context, [[-0.5], [1.2]]));
        report.Verdict.Should().Be(DriftVerdict.TooFewValues);
        report.Summary.Should().Contain("2 row(s) are too few");
        report.Features[0].Message.Should().Be("Column 'Features', slot 0: 2 value(s) are too few to tell a change from chance.");
    }

    [Fact]
    public void A_few_rows_are_enough_where_the_change_is_large()
    {
        var transformer = Fit(new(), Rows.Random(10_000, 1, seed: 1));
        transformer.MeasureDrift(Rows.Of<double>(_context, [[9], [10], [11]])).Features[0].Kinds.Should().HaveFlag(DriftKinds.Mean);
    }

    [Fact]
    public void Thresholds_can_be_set()
    {
        var transformer = Fit(new(), Rows.Random(100_000, 1, seed: 1));
        var slightlyOff = Rows.Of(_context, [.. Rows.Random(100_000, 1, seed: 7).Select(row => new[] { row[0] + 0.15 })]);

        transformer.MeasureDrift(slightlyOff).Verdict.Should().Be(DriftVerdict.Stable);
        var strict = transformer.MeasureDrift(slightlyOff, new() { MeanShift = 0.05 });
        strict.Verdict.Should().Be(DriftVerdict.Drifted);
        strict.Thresholds.MeanShift.Should().Be(0.05);
    }

    [Fact]
    public void A_change_that_is_the_threshold_is_not_beyond_it()
    {
        // Running mean 2, variance 4; new mean 5, variance 9.
        var transformer = Fit(new() { Momentum = null, Epsilon = 0 }, [[0], [4]]);
        var now = Rows.Of<double>(_context, [[2], [8]]);
        DriftKinds Kinds(double shift, double ratio) =>
            transformer.MeasureDrift(now, new() { MeanShift = shift, VarianceRatio = ratio, StandardErrors = 0 }).Features[0].Kinds;

        Kinds(1.5, 2.25).Should().Be(DriftKinds.None);
        Kinds(1.49, 2.25).Should().Be(DriftKinds.Mean);
        Kinds(1.5, 2.24).Should().Be(DriftKinds.Variance);
    }

    [Fact]
    public void The_variance_of_a_fit_is_the_variance_then()
    {
        double[][] Rows(double size) => [.. Enumerable.Range(0, 1000).Select(i => new[] { i % 2 == 0 ? size : -size })];
        _context.Transforms.Standardize(Scaling.Rows.Column).Fit(Scaling.Rows.Of(_context, Rows(1))).MeasureDrift(Scaling.Rows.Of(_context, Rows(2)))
            .Features[0].Message.Should().Be("Column 'Features', slot 0: the variance is 4 times the variance then.");
    }

    [Theory]
    [InlineData(0, 2, 0.05, 3, nameof(DriftThresholds.MeanShift))]
    [InlineData(double.NaN, 2, 0.05, 3, nameof(DriftThresholds.MeanShift))]
    [InlineData(double.PositiveInfinity, 2, 0.05, 3, nameof(DriftThresholds.MeanShift))]
    [InlineData(0.25, 1, 0.05, 3, nameof(DriftThresholds.VarianceRatio))]
    [InlineData(0.25, double.PositiveInfinity, 0.05, 3, nameof(DriftThresholds.VarianceRatio))]
    [InlineData(0.25, 2, 0, 3, nameof(DriftThresholds.MissingShare))]
    [InlineData(0.25, 2, 1.1, 3, nameof(DriftThresholds.MissingShare))]
    [InlineData(0.25, 2, 0.05, -1, nameof(DriftThresholds.StandardErrors))]
    [InlineData(0.25, 2, 0.05, double.PositiveInfinity, nameof(DriftThresholds.StandardErrors))]
    public void Thresholds_out_of_range_are_refused(double shift, double ratio, double missing, double errors, string name)
    {
        var thresholds = new DriftThresholds { MeanShift = shift, VarianceRatio = ratio, MissingShare = missing, StandardErrors = errors };
        Fit(new(), [[0], [4]]).Invoking(t => t.MeasureDrift(Rows.Of<double>(_context, [[2]]), thresholds))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName(name).WithMessage("Expected a f*").Which.ActualValue
            .Should().Be(typeof(DriftThresholds).GetProperty(name)!.GetValue(thresholds));
    }

    [Fact]
    public void Thresholds_at_the_ends_of_their_ranges_are_taken()
    {
        var thresholds = new DriftThresholds { MeanShift = double.Epsilon, VarianceRatio = Math.BitIncrement(1), MissingShare = 1, StandardErrors = 0 };
        var feature = Fit(new(), Rows.Random(1000, 1, seed: 1)).MeasureDrift(Rows.Of(_context, Rows.Random(10, 1, seed: 2)), thresholds).Features[0];
        feature.Kinds.Should().Be(DriftKinds.Mean | DriftKinds.Variance, "chance is not considered");
        new DriftThresholds().Should().Be(new DriftThresholds { MeanShift = 0.25, VarianceRatio = 2, MissingShare = 0.05, StandardErrors = 3 });
    }

    [Fact]
    public void Columns_are_compared_each_with_its_own()
    {
        var then = _context.Data.LoadFromEnumerable(RandomData.Normal(1, 1000).Select((value, i) => new Person { Age = (float)(40 + (10 * value)), Height = 170 + (i % 7) }).ToArray());
        var now = _context.Data.LoadFromEnumerable(RandomData.Normal(2, 1000).Select((value, i) => new Person { Age = (float)(40 + (10 * value)), Height = 190 + (i % 7) }).ToArray());
        var report = _context.Transforms.BatchNormalize([new("A", nameof(Person.Age)), new("H", nameof(Person.Height))]).Fit(then).MeasureDrift(now);
        report.Features.Select(feature => (feature.ColumnName, feature.FeatureName, feature.Kinds)).Should().Equal(
            ("Age", "Age", DriftKinds.None), ("Height", "Height", DriftKinds.Mean));
        report.Features[1].Message.Should().MatchRegex(@"^Column 'Height': the mean has moved by \+\d+(\.\d+)? running standard deviations\.$");
        report.ToString().Should().Contain("1 of 2 feature(s)");
    }

    [Fact]
    public void Data_of_another_type_are_refused() =>
        Fit(new(), [[0], [4]]).Invoking(t => t.MeasureDrift(Rows.Of<float>(_context, [[2]]))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*'Features'*");

    [Fact]
    public void A_feature_without_any_value_now_has_drifted_by_its_missing_values()
    {
        var report = Fit(new(), Rows.Random(1000, 2, seed: 1))
            .MeasureDrift(Rows.Of(_context, [.. Rows.Random(1000, 2, seed: 2).Select(row => new[] { row[0], i(row[1]) })]));
        report.Features[1].Kinds.Should().Be(DriftKinds.Missing);
        report.Features[1].MeanShift.Should().Be(double.NaN);
        report.Features[1].MissingShareNow.Should().Be(1);
        report.Features[0].Verdict.Should().Be(DriftVerdict.Stable);

        // NaN and infinities alike are no values.
        static double i(double value) => value > 100 ? double.NaN : double.PositiveInfinity;
    }

    [Fact]
    public void A_constant_that_stays_has_not_drifted_and_one_that_moves_has()
    {
        var transformer = Fit(new() { Epsilon = 0 }, [.. Enumerable.Repeat(new[] { 5.0, 5 }, 1000)]);
        var report = transformer.MeasureDrift(Rows.Of<double>(_context, [.. Enumerable.Repeat(new[] { 5.0, 6 }, 1000)]));
        report.Features[0].Verdict.Should().Be(DriftVerdict.Stable);
        report.Features[0].VarianceRatio.Should().Be(1);
        report.Features[1].Kinds.Should().Be(DriftKinds.Mean);
        report.Features[1].MeanShift.Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void Channels_are_compared_as_channels()
    {
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: new() { ChannelAxis = 0 })
            .Fit(Rows.Of(_context, [.. Enumerable.Range(0, 500).Select(i => RandomData.Normal(i, 6))], null, 2, 3));
        var report = transformer.MeasureDrift(Rows.Of(
            _context, [.. Enumerable.Range(500, 500).Select(i => RandomData.Normal(i, 6).Select((value, slot) => slot < 3 ? value : value + 1).ToArray())], null, 2, 3));
        report.Features.Select(feature => feature.Verdict).Should().Equal(DriftVerdict.Stable, DriftVerdict.Drifted);
    }

    [Fact]
    public void Without_rows_there_is_nothing_to_compare()
    {
        _context.Transforms.BatchNormalize(Rows.Column).Fit(Rows.Of<float>(_context, [[1, 2], [3, 4]]))
            .Invoking(t => t.MeasureDrift(Rows.None(_context, 2))).Should().Throw<InvalidOperationException>().WithMessage("Column 'Features': the data have no rows*");
    }

    private BatchNormTransformer Fit(BatchNormOptions options, double[][] rows) =>
        _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of(_context, rows));

    private sealed class Person
    {
        public float Age { get; set; }

        public float Height { get; set; }
    }
}
