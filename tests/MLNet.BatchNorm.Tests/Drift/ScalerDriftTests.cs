using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Drift;

/// <summary>Drift against the data of a fit, of every kind of scaler, and in the shape of distributions where quantiles are kept.</summary>
public class ScalerDriftTests
{
    private const DriftKinds ShapeKinds = DriftKinds.PopulationStability | DriftKinds.KolmogorovSmirnov | DriftKinds.Wasserstein;

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Scalers => ["standardize", "min-max", "robust", "max-abs", "batch"];

    [Theory]
    [MemberData(nameof(Scalers))]
    public void Every_scaler_finds_what_has_moved_and_nothing_else(string scaler)
    {
        var measure = Fit(scaler, Rows.Random(5000, 3, seed: 1));
        measure(Rows.Of(_context, Rows.Random(5000, 3, seed: 10))).Verdict.Should().Be(DriftVerdict.Stable);

        double[][] moved = Rows.Random(5000, 3, seed: 20);
        Array.ForEach(moved, row => row[1] += 2);
        var report = measure(Rows.Of(_context, moved));
        report.Drifted.Should().ContainSingle().Which.Feature.Should().Be(1);
        report.Features[1].Kinds.Should().HaveFlag(DriftKinds.Mean);
        // The second column has the deviation 2.
        report.Features[1].MeanShift.Should().BeApproximately(1, 0.05);
        report.Features[1].Message.Should().StartWith(scaler == "batch"
            ? "Column 'Features', slot 1: the mean has moved by +"
            : "Column 'Features', slot 1: the mean has moved by +0.99 standard deviations; the distribution has another shape: population stability index ");
        report.Summary.Should().Be(scaler == "batch"
            ? "1 of 3 feature(s) have drifted from the running statistics, in 5000 row(s)."
            : "1 of 3 feature(s) have drifted from the data of the fit, in 5000 row(s).");
    }

    [Theory]
    [MemberData(nameof(Scalers))]
    public void A_change_of_shape_is_found_that_mean_and_variance_do_not_have(string scaler)
    {
        // Normal then; plus or minus one now: the same mean and variance.
        var measure = Fit(scaler, [.. RandomData.Normal(1, 5000).Select(value => new[] { value })]);
        var report = measure(Rows.Of(_context, [.. Enumerable.Range(0, 2000).Select(i => new[] { i % 2 == 0 ? 1.0 : -1 })]));

        report.Features[0].Kinds.Should().Be(ShapeKinds);
        var shape = report.Features[0].Shape!;
        // The largest difference of the distribution functions is at -1 and 1: a half less the normal share of 0.1587.
        shape.KolmogorovSmirnov.Value.Should().BeApproximately(0.3413, 0.02);
        // The area: 4 (phi(1) - phi(0) / 2 ... ) by integration, 0.4840 of a deviation, in 1.349 of those.
        shape.Wasserstein.Value.Should().BeApproximately(Area() / 1.349, 0.02);
        shape.PopulationStability.Value.Should().BeGreaterThan(1);
        report.ToString().Should().Contain("PSI      KS  Wasserstein");
    }

