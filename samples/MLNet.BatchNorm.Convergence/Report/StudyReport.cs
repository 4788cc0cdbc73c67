using MLNet.BatchNorm.Convergence.Report.Sections;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report;

/// <summary>The page: self-contained, no script, nothing fetched, light or dark as the reader's system is.</summary>
public static class StudyReport
{
    /// <summary>The report of the study.</summary>
    public static string Write(StudyResults results, TimingResults timings) => Write(
        "What scaling does to convergence",
        [
            new SummarySection(results),
            .. results.DataSets.Count > 0 ? [new ConditioningSection(results)] : Array.Empty<IReportSection>(),
            .. results.DataSets.Select(data => new DataSetSection(data, results.Settings, timings)),
            .. results.Networks.Select(network => new NetworkSection(network, results.Settings.Networks)),
            new MethodSection(results, timings),
        ]);

    /// <summary>A page of any sections.</summary>
    public static string Write(string title, IReadOnlyList<IReportSection> sections)
    {
        var html = new HtmlWriter()
            .Raw("<!DOCTYPE html>")
            .Raw("<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Raw("<meta name=\"color-scheme\" content=\"light dark\">")
            .Element("title", title)
            .Raw($"<style>{StyleSheet.Text}</style></head><body><main>")
            .Element("h1", title)
            .Raw("<nav><ul>" + string.Concat(sections.Select(section => $"<li><a href=\"#{section.Id}\">{HtmlWriter.Escape(section.Title)}</a></li>")) + "</ul></nav>");
        foreach (var section in sections)
        {
            html.Raw($"<section id=\"{section.Id}\">").Element("h2", section.Title);
            section.Write(html);
            html.Raw("</section>");
        }

        return html.Raw("</main></body></html>").ToString();
    }
}
