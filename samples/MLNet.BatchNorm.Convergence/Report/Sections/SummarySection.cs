using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Sections;

/// <summary>What to conclude, first.</summary>
internal sealed class SummarySection(StudyResults results) : IReportSection
{
    public string Id => "summary";

    public string Title => "What to conclude";

    public void Write(HtmlWriter html)
    {
        html.List(results.Summary)
            .Element("p", "Each data set's own conclusions stand in its section. All sentences are computed from the results of this run.", "faint")
            .Element("p", $"Provider: {results.Provider}. Seed {Numbers.Whole(results.Settings.Seed)}.", "faint");
        foreach (var scaling in results.DataSets.Take(1).SelectMany(data => data.Scalings).Where(scaling => scaling.NotAvailable is not null))
        {
            html.Element("p", $"{scaling.Name}: not available, {scaling.NotAvailable}.", "faint");
        }
    }
}
