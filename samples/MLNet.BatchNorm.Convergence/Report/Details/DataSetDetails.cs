using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Details;

/// <summary>One data set: what it is, its conclusions, the curves and learning rates that the lesson does not show, test rows, and the features themselves.</summary>
internal static class DataSetDetails
{
    public static void Write(HtmlWriter html, DataSetResult data, StudySettings settings, TimingResults timings, bool isLead)
    {
        var classes = data.ClassCount > 0 ? $", {Numbers.Whole(data.ClassCount)} classes" : string.Empty;
        html.Element("p", $"{data.Description}. {Numbers.Whole(data.RowCount)} rows, {Numbers.Whole(data.FeatureCount)} features{classes}.");
        html.List(data.Notes.Concat(data.Conclusions));
        html.Charts(settings.InverseStrengths.Skip(isLead ? 1 : 0).SelectMany(c => CurveCharts.Draw(data, c)));
        html.Details("Iterations and seconds until the gap is below …", inner => ArrivalTable.Write(inner, data, settings, timings));
        if (!isLead)
        {
            html.Charts(LearningRateChart.Draw(data, settings));
        }

        html.Details("The features before and after", inner => FeatureTable.Write(inner, data));
        html.Details("Eigenvalues of the Hessian", inner => EigenvalueTable.Write(inner, data));
        html.Details("Test rows, at equal budgets", inner => TestTable.Write(inner, data, timings));
    }
}
