using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study.Networks;
using MLNet.BatchNorm.Convergence.Study.Networks.Inside;

namespace MLNet.BatchNorm.Convergence.Report.Lesson;

/// <summary>6. Small batches, the mismatch between training and inference, and what exact statistics do about it.</summary>
internal sealed class LimitsSection(NetworkResult network) : IReportSection
{
    public string Id => "limits";

    public string Title => "6. Limits";

    public void Write(HtmlWriter html) => html
        .Element("p", "The mean and variance of two rows say little. Batch renormalization corrects them towards the running averages; layer normalization looks at one row at a time. Neither batches nor running averages suit recurrent networks.")
        .Charts([
            NetworkCharts.BatchSizes(network),
            .. network.Inside is { BatchSizes.Count: > 0 } inside ? [Mismatch(inside)] : Array.Empty<Chart>(),
            .. BatchSizeClaims.Scored(network).Count > 0 ? [Exact()] : Array.Empty<Chart>(),
        ]);

    private Chart Mismatch(InsideResult inside) => new Chart("The mismatch: the same network in training and at inference")
    {
        Claim = BatchSizeClaims.Mismatch(network, inside),
        Caption = $"Batch normalization, {network.Score} on the training rows: normalized by batches as in training, and by the running averages.",
    }
        .Add(
            Traces.Line("as in training", Series.Of(NormalizationNames.None), inside.BatchSizes.Select(entry => ((double)entry.BatchSize, entry.TrainingScore ?? double.NaN))),
            Traces.Line("as at inference", Series.Of(NormalizationNames.Batch), inside.BatchSizes.Select(entry => ((double)entry.BatchSize, entry.InferenceScore ?? double.NaN))))
        .X("rows in a batch", log: true, ticks: [.. inside.BatchSizes.Select(entry => (double)entry.BatchSize)]).Y($"{network.Score} on training rows");

    // Running and exact statistics of the same trainings: the median of the seeds, and the band from the lowest to the highest.
    private Chart Exact()
    {
        var entries = network.BatchSizes.Where(entry => entry.MedianExactScore is not null).OrderBy(entry => entry.Cell.BatchSize).ToArray();
        var chart = new Chart("Batch normalization: running and exact statistics")
        {
            Claim = BatchSizeClaims.Exact(network),
            Caption = $"{network.Score} on the test rows; the median of the seeds, and the band from the lowest to the highest. Exact: mean and variance over all training rows, taken layer by layer after the training (NormalizationStatistics.Exact).",
        };
        foreach (var (name, style, score) in new (string, Series, Func<NetworkRunResult, double?>)[]
        {
            ("running statistics", Series.Of(NormalizationNames.Batch), run => run.Score), ("exact statistics", Series.Of(NormalizationNames.BatchRenorm), run => run.ExactScore),
        })
        {
            var points = entries.Select(entry => (X: (double)entry.Cell.BatchSize, Scores: entry.Runs.Select(score).OfType<double>().Order().ToArray())).Where(point => point.Scores.Length > 0).ToArray();
            chart.Add(Traces.Band(name, style, [.. points.Select(point => (point.X, point.Scores[0], point.Scores[^1]))]));
            chart.Add(Traces.Line(name, style, points.Select(point => (point.X, point.Scores[point.Scores.Length / 2]))));
        }

        return chart.X("rows in a batch", log: true, ticks: [.. entries.Select(entry => (double)entry.Cell.BatchSize)]).Y(network.Score);
    }
}
