using CsCheck;
using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Drift;

/// <summary>Drift does not depend on the units: epsilon, which has some, has no part in it.</summary>
public class SmallUnitsTests
{
    private const double Unit = 1e-4;

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string, BatchNormOptions> Ways => new()
    {
        { "debiased", new() },
        { "plain average", new() { Momentum = null } },
        { "first batch", new() { RunningStart = RunningStart.FirstBatch } },
        { "PyTorch", BatchNormOptions.PyTorch },
        { "Keras", BatchNormOptions.Keras },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_shift_and_a_spread_are_found_in_features_of_a_ten_thousandth(string way, BatchNormOptions options)
    {
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Sample(1, 20_000, 0, Unit));
        transformer.MeasureDrift(Sample(50, 5000, 0, Unit)).Verdict.Should().Be(DriftVerdict.Stable, way);

        var shifted = transformer.MeasureDrift(Sample(50, 5000, 3 * Unit, Unit)).Features[0];
        shifted.Kinds.Should().Be(DriftKinds.Mean);
        shifted.MeanShift.Should().BeApproximately(3, 0.15);
        shifted.VarianceRatio.Should().BeApproximately(1, 0.2);

        var spread = transformer.MeasureDrift(Sample(50, 5000, 0, 10 * Unit)).Features[0];
        spread.Kinds.Should().Be(DriftKinds.Variance);
        spread.VarianceRatio.Should().BeApproximately(100, 20);
    }

    [Fact]
    public void So_they_are_in_floats_scalars_sparse_vectors_and_saved_models()
    {
        double[] then = RandomData.Normal(1, 20_000, Unit, Unit);
        double[] now = RandomData.Normal(2, 1000, 4 * Unit, Unit);
        IDataView[][] pairs =
        [
            [Rows.Of(_context, Single(then)), Rows.Of(_context, Single(now))],
            [Rows.Sparse(_context, Double(then)), Rows.Sparse(_context, Double(now))],
            [_context.Data.LoadFromEnumerable(then.Select(Scalar).ToArray()), _context.Data.LoadFromEnumerable(now.Select(Scalar).ToArray())],
        ];
        foreach (var pair in pairs)
        {
            var fitted = _context.Transforms.BatchNormalize(Rows.Column).Fit(pair[0]);
            foreach (var transformer in new[] { fitted, SaveAndLoad(fitted, pair[0].Schema) })
            {
                var feature = transformer.MeasureDrift(pair[1]).Features.Should().ContainSingle().Subject;
                feature.Kinds.Should().Be(DriftKinds.Mean);
                feature.MeanShift.Should().BeApproximately(3, 0.2);
                transformer.MeasureDrift(pair[0]).Verdict.Should().Be(DriftVerdict.Stable);
            }
        }
    }

    [Fact]
    public void Whatever_the_unit_shift_ratio_and_verdict_are_the_same() =>
        Gen.Select(Gen.Int[-200, 200], Gen.Int[1, 300], Gen.Int[0, 1000]).Sample(
            (exponent, rowCount, seed) =>
            {
                // A power of two changes no digit.
                double unit = Math.Pow(2, exponent);
                var options = new BatchNormOptions { BatchSize = 32 };
                FeatureDrift Measure(double scale) => _context.Transforms.BatchNormalize(Rows.Column, options: options)
                    .Fit(Sample(seed, 100, scale, scale)).MeasureDrift(Sample(seed + 1, rowCount, 2 * scale, 3 * scale)).Features[0];
                FeatureDrift here = Measure(1);
                FeatureDrift there = Measure(unit);
                (there.MeanShift, there.VarianceRatio, there.Kinds, there.Verdict).Should().Be((here.MeanShift, here.VarianceRatio, here.Kinds, here.Verdict));
            },
            seed: "0000KOIPJ9j6",
            iter: 30,
            threads: 1);

    private static Row Scalar(double value) => new() { Features = (float)value };

    private static float[][] Single(double[] values) => [.. values.Select(value => new[] { (float)value })];

    private static double[][] Double(double[] values) => [.. values.Select(value => new[] { value })];

    private IDataView Sample(int seed, int rowCount, double mean, double deviation) => Rows.Of(_context, Double(RandomData.Normal(seed, rowCount, mean, deviation)));

    private BatchNormTransformer SaveAndLoad(BatchNormTransformer transformer, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _context.Model.Save(transformer, schema, stream);
        return (BatchNormTransformer)_context.Model.LoadWithStatistics(stream, out _);
    }

    private sealed class Row
    {
        public float Features { get; set; }
    }
}
