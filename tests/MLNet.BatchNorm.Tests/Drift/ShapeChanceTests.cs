using MathNet.Numerics.Distributions;
using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;

namespace MLNet.BatchNorm.Tests.Drift;

/// <summary>
/// From which distance on a change of shape is more than chance, against numbers computed apart from the library, from the formulae of docs/drift.md:
/// 400 values that are uniform between 0 and 1 then, and 100 of the same distribution now, which together are worth n' = 80.
/// </summary>
public class ShapeChanceTests
{
    private const double EffectiveCount = 80;

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void A_population_stability_index_by_the_chi_square_distribution()
    {
        // Ten bins have nine degrees of freedom, and three standard errors a tail of 0.00135: Wilson's and Hilferty's approximation is within 1%.
        double smallest = ChiSquared.InvCDF(9, 1 - Normal.CDF(0, 1, -3)) / EffectiveCount;
        Verdict(new() { PopulationStability = 1.02 * smallest }, shape => shape.PopulationStability).Should().Be(DriftVerdict.Stable);
        Verdict(new() { PopulationStability = 0.98 * smallest }, shape => shape.PopulationStability).Should().Be(DriftVerdict.TooFewValues);
    }

    [Fact]
    public void Fewer_bins_have_fewer_degrees_of_freedom()
    {
        // Of two values in equal numbers the deciles are 0, 0.5 and 1, which end four bins: three degrees of freedom.
        double[][] Two(int count) => Values(count, i => i % 2);
        double smallest = ChiSquared.InvCDF(3, 1 - Normal.CDF(0, 1, -3)) / EffectiveCount;
        Verdict(new() { PopulationStability = 1.03 * smallest }, shape => shape.PopulationStability, Two).Should().Be(DriftVerdict.Stable);
        Verdict(new() { PopulationStability = 0.97 * smallest }, shape => shape.PopulationStability, Two).Should().Be(DriftVerdict.TooFewValues);
    }

    [Fact]
    public void A_difference_of_the_distribution_functions_by_Massart()
    {
        // 2 exp(-2 n' d^2) = exp(-9 / 2).
        double smallest = Math.Sqrt((4.5 + Math.Log(2)) / (2 * EffectiveCount));
        Verdict(new() { KolmogorovSmirnov = 1.001 * smallest }, shape => shape.KolmogorovSmirnov).Should().Be(DriftVerdict.Stable);
        Verdict(new() { KolmogorovSmirnov = 0.999 * smallest }, shape => shape.KolmogorovSmirnov).Should().Be(DriftVerdict.TooFewValues);
    }

    [Fact]
    public void A_distance_of_Wasserstein_by_what_is_beyond_the_average()
    {
        // Uniform: the integral of sqrt(F (1 - F)) is pi / 8, the deviation sqrt(1 / 12), the reach sqrt(3) deviations, the interquartile range a half.
        double average = Math.Sqrt(2 / (Math.PI * EffectiveCount)) * Math.PI / 8;
        double smallest = (average + (SmallestShift() * Math.Sqrt(1 / 12.0))) / 0.5;
        Verdict(new() { Wasserstein = 1.02 * smallest }, shape => shape.Wasserstein).Should().Be(DriftVerdict.Stable);
        Verdict(new() { Wasserstein = 0.98 * smallest }, shape => shape.Wasserstein).Should().Be(DriftVerdict.TooFewValues);

        // (n' / a) h(1 + s sqrt(a)) = 9 / 2 with a = 3: Bennett's bound asks for more than Student's t does here.
        static double SmallestShift()
        {
            double shift = MathNet.Numerics.RootFinding.Bisection.FindRoot(s => (EffectiveCount / 3 * H(1 + (s * Math.Sqrt(3)))) - 4.5, 0.01, 5, 1e-9);
            (Math.Sqrt(EffectiveCount) * shift).Should().BeGreaterThan(-StudentT.InvCDF(0, 1, 399, Normal.CDF(0, 1, -3)));
            return shift;
            static double H(double r) => (r * Math.Log(r)) - r + 1;
        }
    }

    [Fact]
    public void Standard_errors_are_those_of_the_measures()
    {
        var shape = Measure(new(), Uniform);
        shape.PopulationStability.StandardError.Should().BeApproximately(Math.Sqrt(2 * 9) / EffectiveCount, 1e-14, "of n' times the index, a chi-square variable");
        shape.KolmogorovSmirnov.StandardError.Should().BeApproximately(Math.Sqrt(0.25 / EffectiveCount), 1e-14);
        shape.Wasserstein.StandardError.Should().BeApproximately(Math.Sqrt(1 / 12.0 / EffectiveCount) / 0.5, 1e-3, "of a mean, in interquartile ranges");
    }

