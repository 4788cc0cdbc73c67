using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Convergence.Report.Lesson;

/// <summary>6. Small batches, and the mismatch between training and inference.</summary>
internal sealed class LimitsSection(NetworkResult network) : IReportSection
{
    public string Id => "limits";

    public string Title => "6. Limits";

    public void Write(HtmlWriter html) => html
        .Element("p", "The mean and variance of two rows say little. Batch renormalization corrects them towards the running averages; layer normalization looks at one row at a time. Neither batches nor running averages suit recurrent networks.")
        .Claim(NetworkClaims.Batches(network))
        .Charts([NetworkCharts.BatchSizes(network), .. network.Inside is { BatchSizes.Count: > 0 } inside ? [Mismatch(inside.BatchSizes)] : Array.Empty<Chart>()]);

    private Chart Mismatch(IReadOnlyList<Study.Networks.Inside.MismatchResult> sizes) => new Chart("The mismatch: the same network in training and at inference")
    {
        Caption = $"Batch normalization, {network.Score} on the training rows: normalized by batches as in training, and by the running averages.",
    }
        .Add(
            Traces.Line("as in training", Series.Of(NormalizationNames.None), sizes.Select(entry => ((double)entry.BatchSize, entry.TrainingScore ?? double.NaN))),
            Traces.Line("as at inference", Series.Of(NormalizationNames.Batch), sizes.Select(entry => ((double)entry.BatchSize, entry.InferenceScore ?? double.NaN))))
        .X("rows in a batch", log: true, ticks: [.. sizes.Select(entry => (double)entry.BatchSize)]).Y($"{network.Score} on training rows");
}
