using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Details;

/// <summary>Everything else, folded: per data set, per network, and how it was measured.</summary>
internal sealed class DetailsSection(StudyResults results, TimingResults timings) : IReportSection
{
    public string Id => "details";

    public string Title => "Details";

    public void Write(HtmlWriter html)
    {
        foreach (var data in results.DataSets)
        {
            html.Details(data.Name, inner => DataSetDetails.Write(inner, data, results.Settings, timings, isLead: data == results.DataSets[0]), $"data-{Anchor(data.Name)}");
        }

        foreach (var network in results.Networks)
        {
            html.Details($"Networks on {network.Name}", inner => NetworkDetails.Write(inner, network, isLead: network == results.Networks[0]), $"network-{Anchor(network.Name)}");
        }

        html.Details("How it was measured", inner => MethodDetails.Write(inner, results, timings), "method");
    }

    private static string Anchor(string name) => string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-'));
}
