using MLNet.BatchNorm.Convergence.Optimizers;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>Measures one curve of plain gradient descent, every iteration of which can be watched.</summary>
internal static class GradientDescentCurve
{
    public const string Name = "gradient descent";

    public static CurveResult Measure(PreparedData data, double c, StudySettings settings, StudyClock clock)
    {
        var (objective, optimum) = data.SolveUsual(c, clock.Cancellation);
        var ladder = BudgetLadder.UpTo(settings.MaximumGradientSteps).ToHashSet();
        var arrivals = new int?[settings.Tolerances.Count];
        var points = new List<CurvePoint>();
        var iteration = 0;
        var endedEarly = false;
        foreach (var value in GradientDescent.Objectives(objective, GradientDescent.StepLength(objective)))
        {
            clock.Cancellation.ThrowIfCancellationRequested();
            var gap = double.IsFinite(value) ? (value - optimum.Value) / objective.GapUnit : double.PositiveInfinity;
            var arrived = false;
            for (var i = 0; i < arrivals.Length; i++)
            {
                if (arrivals[i] is null && gap <= settings.Tolerances[i])
                {
                    (arrivals[i], arrived) = (iteration, true);
                }
            }

            var diverged = double.IsPositiveInfinity(gap);
            var done = iteration == settings.MaximumGradientSteps || diverged || arrivals.All(arrival => arrival is not null);
            endedEarly = !done && iteration > 0 && clock.IsLate;
            var last = done || endedEarly;
            if (iteration > 0 && (arrived || last || ladder.Contains(iteration)))
            {
                points.Add(new CurvePoint(iteration, double.IsFinite(value) ? value : double.PositiveInfinity, gap));
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
            [.. settings.Tolerances.Select((tolerance, i) => new Arrival(tolerance, arrivals[i], endedEarly ? iteration : settings.MaximumGradientSteps))],
            UnchangedFrom: null,
            DivergedAt: double.IsFinite(points[^1].Gap) ? null : points[^1].Iterations)
        { EndedEarly = endedEarly };
    }
}
