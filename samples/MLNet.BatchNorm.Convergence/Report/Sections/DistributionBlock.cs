using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Report.Sections;

/// <summary>The features before and after scaling.</summary>
internal static class DistributionBlock
{
    // A picture with more rows than this is no picture.
    private const int MostFeatures = 40;

    public static void Write(HtmlWriter html, DataSetResult data)
    {
        html.Element("h3", "The features before and after")
            .Element("p", "Line: smallest to largest value. Box: the middle half. Tick: the median."
                + (data.FeatureCount > MostFeatures ? $" The first {Numbers.Whole(MostFeatures)} features." : string.Empty))
            .Raw("<div class=\"charts\">");
        foreach (var scaling in data.Scalings)
        {
            var kind = scaling.Name == Scalings.Raw ? ScaleKind.SymmetricLogarithmic : ScaleKind.Linear;
            html.Raw("<figure>").Element("h4", scaling.Name)
                .Raw(RangeChart.Draw([.. scaling.Features.Take(MostFeatures)], scaling.Name, kind, $"Feature ranges of {data.Name}, {scaling.Name}"))
                .Raw("</figure>");
        }

        html.Raw("</div>");
    }
}
