using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Objectives;
using MLNet.BatchNorm.Convergence.Optimizers;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>
/// The objective over the weights of two features, raw (a canyon) and standardized (a bowl), and the way gradient descent takes.
/// </summary>
/// <remarks>
/// The model has these two features and an intercept; the intercept is held at its optimum, so that picture, path and condition
/// number are all of the same function of two weights. Of three or more classes, the first is told from the rest.
/// </remarks>
internal static class LossSurface
{
    private const int GridSize = 81;
    private const int StepCount = 300;
    private const int MostLevels = 9;

    public static SurfaceResult Measure(TabularData data, PreparedData raw, PreparedData standardized, StudySettings settings)
    {
        var labels = data.Task == LearningTask.Multiclass ? [.. data.Labels.Select(label => label == 0 ? 1d : 0d)] : data.Labels;
        var (first, second) = FeaturePair.Choose(data, labels);
        var task = data.Task == LearningTask.Regression ? LearningTask.Regression : LearningTask.Binary;
        var panels = new[] { raw, standardized }.Select(prepared =>
        {
            var rows = prepared.Data.Rows.Select(row => new[] { row[first], row[second] }).ToArray();
            var pair = prepared.Data with { Task = task, Rows = rows, Labels = labels };
            var strength = prepared.Strength(settings.InverseStrengths[0]);
            return Panel(prepared.Scaling.Name, Losses.Usual(pair, DesignMatrix.FromRows(rows), new Regularization(strength, false)));
        }).ToArray();
        return new SurfaceResult(
            data.FeatureNames[first],
            data.FeatureNames[second],
            data.Task == LearningTask.Multiclass ? $"mean log-loss, {data.ClassNames[0]} against the rest" : task == LearningTask.Binary ? "mean log-loss" : "mean squared error",
            panels);
    }

    private static SurfacePanel Panel(string scaling, LinearObjective objective)
    {
        var optimum = NewtonSolver.Minimize(objective);
        var center = optimum.Parameters;
        var hessian = Hessians.At(objective, center).SubMatrix(0, 2, 0, 2);
        var path = Descend(objective, center);
        var (firstWeights, secondWeights) = Window([.. path, new WeightPair(center[0], center[1])]);
        double[] gaps = [.. from second in secondWeights from first in firstWeights select Numbers.SixDigits(Gap(first, second))];
        var spectrum = Spectrum.Of(hessian);
        return new SurfacePanel(
            scaling,
            spectrum.ConditionNumber,
            StepCount,
            Gap(path[^1].First, path[^1].Second),
            firstWeights,
            secondWeights,
            gaps,
            Levels(gaps.Max(), spectrum.Largest / objective.GapUnit, firstWeights[1] - firstWeights[0]),
            [.. path.Select(pair => new WeightPair(Numbers.SixDigits(pair.First), Numbers.SixDigits(pair.Second)))],
            new WeightPair(center[0], center[1]));

        double Gap(double first, double second) =>
            Math.Max(0, (objective.Value([first, second, center[2]]) - optimum.Value) / objective.GapUnit);
    }

    // Half a decade apart, down to the line that is only a few cells wide: below that a grid cannot show a canyon.
    private static double[] Levels(double highest, double curvature, double cell)
    {
        var lowest = curvature * (1.5 * cell) * (1.5 * cell) / 2;
        return [.. Enumerable.Range(0, MostLevels).Select(i => Numbers.SixDigits(highest * Math.Pow(10, -(i + 0.5) / 2))).Where(level => level >= lowest)];
    }

    // Gradient descent on the two weights alone; L is taken from the matrix of the two features without the ones.
    private static List<WeightPair> Descend(LinearObjective objective, double[] center)
    {
        var moments = objective.Features.SecondMoments().SubMatrix(0, 2, 0, 2);
        var step = 1 / ((objective.CurvatureBound * Spectrum.Of(moments).Largest) + objective.Regularization.Strength);
        double[] parameters = [0, 0, center[2]];
        var gradient = new double[3];
        List<WeightPair> path = [new(0, 0)];
        for (var i = 0; i < StepCount; i++)
        {
            objective.ValueAndGradient(parameters, gradient);
            parameters[0] -= step * gradient[0];
            parameters[1] -= step * gradient[1];
            path.Add(new WeightPair(parameters[0], parameters[1]));
        }

        return path;
    }

    // A square with room around the path: one unit is equally long on both axes, or a canyon would look like a bowl.
    private static (double[] First, double[] Second) Window(WeightPair[] points)
    {
        var (left, right) = (points.Min(point => point.First), points.Max(point => point.First));
        var (bottom, top) = (points.Min(point => point.Second), points.Max(point => point.Second));
        var half = 0.75 * Math.Max(right - left, top - bottom);
        return (Axis((left + right) / 2), Axis((bottom + top) / 2));

        double[] Axis(double middle) =>
            [.. Enumerable.Range(0, GridSize).Select(i => Numbers.SixDigits(middle - half + (2 * half * i / (GridSize - 1))))];
    }
}
