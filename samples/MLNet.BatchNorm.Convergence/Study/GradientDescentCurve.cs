using MLNet.BatchNorm.Convergence.Optimizers;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>Measures one curve of plain gradient descent, every iteration of which can be watched.</summary>
internal static class GradientDescentCurve
{
    public const string Name = "gradient descent";

    public static CurveResult Measure(PreparedData data, double c, StudySettings settings, CancellationToken cancellation)
    {
        var objective = Losses.Usual(data.Data, data.Matrix, new Objectives.Regularization(data.Strength(c), IncludesIntercept: false));
        var optimum = NewtonSolver.Minimize(objective, cancellation);
        var ladder = BudgetLadder.UpTo(settings.MaximumGradientSteps).ToHashSet();
        var arrivals = new int?[settings.Tolerances.Count];
        var points = new List<CurvePoint>();
        var iteration = 0;
        foreach (var value in GradientDescent.Objectives(objective, GradientDescent.StepLength(objective)))
        {
            cancellation.ThrowIfCancellationRequested();
            var gap = (value - optimum.Value) / objective.GapUnit;
            var arrived = false;
            for (var i = 0; i < arrivals.Length; i++)
            {
                if (arrivals[i] is null && gap <= settings.Tolerances[i])
                {
                    (arrivals[i], arrived) = (iteration, true);
                }
            }

            var last = iteration == settings.MaximumGradientSteps || arrivals.All(arrival => arrival is not null);
            if (iteration > 0 && (arrived || last || ladder.Contains(iteration)))
            {
                points.Add(new CurvePoint(iteration, value, gap));
            }

            if (last)
            {
                break;
            }

            iteration++;
        }

        return new CurveResult(
            Name,
            data.Scaling.Name,
            c,
            objective.Regularization.Describe(objective.LossName),
            optimum.Value,
            objective.GapUnit,
            points,
            [.. settings.Tolerances.Select((tolerance, i) => new Arrival(tolerance, arrivals[i], settings.MaximumGradientSteps))],
            UnchangedFrom: null);
    }
}
