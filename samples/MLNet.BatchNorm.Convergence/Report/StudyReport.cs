using MLNet.BatchNorm.Convergence.Report.Details;
using MLNet.BatchNorm.Convergence.Report.Lesson;
using MLNet.BatchNorm.Convergence.Report.Page;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report;

/// <summary>The page: one file that fetches nothing, light or dark as the reader's system is. First the conclusions, then the lesson in its order, then the details, folded.</summary>
public static class StudyReport
{
    /// <summary>The report of the study.</summary>
    public static string Write(StudyResults results, TimingResults timings)
    {
        var network = results.Networks is [var lead, ..] ? lead : null;
        return Write(
            "What scaling and batch normalization do to convergence",
            [
                new SummarySection(results),
                .. results.DataSets.Count > 0 ? [new WhyScaleSection(results)] : Array.Empty<IReportSection>(),
                .. network is null ? Array.Empty<IReportSection>() : [new NetworkSection(network, results.Settings.Networks)],
                .. network?.Inside is null ? Array.Empty<IReportSection>() : [new CovariateShiftSection(network, network.Inside), new GammaBetaSection(network, network.Inside), new WhyItWorksSection(network, results.Settings.Networks, network.Inside)],
                .. network is null ? Array.Empty<IReportSection>() : [new LimitsSection(network)],
                new DetailsSection(results, timings),
            ]);
    }

    /// <summary>A page of any sections.</summary>
    public static string Write(string title, IReadOnlyList<IReportSection> sections)
    {
        var html = new HtmlWriter()
            .Raw("<!DOCTYPE html>")
            .Raw("<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Raw("<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">")
            .Element("title", title)
            .Raw($"<style>{PageParts.StyleSheet}</style></head><body><main>")
            .Element("h1", title)
            .Raw("<nav><ul>" + string.Concat(sections.Select(section => $"<li><a href=\"#{section.Id}\">{HtmlWriter.Escape(section.Title)}</a></li>")) + "</ul></nav>");
        foreach (var section in sections)
        {
            html.Raw($"<section id=\"{section.Id}\">").Element("h2", section.Title);
            section.Write(html);
            html.Raw("</section>");
        }

        return html.Raw($"</main><script>{PageParts.PlotlyScript}</script><script>{PageParts.Script}</script></body></html>").ToString();
    }
}
