using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Convergence.Report.Details;

/// <summary>The networks of one data set: all conclusions, the charts that the lesson does not show, and every cell as a table.</summary>
internal static class NetworkDetails
{
    public static void Write(HtmlWriter html, NetworkResult network, bool isLead)
    {
        html.Element("p", $"Networks {network.Architecture}, {Numbers.Whole(network.TrainingRowCount)} rows to train on and {Numbers.Whole(network.TestRowCount)} to test on.");
        html.List(network.Conclusions);
        if (!isLead)
        {
            html.Charts([.. NetworkCharts.LearningRates(network), NetworkCharts.Initializations(network), NetworkCharts.BatchSizes(network)]);
        }

        html.Charts(Movement(network));
        html.Details("Every learning rate", inner => Table(inner, network, "Learning rate", network.LearningRates, cell => HtmlWriter.Number(cell.LearningRate)));
        html.Details("Every scale of the initial weights", inner => Table(inner, network, "Initial weights", network.Initializations, cell => HtmlWriter.Escape(NetworkCharts.InWords(cell.Initialization))));
        html.Details("Every batch size", inner => Table(inner, network, "Rows in a batch", network.BatchSizes, cell => HtmlWriter.Number(cell.BatchSize)));
    }

    private static Chart Movement(NetworkResult network) => new Chart("How far what a neuron receives moves from one epoch to the next")
    {
        Caption = "In standard deviations, on average over the layer's neurons. First hidden layer full, others dashed.",
    }
        .Add(network.Drift.Select(drift => Traces.Line(
            $"{NormalizationNames.Of(drift.Normalization)}, layer {Numbers.Whole(drift.Layer)}", Series.Of(drift.Normalization),
            drift.Points.Where(point => point.Movement is not null).Select(point => ((double)point.Epoch, point.Movement!.Value)), dash: drift.Layer == 1 ? "solid" : "dash", markers: false)))
        .X("epoch").Y("standard deviations", log: true);

    private static void Table(HtmlWriter html, NetworkResult network, string heading, IEnumerable<NetworkCellResult> entries, Func<NetworkCell, string> name)
    {
        var exact = entries.Any(entry => entry.MedianExactScore is not null);
        html.Table(
            ["Activation", "Normalization", heading, "Median epochs to the target", "Seeds that got there", "Seeds that diverged", $"Median {network.Score} at the end", .. exact ? [$"Median {network.Score} by exact statistics"] : Array.Empty<string>()],
            entries.Select(entry => new[]
            {
                HtmlWriter.Escape(entry.Cell.Activation.ToString()),
                HtmlWriter.Escape(NormalizationNames.Of(entry.Cell.Normalization)),
                name(entry.Cell),
                entry.MedianEpochsToTarget is { } epochs ? HtmlWriter.Number(epochs) : "not reached",
                HtmlWriter.Number(entry.ArrivedCount),
                HtmlWriter.Number(entry.DivergedCount),
                entry.MedianScore is { } score ? HtmlWriter.Number(score) : "diverged",
            }.Concat(exact ? [entry.MedianExactScore is { } exactScore ? HtmlWriter.Number(exactScore) : string.Empty] : [])));
    }
}
