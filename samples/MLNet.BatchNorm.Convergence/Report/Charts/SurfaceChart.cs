using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>The loss over two weights, and the path of gradient descent.</summary>
internal static class SurfaceChart
{
    public static Chart Draw(DataSetResult data, SurfacePanel panel)
    {
        var surface = data.Surface;
        return new Chart($"{panel.Scaling}: the loss over two weights, and gradient descent")
        {
            Height = 360,
            Claim = ScalingClaims.Surface(data, panel),
            Caption = $"{surface.Objective}, of {surface.FirstFeature} and {surface.SecondFeature} alone. One unit is equally long on both axes; from line to line the gap to the optimum shrinks by 3.2. {Numbers.Whole(panel.StepCount)} steps of length 1 / L from zero.",
        }
            .Add(
                Traces.Contour(panel.FirstWeights, panel.SecondWeights, panel.Gaps, panel.Levels.Min()),
                Traces.Line("path", new Series("@text", "solid", "circle"), panel.Path.Select(pair => (pair.First, pair.Second))),
                Traces.Marks("optimum", "@text", "x-thin", [(panel.Optimum.First, panel.Optimum.Second)], size: 10))
            .X($"weight of {surface.FirstFeature}", range: (panel.FirstWeights[0], panel.FirstWeights[^1]))
            .Y($"weight of {surface.SecondFeature}", range: (panel.SecondWeights[0], panel.SecondWeights[^1]));
    }
}