    [Fact]
    public void Distances_of_few_values_are_those_by_hand()
    {
        var scaler = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of<double>(_context, [[1], [2], [3], [4], [5]]));
        var shape = scaler.MeasureDrift(Rows.Of<double>(_context, [[3], [6]])).Features[0].Shape!;
        // Functions: 0.2 0.4 0.6 0.8 1 then, 0 0 0.5 0.5 0.5 until 6 now.
        shape.KolmogorovSmirnov.Value.Should().BeApproximately(0.5, 1e-15);
        // 0.2 + 0.4 + 0.1 + 0.3 + 0.5 over quartiles 2 apart.
        shape.Wasserstein.Value.Should().BeApproximately(1.5 / 2, 1e-15);
        shape.KolmogorovSmirnov.StandardError.Should().BeApproximately(0.5 * Math.Sqrt(0.7), 1e-15, "n' = 1 / (1 / 5 + 1 / 2)");
        shape.KolmogorovSmirnov.Verdict.Should().Be(DriftVerdict.TooFewValues);
        shape.KolmogorovSmirnov.Threshold.Should().Be(0.1);
        // Deciles 1.4, 1.8, 2.2, 2.6, 3, 3.4, 3.8, 4.2, 4.6: bins of 1, 0, 1, 0, 1, 0, 0, 1, 0, 1 values then, the 3 in the fifth and the 6 in the last now.
        double p1 = 1.5 / 10;
        double p0 = 0.5 / 10;
        double q1 = 1.5 / 7;
        double q0 = 0.5 / 7;
        double Term(double q, double p) => (q - p) * Math.Log(q / p);
        shape.PopulationStability.Value.Should().BeApproximately((2 * Term(q1, p1)) + (3 * Term(q0, p1)) + (5 * Term(q0, p0)), 1e-14);
    }

    [Fact]
    public void Without_quantiles_there_is_no_shape()
    {
        var report = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, Rows.Random(100, 2, seed: 1)))
            .MeasureDrift(Rows.Of(_context, Rows.Random(100, 2, seed: 2)));
        report.Features.Should().OnlyContain(feature => feature.Shape == null);
        report.ToString().Should().NotContain("PSI");
    }

    [Fact]
    public void A_constant_and_a_feature_without_a_value_have_no_shape()
    {
        var scaler = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of(_context, [.. Enumerable.Repeat(new[] { 5.0, double.NaN, 1 }, 500), [5, double.NaN, 2]]));
        var report = scaler.MeasureDrift(Rows.Of(_context, [.. Enumerable.Repeat(new[] { 6.0, 1, double.NaN }, 500)]));
        report.Features.Should().OnlyContain(feature => feature.Shape == null);
        report.Features[0].Kinds.Should().HaveFlag(DriftKinds.Mean);
        report.Features[2].Kinds.Should().Be(DriftKinds.Missing);
    }

    [Fact]
    public void A_feature_whose_quartiles_coincide_is_measured_by_its_deviation()
    {
        // One in ten is 1: the deviation is 0.3.
        var scaler = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of(_context, [.. Enumerable.Range(0, 1000).Select(i => new[] { i % 10 == 0 ? 1.0 : 0 })]));
        var feature = scaler.MeasureDrift(Rows.Of(_context, [.. Enumerable.Range(0, 1000).Select(i => new[] { i % 2 == 0 ? 1.0 : 0 })])).Features[0];
        feature.Shape!.Wasserstein.Value.Should().BeApproximately(0.4 / (1.3489795003921634 * 0.3), 1e-12);
        feature.Shape.KolmogorovSmirnov.Value.Should().BeApproximately(0.4, 1e-12);
        feature.Kinds.Should().HaveFlag(ShapeKinds);
    }

    [Fact]
    public void The_data_set_has_drifted_where_enough_features_have()
    {
        var scaler = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, Rows.Random(2000, 4, seed: 1)));
        double[][] moved = Rows.Random(2000, 4, seed: 9);
        Array.ForEach(moved, row => row[0] += 3);
        var one = scaler.MeasureDrift(Rows.Of(_context, moved));
        (one.DriftedShare, one.Verdict, one.DataSetVerdict).Should().Be((0.25, DriftVerdict.Drifted, DriftVerdict.Stable));
        scaler.MeasureDrift(Rows.Of(_context, moved), new() { DriftedShare = 0.25 }).DataSetVerdict.Should().Be(DriftVerdict.Drifted);

        Array.ForEach(moved, row => row[1] += 5);
        scaler.MeasureDrift(Rows.Of(_context, moved)).DataSetVerdict.Should().Be(DriftVerdict.Drifted);
        scaler.MeasureDrift(Rows.Of(_context, Rows.Random(3, 4, seed: 3))).DataSetVerdict.Should().Be(DriftVerdict.TooFewValues);
        scaler.MeasureDrift(Rows.Of(_context, moved), new() { DriftedShare = 1 }).DataSetVerdict.Should().Be(DriftVerdict.Stable);
    }

    [Fact]
    public void The_data_set_may_have_drifted_where_half_of_the_features_have_too_few_values()
    {
        double[][] rows = Rows.Random(2000, 2, seed: 1);
        var scaler = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, rows));
        var report = scaler.MeasureDrift(Rows.Of(_context, [.. rows.Select((row, i) => new[] { row[0], i < 2 ? row[1] : double.NaN })]), new() { MissingShare = 1 });
        report.Features.Select(feature => feature.Verdict).Should().Equal(DriftVerdict.Stable, DriftVerdict.TooFewValues);
        report.DataSetVerdict.Should().Be(DriftVerdict.TooFewValues);
    }

    [Fact]
    public void Given_statistics_are_nothing_to_compare_with()
    {
        var data = Rows.Of<double>(_context, [[1], [2]]);
        var scaler = _context.Transforms.Standardize(Rows.Column, options: new() { Mean = 0, StandardDeviation = 1 }).Fit(data);
        scaler.Invoking(it => it.MeasureDrift(data)).Should().Throw<InvalidOperationException>().WithMessage("MeasureDrift: column 'Features' is scaled by given numbers*");
    }

    [Fact]
    public void Drift_after_save_and_load_is_the_same()
    {
        var data = Rows.Of(_context, Rows.Random(700, 2, seed: 1));
        var saved = _context.Transforms.Standardize(Rows.Column, options: new() { TrackQuantiles = true, QuantileSize = 500 }).Fit(data);
        using var stream = new MemoryStream();
        _context.Model.Save(saved, data.Schema, stream);
        stream.Position = 0;
        var loaded = (StandardizationTransformer)_context.Model.LoadWithStatistics(stream, out _);
        var now = Rows.Of(_context, Rows.Random(300, 2, seed: 2));
        loaded.MeasureDrift(now).Features.Should().Equal(saved.MeasureDrift(now).Features);
    }

    [Theory]
    [InlineData(nameof(DriftThresholds.PopulationStability), 0)]
    [InlineData(nameof(DriftThresholds.KolmogorovSmirnov), 1)]
    [InlineData(nameof(DriftThresholds.KolmogorovSmirnov), 0)]
    [InlineData(nameof(DriftThresholds.Wasserstein), 0)]
    [InlineData(nameof(DriftThresholds.Wasserstein), double.PositiveInfinity)]
    [InlineData(nameof(DriftThresholds.DriftedShare), 0)]
    [InlineData(nameof(DriftThresholds.Wasserstein), double.NaN)]
    [InlineData(nameof(DriftThresholds.DriftedShare), 1.1)]
    public void Thresholds_out_of_range_are_refused(string name, double value)
    {
        var thresholds = name switch
        {
            nameof(DriftThresholds.PopulationStability) => new DriftThresholds { PopulationStability = value },
            nameof(DriftThresholds.KolmogorovSmirnov) => new DriftThresholds { KolmogorovSmirnov = value },
            nameof(DriftThresholds.Wasserstein) => new DriftThresholds { Wasserstein = value },
            _ => new DriftThresholds { DriftedShare = value },
        };
        var data = Rows.Of<double>(_context, [[1], [2]]);
        _context.Transforms.Standardize(Rows.Column).Fit(data).Invoking(it => it.MeasureDrift(data, thresholds)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName(name);
    }

    private Func<IDataView, DriftReport> Fit(string scaler, double[][] rows)
    {
        var data = Rows.Of(_context, rows);
        return scaler switch
        {
            "standardize" => Measure(_context.Transforms.Standardize(Rows.Column, options: new() { TrackQuantiles = true }).Fit(data).MeasureDrift),
            "min-max" => Measure(_context.Transforms.ScaleMinMax(Rows.Column, options: new() { TrackQuantiles = true }).Fit(data).MeasureDrift),
            "max-abs" => Measure(_context.Transforms.ScaleMaxAbs(Rows.Column, options: new() { TrackQuantiles = true }).Fit(data).MeasureDrift),
            "robust" => Measure(_context.Transforms.RobustScale(Rows.Column).Fit(data).MeasureDrift),
            "batch" => Measure(_context.Transforms.BatchNormalize(Rows.Column, options: new() { TrackQuantiles = true }).Fit(data).MeasureDrift),
            _ => throw new ArgumentOutOfRangeException(nameof(scaler), scaler, "Unknown."),
        };

        static Func<IDataView, DriftReport> Measure(Func<IDataView, DriftThresholds?, DriftReport> measure) => now => measure(now, null);
    }

    /// <summary>The area between the normal distribution function and that of plus or minus one, by the average of |normal quantile - quantile|.</summary>
    private static double Area() => Enumerable.Range(0, 10_000).Average(i =>
    {
        double probability = (i + 0.5) / 10_000;
        return Math.Abs(NormalQuantile.Of(probability) - (probability < 0.5 ? -1 : 1));
    });
}
