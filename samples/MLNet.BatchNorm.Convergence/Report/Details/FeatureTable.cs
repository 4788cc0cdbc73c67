using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Details;

/// <summary>The range and the middle half of each feature, under each scaling.</summary>
internal static class FeatureTable
{
    // More rows than this nobody reads; results.json has them all.
    private const int MostFeatures = 40;

    public static void Write(HtmlWriter html, DataSetResult data)
    {
        if (data.FeatureCount > MostFeatures)
        {
            html.Element("p", $"The first {Numbers.Whole(MostFeatures)} features; all of them are in results.json.", "faint");
        }

        html.Table(
            ["Features", "Scaling", "Smallest", "Lower quartile", "Median", "Upper quartile", "Largest"],
            from feature in Enumerable.Range(0, Math.Min(MostFeatures, data.FeatureCount))
            from scaling in data.Scalings
            let quantiles = scaling.Features[feature]
            select new[]
            {
                HtmlWriter.Escape(quantiles.Name), HtmlWriter.Escape(scaling.Name), HtmlWriter.Number(quantiles.Minimum), HtmlWriter.Number(quantiles.LowerQuartile),
                HtmlWriter.Number(quantiles.Median), HtmlWriter.Number(quantiles.UpperQuartile), HtmlWriter.Number(quantiles.Maximum),
            });
    }
}
