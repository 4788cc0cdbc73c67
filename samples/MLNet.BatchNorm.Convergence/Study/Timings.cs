using System.Diagnostics;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>Seconds, kept apart from the results, which do not depend on the machine. This is what timings.json holds.</summary>
/// <param name="HowMeasured">In words.</param>
/// <param name="Arrivals">The time to arrive within each tolerance.</param>
/// <param name="Pipelines">The time to fit each pipeline with the largest budget.</param>
/// <param name="TotalSeconds">The whole study.</param>
public sealed record TimingResults(
    string HowMeasured, IReadOnlyList<ArrivalTiming> Arrivals, IReadOnlyList<PipelineTiming> Pipelines, double TotalSeconds);

/// <summary>How long one training with just the budget that arrives takes.</summary>
public sealed record ArrivalTiming(string DataSet, string Optimizer, string Scaling, double C, double Tolerance, double Seconds);

/// <summary>How long one pipeline took to fit.</summary>
public sealed record PipelineTiming(string DataSet, string Trainer, string Scaling, int Budget, double Seconds);

/// <summary>Takes the times after everything else is done, one training at a time, so that no other work disturbs them.</summary>
internal static class ArrivalClock
{
    public const string HowMeasured =
        "Seconds to arrive: one training on one thread with just the budget that arrives, alone on the machine after all curves were "
        + "measured (so compiled and warm), on scaled rows already in memory; the fastest of three, or a single one if it takes over a "
        + "quarter of a second. Seconds to fit a pipeline: scaling included, once, while other pipelines were being fitted on the other cores.";

    private const int Repetitions = 3;
    private const double LongEnough = 0.25;

    public static IEnumerable<ArrivalTiming> Measure(
        string dataSet, PreparedData data, IEnumerable<CurveResult> curves, StudySettings settings, StudyClock clock)
    {
        foreach (var curve in curves)
        {
            if (MLTrainers.For(data.Data.Task).FirstOrDefault(trainer => trainer.Name == curve.Optimizer) is not { } trainer)
            {
                continue;
            }

            foreach (var arrival in curve.Arrivals.Where(arrival => arrival.Iterations is not null && !clock.IsLate))
            {
                var budget = new TrainerSettings(data.Strength(curve.C), data.Data.Rows.Length, arrival.Iterations!.Value, settings.Seed);
                yield return new ArrivalTiming(
                    dataSet, curve.Optimizer, curve.Scaling, curve.C, arrival.Tolerance, Fastest(trainer, data, budget, clock.Cancellation));
            }
        }
    }

    private static double Fastest(MLTrainer trainer, PreparedData data, TrainerSettings settings, CancellationToken cancellation)
    {
        var fastest = double.PositiveInfinity;
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            cancellation.ThrowIfCancellationRequested();
            var watch = Stopwatch.StartNew();
            trainer.Fit(data.View, DataViews.Features, settings);
            fastest = Math.Min(fastest, watch.Elapsed.TotalSeconds);
            if (fastest > LongEnough)
            {
                break;
            }
        }

        return fastest;
    }
}
