using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Sections;

/// <summary>What mini-batch gradient descent reaches at each learning rate.</summary>
internal static class LearningRateBlock
{
    public static void Write(HtmlWriter html, DataSetResult data, StudySettings settings)
    {
        html.Element("h3", "How large a step can be")
            .Element("p", $"Mini-batch gradient descent, {Numbers.Whole(settings.BatchSize)} rows a batch, {Numbers.Whole(settings.LearningRateEpochs)} passes, "
                + $"C = {Numbers.Brief(settings.InverseStrengths[0])}: the gap it ends at, by learning rate. A line ends where larger steps diverge, that is, end above where they began.")
            .Raw(SeriesStyle.Legend(data.LearningRates.Select(entry => entry.Scaling)));
        var series = data.LearningRates
            .Select(entry => new LineSeries(entry.Scaling, [.. entry.Points.Where(point => point.Gap is not null).Select(point => (point.LearningRate, point.Gap!.Value))]))
            .Where(line => line.Points.Count > 0)
            .ToArray();
        if (series.Length > 0)
        {
            html.Raw("<div class=\"charts\"><figure>")
                .Raw(LineChart.Draw(series, "learning rate", "gap after all passes", 1e-9, $"Gap against learning rate: {data.Name}"))
                .Raw("</figure></div>");
        }

        html.Table(
            ["Features", "Largest stable rate", "Best rate", "Gap there"],
            data.LearningRates.Select(entry => new[] { HtmlWriter.Escape(entry.Scaling), Cell(entry.LargestStable), Cell(entry.Best), Cell(entry.BestGap) }));
        html.Raw("<details><summary>Every rate</summary>").Table(
            ["Learning rate", .. data.LearningRates.Select(entry => entry.Scaling)],
            settings.LearningRates.Select((rate, i) => new[] { HtmlWriter.Number(rate) }
                .Concat(data.LearningRates.Select(entry => entry.Points[i].Gap is { } gap ? HtmlWriter.Number(gap) : "diverges")))).Raw("</details>");
    }

    private static string Cell(double? value) => value is { } number ? HtmlWriter.Number(number) : "none";
}
