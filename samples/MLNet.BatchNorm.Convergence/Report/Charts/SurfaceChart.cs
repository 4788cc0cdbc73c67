using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>The loss over two weights, and the path of gradient descent.</summary>
internal static class SurfaceChart
{
    public static Chart Draw(SurfaceResult surface, SurfacePanel panel) =>
        new Chart($"{panel.Scaling}: the loss over two weights, and gradient descent")
        {
            Height = 360,
            Caption = $"{surface.Objective}, of {surface.FirstFeature} and {surface.SecondFeature} alone. One unit is equally long on both axes; from line to line the gap to the optimum shrinks by 3.2. {Numbers.Whole(panel.StepCount)} steps of length 1 / L from zero.",
        }
            .Add(
                Traces.Contour(panel.FirstWeights, panel.SecondWeights, panel.Gaps, panel.Levels.Min()),
                Traces.Line("path", Series.Of(panel.Scaling), panel.Path.Select(pair => (pair.First, pair.Second)), dash: "solid"),
                Traces.Marks("optimum", "@text", "x-thin", [(panel.Optimum.First, panel.Optimum.Second)], size: 10))
            .X($"weight of {surface.FirstFeature}", range: (panel.FirstWeights[0], panel.FirstWeights[^1]))
            .Y($"weight of {surface.SecondFeature}", range: (panel.SecondWeights[0], panel.SecondWeights[^1]));
}
