using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Drift;

/// <summary>
/// How often features that have not changed are called drifted, and features that have are not: counted over many features, each with data
/// of its own, and held against the tables of docs/drift.md.
/// </summary>
public class FalseAlarmTests
{
    private const int FeaturesPerKind = 500;
    private const int RowsOfTheFit = 2000;

    /// <summary>About 1%: three standard errors of a rate of 1% in as many features.</summary>
    private const double MostFalseAlarms = 0.01 + (3 * 0.0044);

    /// <summary>Normal, log-normal (skewness 6), one in fifty, and constant but for one in two thousand.</summary>
    private static readonly Func<double, Random, double>[] Kinds =
    [
        (normal, _) => normal,
        (normal, _) => Math.Exp(normal),
        (_, random) => random.NextDouble() < 0.02 ? 1 : 0,
        (_, random) => random.NextDouble() < 0.0005 ? 1 : 0,
    ];

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Features_that_have_not_changed_are_hardly_ever_called_drifted()
    {
        var options = new BatchNormOptions { Epsilon = 0 };
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Sample(1, RowsOfTheFit, Kinds.Length));
        var table = new List<string>();
        foreach (int count in new[] { 1, 2, 3, 5, 20, 100, 10_000 })
        {
            // Few rows are cheap: more of them.
            int repeats = count < 100 ? 8 : count < 10_000 ? 3 : 1;
            var features = Enumerable.Range(0, repeats).SelectMany(repeat => transformer.MeasureDrift(Sample(1000 + (count * 10) + repeat, count, Kinds.Length)).Features).ToArray();
            double[] rates =
            [
                .. Enumerable.Range(0, Kinds.Length).SelectMany(kind => new[] { DriftKinds.Mean, DriftKinds.Variance }.Select(drift => Rate(features, kind, drift))),
                (double)features.Count(feature => feature.Kinds.HasFlag(DriftKinds.Missing)) / features.Length,
            ];
            rates.Should().OnlyContain(rate => rate <= MostFalseAlarms, $"of {count} row(s)");
            table.Add(DriftTable.Row(count, rates));
        }
        table.ShouldBeInTheDocs();
    }

    [Fact]
    public void Features_that_have_changed_are_found_in_enough_rows()
    {
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: new() { Epsilon = 0 }).Fit(Sample(1, RowsOfTheFit, kinds: 1));
        var table = new List<string>();
        foreach (int count in new[] { 5, 20, 100, 1000, 10_000 })
        {
            // Of normal features, in one measurement each: half a deviation; one and a half; four times the variance; a quarter; one in ten missing more.
            var changes = new (DriftKinds Kind, Func<double[], Random, double[]> Change)[]
            {
                (DriftKinds.Mean, (row, _) => [.. row.Select(value => value + 0.5)]),
                (DriftKinds.Mean, (row, _) => [.. row.Select(value => value + 1.5)]),
                (DriftKinds.Variance, (row, _) => [.. row.Select(value => value * 2)]),
                (DriftKinds.Variance, (row, _) => [.. row.Select(value => value / 2)]),
                (DriftKinds.Missing, (row, random) => [.. row.Select(value => random.NextDouble() < 0.1 ? double.NaN : value)]),
            };
            double[] rates = [.. changes.Select((change, i) =>
            {
                var random = new Random(count + i);
                var rows = Values(5000 + count, count, kinds: 1).Select(row => change.Change(row, random));
                return Rate(transformer.MeasureDrift(Rows.Stream(_context, FeaturesPerKind, rows)).Features, 0, change.Kind);
            })];
            if (count >= 1000)
            {
                rates.Should().OnlyContain(rate => rate > 0.99, $"of {count} rows");
            }
            table.Add(DriftTable.Row(count, rates));
        }
        table.ShouldBeInTheDocs();
    }

    private static double Rate(IReadOnlyList<FeatureDrift> features, int kind, DriftKinds drift)
    {
        var found = features.Where(feature => feature.Feature / FeaturesPerKind == kind).ToArray();
        return (double)found.Count(feature => feature.Kinds.HasFlag(drift)) / found.Length;
    }

    private IDataView Sample(int seed, int rowCount, int kinds) => Rows.Stream(_context, FeaturesPerKind * kinds, Values(seed, rowCount, kinds));

    /// <summary>Independent values of all features, one in fifty of which is missing.</summary>
    private static IEnumerable<double[]> Values(int seed, int rowCount, int kinds)
    {
        var random = new Random(seed);
        for (int i = 0; i < rowCount; i++)
        {
            double[] row = RandomData.Normal(random.Next(), FeaturesPerKind * kinds);
            for (int feature = 0; feature < row.Length; feature++)
            {
                row[feature] = random.NextDouble() < 0.02 ? double.NaN : Kinds[feature / FeaturesPerKind](row[feature], random);
            }
            yield return row;
        }
    }
}
