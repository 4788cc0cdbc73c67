using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Convergence.Report.Sections;

/// <summary>What batch normalization does inside a network, on one data set.</summary>
internal sealed class NetworkSection(NetworkResult data, NetworkSettings settings) : IReportSection
{
    // An error below this is drawn there: one test row in a thousand.
    private const double ErrorFloor = 1e-3;
    private const double MovementFloor = 1e-4;

    public string Id => "network-" + data.Name;

    public string Title => $"Networks: {data.Name}";

    public void Write(HtmlWriter html)
    {
        html.Element("p", $"Networks {data.Architecture}, trained on {Numbers.Whole(data.TrainingRowCount)} rows by plain stochastic gradient descent and tested on "
            + $"{Numbers.Whole(data.TestRowCount)} others after every epoch; normalization before each activation; medians of {Numbers.Whole(settings.Seeds.Count)} seeds.");
        html.List(data.Conclusions);
        WriteLearningRates(html);
        WriteInitializations(html);
        WriteDrift(html);
        WriteBatchSizes(html);
    }

    private void WriteLearningRates(HtmlWriter html)
    {
        html.Element("h3", "How fast, and at which learning rates")
            .Element("p", $"Epochs until {data.TargetInWords}, by learning rate. Where a line is missing, most seeds did not get there in {Numbers.Whole(settings.Epochs)} epochs.")
            .Raw(SeriesStyle.Legend([NormalizationNames.None, NormalizationNames.Batch]))
            .Raw("<div class=\"charts\">");
        foreach (var activation in data.LearningRates.GroupBy(entry => entry.Cell.Activation))
        {
            Chart(
                html, $"{activation.Key}: epochs to {Numbers.Brief(data.Target)}", "learning rate", "epochs", 0.5,
                Lines(activation, entry => entry.MedianEpochsToTarget is { } epochs ? (entry.Cell.LearningRate, epochs) : null));
            Chart(
                html, $"{activation.Key}: one minus the {data.Score} at the end", "learning rate", "error", ErrorFloor,
                Lines(activation, entry => entry.MedianScore is { } score ? (entry.Cell.LearningRate, 1 - score) : null));
        }

        html.Raw("</div><details><summary>Every learning rate</summary>");
        Table(html, "Learning rate", data.LearningRates, cell => HtmlWriter.Number(cell.LearningRate));
        html.Raw("</details>");
    }

    private void WriteInitializations(HtmlWriter html)
    {
        html.Element("h3", "How much the initial weights matter")
            .Element("p", $"The same networks at learning rate {Numbers.Brief(settings.LearningRate)}, from weights that are too small, right, and too large.");
        Table(html, "Initial weights", data.Initializations, cell => HtmlWriter.Escape(InWords(cell.Initialization)));
    }

    private void WriteDrift(HtmlWriter html)
    {
        html.Element("h3", "How the distributions inside move")
            .Element("p", "Internal covariate shift: how far the distribution of what a neuron's activation receives moves from one epoch to the next, in its standard deviations, "
                + $"on average over the layer (Sigmoid, learning rate {Numbers.Brief(settings.LearningRate)}, one seed, 256 training rows). Means and deviations are over all neurons of the layer together.")
            .Raw(SeriesStyle.Legend([NormalizationNames.None, NormalizationNames.Batch]))
            .Raw("<div class=\"charts\">");
        foreach (var layer in data.Drift.GroupBy(drift => drift.Layer))
        {
            Chart(html, $"Hidden layer {Numbers.Whole(layer.Key)}", "epoch", "movement", MovementFloor, layer.Select(drift => new LineSeries(
                NormalizationNames.Of(drift.Normalization),
                [.. drift.Points.Where(point => point.Movement is not null).Select(point => ((double)point.Epoch, point.Movement!.Value))])));
        }

        html.Raw("</div>");
        html.Table(
            ["Hidden layer", "Normalization", "Mean, first epoch", "Mean, last epoch", "Deviation, first epoch", "Deviation, last epoch", "Movement an epoch"],
            data.Drift.OrderBy(drift => drift.Layer).Select(drift => new[]
            {
                HtmlWriter.Number(drift.Layer),
                HtmlWriter.Escape(NormalizationNames.Of(drift.Normalization)),
                HtmlWriter.Number(drift.Points[0].Mean),
                HtmlWriter.Number(drift.Points[^1].Mean),
                HtmlWriter.Number(drift.Points[0].StandardDeviation),
                HtmlWriter.Number(drift.Points[^1].StandardDeviation),
                HtmlWriter.Number(drift.MeanMovement),
            }));
    }

    private void WriteBatchSizes(HtmlWriter html)
    {
        html.Element("h3", "What small batches do to batch normalization")
            .Element("p", $"ReLU, learning rate {Numbers.Brief(settings.LearningRate)}, {Numbers.Whole(settings.BatchSizeEpochs)} epochs at each batch size: statistics of two rows say little. "
                + "Renormalization and layer normalization are the usual ways out. Small batches also take more steps an epoch, with every normalization.")
            .Raw(SeriesStyle.Legend(data.BatchSizes.Select(entry => NormalizationNames.Of(entry.Cell.Normalization)).Distinct()))
            .Raw("<div class=\"charts\">");
        Chart(
            html, $"One minus the {data.Score} by batch size", "rows in a batch", "error", ErrorFloor,
            Lines(data.BatchSizes, entry => entry.MedianScore is { } score ? (entry.Cell.BatchSize, 1 - score) : null));
        html.Raw("</div>");
        Table(html, "Rows in a batch", data.BatchSizes, cell => HtmlWriter.Number(cell.BatchSize));
    }

    private static IEnumerable<LineSeries> Lines(IEnumerable<NetworkCellResult> entries, Func<NetworkCellResult, (double X, double Y)?> point) => entries
        .GroupBy(entry => entry.Cell.Normalization)
        .Select(group => new LineSeries(NormalizationNames.Of(group.Key), [.. group.Select(point).OfType<(double X, double Y)>()]));

    private static void Chart(HtmlWriter html, string title, string xTitle, string yTitle, double floor, IEnumerable<LineSeries> lines)
    {
        LineSeries[] drawn = [.. lines.Where(line => line.Points.Count > 0)];
        if (drawn.Length > 0)
        {
            html.Raw("<figure>").Element("h4", title).Raw(LineChart.Draw(drawn, xTitle, yTitle, floor, title)).Raw("</figure>");
        }
    }

    private static void Table(HtmlWriter html, string heading, IEnumerable<NetworkCellResult> entries, Func<NetworkCell, string> name) => html.Table(
        ["Activation", heading, "Normalization", "Median epochs to the target", "Seeds that got there", "Seeds that diverged", "Median score at the end"],
        entries.Select(entry => new[]
        {
            HtmlWriter.Escape(entry.Cell.Activation.ToString()),
            name(entry.Cell),
            HtmlWriter.Escape(NormalizationNames.Of(entry.Cell.Normalization)),
            entry.MedianEpochsToTarget is { } epochs ? HtmlWriter.Number(epochs) : "not reached",
            HtmlWriter.Number(entry.ArrivedCount),
            HtmlWriter.Number(entry.DivergedCount),
            entry.MedianScore is { } score ? HtmlWriter.Number(score) : "diverged",
        }));

    private static string InWords(string initialization) => initialization switch
    {
        Initializations.Small => "too small",
        Initializations.Large => "too large",
        _ => initialization,
    };
}
