using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Sections;

/// <summary>Everything about one data set, block by block.</summary>
internal sealed class DataSetSection(DataSetResult data, StudySettings settings, TimingResults timings) : IReportSection
{
    public string Id => "data-" + string.Concat(data.Name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-'));

    public string Title => data.Name;

    public void Write(HtmlWriter html)
    {
        var classes = data.ClassCount > 0 ? $", {Numbers.Whole(data.ClassCount)} classes" : string.Empty;
        html.Element("p", $"{data.Description}. {Numbers.Whole(data.RowCount)} rows, {Numbers.Whole(data.FeatureCount)} features{classes}.");
        if (data.Notes.Count > 0)
        {
            html.List(data.Notes);
        }

        html.List(data.Conclusions);
        CurvesBlock.Write(html, data, settings, timings);
        SurfaceBlock.Write(html, data.Surface);
        LearningRateBlock.Write(html, data, settings);
        TestBlock.Write(html, data, timings);
        DistributionBlock.Write(html, data);
    }
}
