using MLNet.BatchNorm.Convergence.Optimizers;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>The lesson's claim that scaling allows larger steps: mini-batch gradient descent at each rate of a ladder.</summary>
internal static class LearningRates
{
    public static LearningRateResult Measure(PreparedData data, StudySettings settings, CancellationToken cancellation)
    {
        var (objective, optimum) = data.SolveUsual(settings.InverseStrengths[0], cancellation);
        var start = Gap(objective.Value(new double[objective.ParameterCount]));
        var points = settings.LearningRates.Select(rate =>
        {
            cancellation.ThrowIfCancellationRequested();
            var value = StochasticGradientDescent.Run(objective, rate, settings.BatchSize, settings.LearningRateEpochs, settings.Seed);

            // What ends higher than it began has diverged, whether or not the numbers still fit into a double.
            return new LearningRatePoint(rate, value is { } reached && Gap(reached) < start ? Gap(reached) : null);
        }).ToArray();

        var best = points.Where(point => point.Gap is not null).MinBy(point => point.Gap);
        return new LearningRateResult(
            data.Scaling.Name, points, points.LastOrDefault(point => point.Gap is not null)?.LearningRate, best?.LearningRate, best?.Gap);

        double Gap(double value) => (value - optimum.Value) / objective.GapUnit;
    }
}
