using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Sections;

/// <summary>The canyon and the bowl.</summary>
internal static class SurfaceBlock
{
    public static void Write(HtmlWriter html, SurfaceResult surface)
    {
        html.Element("h3", "The loss over two weights")
            .Element("p", $"A model of {surface.FirstFeature} and {surface.SecondFeature} only ({surface.Objective}), the intercept held at its optimum. "
                + "Along each line the loss is the same; from line to line its gap shrinks by a factor of about 3. Both axes have the same unit. "
                + "The coloured path is gradient descent from zero with the step 1 / L, a dot where it has moved on visibly; the cross is the optimum.")
            .Raw("<div class=\"charts\">");
        foreach (var panel in surface.Panels)
        {
            html.Raw("<figure>").Element("h4", panel.Scaling)
                .Raw(ContourChart.Draw(panel, surface.FirstFeature, surface.SecondFeature, $"Loss surface, {panel.Scaling}"))
                .Raw($"<figcaption>Condition number {HtmlWriter.Number(panel.ConditionNumber)}. After {HtmlWriter.Number(panel.StepCount)} steps the gap is {HtmlWriter.Number(panel.FinalGap)}.</figcaption></figure>");
        }

        html.Raw("</div>");
    }
}
