using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>Gap against iterations: one chart per optimizer, all with the same axes.</summary>
internal static class CurveCharts
{
    // Near the rounding of single precision, which the trainers compute in.
    private const double Floor = 1e-9;

    public static IEnumerable<Chart> Draw(DataSetResult data, double c)
    {
        var unit = data.Task == LearningTask.Regression ? "share of the target's variance" : "nats";
        var races = data.Curves.Where(curve => curve.C == c).GroupBy(curve => curve.Optimizer).Where(race => race.Any(curve => curve.Points.Count > 1)).ToArray();
        var finite = races.SelectMany(race => race).SelectMany(curve => curve.Points).Where(point => double.IsFinite(point.Gap)).ToArray();
        if (finite.Length == 0)
        {
            yield break;
        }

        var highest = 2 * Math.Max(Floor, finite.Max(point => point.Gap));
        foreach (var race in races)
        {
            var longest = race.Max(curve => curve.Points[^1].Iterations);
            yield return new Chart($"{race.Key} on {data.Name}, C = {Numbers.Brief(c)}")
            {
                Claim = ScalingClaims.Trainer(data, [.. race]),
                Caption = race.Any(curve => curve.DivergedAt is not null)
                    ? $"Diverged: {string.Join(", ", race.Where(curve => curve.DivergedAt is not null).Select(curve => curve.Scaling))}."
                    : $"Minimizes {race.First().Objective}.",
            }
                .Add(race.Select(curve => Traces.Line(
                    curve.Scaling, Series.Of(curve.Scaling), curve.Points.Where(point => double.IsFinite(point.Gap)).Select(point => ((double)point.Iterations, Math.Max(Floor, point.Gap))))))
                .X(race.Key == "SDCA" ? "passes over the data" : "iterations", log: true, range: (0.8, Math.Max(2, 1.3 * longest)))
                .Y($"gap to the optimum, {unit}", log: true, range: (Floor / 2, highest));
        }
    }
}
