using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Drift;

/// <summary>
/// How often a distribution that has not changed is called changed, and one that has is not, in each measure of shape: counted over many features,
/// and held against the tables of docs/drift.md.
/// </summary>
public class ShapeFalseAlarmTests
{
    private const int FeaturesPerKind = 400;
    private const int RowsOfTheFit = 2000;

    /// <summary>About 1%: three standard errors of a rate of 1.1% (what Massart's bound allows) in as many features as one table's cell has.</summary>
    private const double MostFalseAlarms = 0.011 + (3 * 0.0052);

    private static readonly DriftKinds[] Measures = [DriftKinds.PopulationStability, DriftKinds.KolmogorovSmirnov, DriftKinds.Wasserstein];

    /// <summary>Normal, log-normal (skewness 6), one in fifty.</summary>
    private static readonly Func<double, Random, double>[] Kinds =
    [
        (normal, _) => normal,
        (normal, _) => Math.Exp(normal),
        (_, random) => random.NextDouble() < 0.02 ? 1 : 0,
    ];

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Distributions_that_have_not_changed_are_hardly_ever_called_changed()
    {
        var transformer = _context.Transforms.RobustScale(Rows.Column).Fit(Sample(1, RowsOfTheFit, Kinds));
        var table = new List<string>();
        foreach (int count in new[] { 1, 2, 5, 20, 100, 1000, 10_000 })
        {
            // Few rows are cheap: more of them.
            int repeats = count < 100 ? 8 : count < 1000 ? 4 : 1;
            var features = Enumerable.Range(0, repeats)
                .SelectMany(repeat => transformer.MeasureDrift(Sample(1000 + (count * 10) + repeat, count, Kinds)).Features).ToArray();
            double[] rates = [.. Enumerable.Range(0, Kinds.Length).SelectMany(kind => Measures.Select(measure => Rate(features, kind, measure)))];
            rates.Should().OnlyContain(rate => rate <= MostFalseAlarms, $"of {count} row(s): {DriftTable.Row(count, rates)}");
            table.Add(DriftTable.Row(count, rates));
        }
        table.ShouldBeInTheDocs();
    }

    [Fact]
    public void Distributions_that_have_changed_are_found_in_enough_rows()
    {
        // Of normal features: half a deviation; twice the deviation; plus or minus one, with the same mean and variance; a log-normal with those.
        double deviation = Math.Sqrt((Math.E - 1) * Math.E);
        Func<double, Random, double>[] changes =
        [
            (normal, _) => normal + 0.5,
            (normal, _) => 2 * normal,
            (normal, _) => Math.Sign(normal),
            (normal, _) => (Math.Exp(normal) - Math.Exp(0.5)) / deviation,
        ];
        var transformer = _context.Transforms.RobustScale(Rows.Column).Fit(Sample(1, RowsOfTheFit, [.. changes.Select(_ => Kinds[0])]));
        var table = new List<string>();
        foreach (int count in new[] { 5, 20, 100, 1000, 10_000 })
        {
            var features = transformer.MeasureDrift(Sample(7000 + count, count, changes)).Features;
            double[] rates = [.. Enumerable.Range(0, changes.Length).SelectMany(change => Measures.Select(measure => Rate(features, change, measure)))];
            if (count >= 1000)
            {
                Enumerable.Range(0, changes.Length).Should().OnlyContain(change => rates[(3 * change) + 1] > 0.98, $"Kolmogorov and Smirnov find all in {count} rows");
            }
            table.Add(DriftTable.Row(count, rates));
        }
        table.ShouldBeInTheDocs();
    }

    private static double Rate(IReadOnlyList<FeatureDrift> features, int kind, DriftKinds measure)
    {
        var found = features.Where(feature => feature.Feature / FeaturesPerKind == kind).ToArray();
        return (double)found.Count(feature => feature.Kinds.HasFlag(measure)) / found.Length;
    }

    private IDataView Sample(int seed, int rowCount, Func<double, Random, double>[] kinds)
    {
        return Rows.Stream(_context, FeaturesPerKind * kinds.Length, Values());

        IEnumerable<double[]> Values()
        {
            var random = new Random(seed);
            for (int i = 0; i < rowCount; i++)
            {
                double[] row = RandomData.Normal(random.Next(), FeaturesPerKind * kinds.Length);
                for (int feature = 0; feature < row.Length; feature++)
                {
                    row[feature] = kinds[feature / FeaturesPerKind](row[feature], random);
                }
                yield return row;
            }
        }
    }
}