    [Theory]
    [InlineData(128, 128)]
    [InlineData(128, 2048)]
    [InlineData(1024, 128)]
    public void Sketches_that_thin_out_have_ranks_that_are_less_certain(int sizeThen, int sizeNow)
    {
        // A rank of a sketch of 10,240 values is off by 0.0015 (docs/drift.md), of a smaller one by as many times more as it is smaller.
        var scaler = _context.Transforms.Standardize(Rows.Column, options: new() { TrackQuantiles = true, QuantileSize = sizeThen })
            .Fit(Rows.Of(_context, Rows.Random(20_000, 1, seed: 1)));
        using var monitor = scaler.CreateDriftMonitor(new() { QuantileSize = sizeNow });
        monitor.Add(Rows.Of(_context, Rows.Random(10_000, 1, seed: 2)));

        double Variance(int size) => Math.Pow(0.0015 * 10_240 / size, 2);
        monitor.Report().Features[0].Shape!.KolmogorovSmirnov.StandardError.Should().BeApproximately(
            Math.Sqrt((0.25 / 20_000) + (0.25 / 10_000) + Variance(sizeThen) + Variance(sizeNow)), 1e-12);
    }

    [Fact]
    public void Without_standard_errors_any_distance_beyond_the_threshold_is_drift()
    {
        var thresholds = new DriftThresholds { StandardErrors = 0, PopulationStability = 1e-9, KolmogorovSmirnov = 1e-9, Wasserstein = 1e-9 };
        var scaler = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of(_context, Uniform(400)));
        var shape = scaler.MeasureDrift(Rows.Of<double>(_context, [[0.45], [0.56]]), thresholds).Features[0].Shape!;
        new[] { shape.PopulationStability, shape.KolmogorovSmirnov, shape.Wasserstein }.Should().OnlyContain(distance => distance.Verdict == DriftVerdict.Drifted);
    }

    [Fact]
    public void A_distance_that_is_the_threshold_is_not_beyond_it()
    {
        var scaler = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of(_context, Values(400, i => i % 4)));
        DriftVerdict Verdict(double threshold) => scaler.MeasureDrift(Rows.Of(_context, Values(4000, i => (i % 4) + 1)), new() { KolmogorovSmirnov = threshold })
            .Features[0].Shape!.KolmogorovSmirnov.Verdict;

        Verdict(0.25).Should().Be(DriftVerdict.Stable);
        Verdict(0.2499).Should().Be(DriftVerdict.Drifted);
    }

    [Fact]
    public void A_feature_with_too_few_values_for_one_measure_has_too_few()
    {
        var scaler = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of(_context, Uniform(400)));
        DriftVerdict Verdict(DriftThresholds thresholds) => scaler.MeasureDrift(Rows.Of(_context, Uniform(400)), thresholds).Features[0].Verdict;

        Verdict(new() { KolmogorovSmirnov = 0.2, PopulationStability = 1, Wasserstein = 1, MeanShift = 1 }).Should().Be(DriftVerdict.Stable);
        Verdict(new() { KolmogorovSmirnov = 0.01, PopulationStability = 1, Wasserstein = 1, MeanShift = 1 }).Should().Be(DriftVerdict.TooFewValues);
    }

    [Fact]
    public void A_message_speaks_of_the_shape_where_that_has_changed_and_nowhere_else()
    {
        var scaler = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of(_context, Values(1000, i => i % 2 == 0 ? 1 : -1)));
        string Message(DriftThresholds thresholds, double shift) =>
            scaler.MeasureDrift(Rows.Of(_context, Values(1000, i => (i % 2 == 0 ? 1 : -1) + shift)), thresholds).Features[0].Message;
        var none = new DriftThresholds { MeanShift = 100, VarianceRatio = 100, PopulationStability = 100, KolmogorovSmirnov = 0.99, Wasserstein = 100 };
        const string Moved = "Column 'Features', slot 0: the mean has moved by +0.5 standard deviations.";
        const string Shape = "Column 'Features', slot 0: the distribution has another shape: population stability index ";

        Message(none with { MeanShift = 0.2 }, 0.5).Should().Be(Moved);
        Message(none with { PopulationStability = 0.2 }, 0.5).Should().StartWith(Shape);
        Message(none with { KolmogorovSmirnov = 0.2 }, 0.5).Should().StartWith(Shape);
        Message(none with { Wasserstein = 0.2 }, 0.5).Should().StartWith(Shape).And.EndWith("Kolmogorov-Smirnov 0.5, Wasserstein 0.25 interquartile ranges.");
    }

    [Fact]
    public void A_table_has_columns_for_the_shape_where_one_feature_has_one()
    {
        var scaler = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of(_context, [.. Values(100, i => i).Select(row => new[] { 5, row[0] })]));
        var report = scaler.MeasureDrift(Rows.Of(_context, [.. Values(100, i => i).Select(row => new[] { 5, row[0] })]));
        report.Features.Select(feature => feature.Shape is null).Should().Equal(true, false);
        report.ToString().Should().Contain("PSI  KS  Wasserstein");
    }

    private DriftVerdict Verdict(DriftThresholds thresholds, Func<ShapeDrift, DriftDistance> distance, Func<int, double[][]>? values = null)
    {
        var found = distance(Measure(thresholds, values ?? Uniform));
        found.Value.Should().BeLessThan(0.02, "nothing has changed");
        return found.Verdict;
    }

    private ShapeDrift Measure(DriftThresholds thresholds, Func<int, double[][]> values) =>
        _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of(_context, values(400)))
            .MeasureDrift(Rows.Of(_context, values(100)), thresholds).Features[0].Shape!;

    private static double[][] Uniform(int count) => Values(count, i => (i + 0.5) / count);

    private static double[][] Values(int count, Func<int, double> value) => [.. Enumerable.Range(0, count).Select(i => new[] { value(i) })];
}
