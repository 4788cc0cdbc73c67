using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Lesson;

/// <summary>1. Canyon and bowl; condition numbers; what the trainers make of each scaling.</summary>
internal sealed class WhyScaleSection(StudyResults results) : IReportSection
{
    public string Id => "why-scale";

    public string Title => "1. Why scale";

    public void Write(HtmlWriter html)
    {
        var data = results.DataSets[0];
        html.Element("p", "A loss that is steep along one weight and flat along another is a canyon: gradient descent is bound to the small steps that the steep walls allow. Scaling makes it a bowl.")
            .Charts([
                .. data.Surface.Panels.Select(panel => SurfaceChart.Draw(data, panel)),
                ConditionChart.Draw(results.DataSets),
                .. CurveCharts.Draw(data, results.Settings.InverseStrengths[0]),
                LearningRateChart.Draw(data, results.Settings),
            ]);
    }
}
