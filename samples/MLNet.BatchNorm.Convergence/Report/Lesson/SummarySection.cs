using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Lesson;

/// <summary>What to conclude, first.</summary>
internal sealed class SummarySection(StudyResults results) : IReportSection
{
    public string Id => "summary";

    public string Title => "What to conclude";

    public void Write(HtmlWriter html)
    {
        html.List(results.Summary);
        var sources = results.DataSets.Select(data => data.SourcePath).Concat(results.Networks.Select(network => network.SourcePath)).OfType<string>().Distinct()
            .Select(path => $"<a href=\"{HtmlWriter.Escape(new Uri(path).AbsoluteUri)}\">{HtmlWriter.Escape(Path.GetFileName(path))}</a>");
        html.Raw($"<p class=\"faint\">Every sentence and figure is computed from this run: {HtmlWriter.Escape(results.MicrosoftML)}, seed {HtmlWriter.Number(results.Settings.Seed)}. Data: {string.Join(", ", sources)}. "
            + "Point at a line for its values; drag to zoom, double-click to return; click a name to hide its line.</p>");
    }
}
