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
            .Element("p", $"{results.MicrosoftML}. Seed {Numbers.Whole(results.Settings.Seed)}.", "faint");
    }
}
