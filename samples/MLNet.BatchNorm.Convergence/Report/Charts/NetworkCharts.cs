using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>Charts of trainings of networks, with and without batch normalization.</summary>
internal static class NetworkCharts
{
    private static readonly NetworkNormalization[] Pair = [NetworkNormalization.None, NetworkNormalization.Batch];
    private static readonly double[] Rounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
    private static readonly ActivationFunction[] Activations = [ActivationFunction.Sigmoid, ActivationFunction.ReLU];

    /// <summary>A number of each epoch: the median of the seeds, and the band from the lowest to the highest.</summary>
    public static Chart Epochs(NetworkResult network, NetworkSettings settings, string axis, Func<EpochPoint, double> value, bool log, string? claim)
    {
        var chart = new Chart($"{axis}, learning rate {Numbers.Brief(settings.LearningRate)}") { Claim = claim, Caption = $"{Numbers.Whole(settings.Seeds.Count)} seeds: their median, and the band from the lowest to the highest. Sigmoid dashed, ReLU full." };
        foreach (var activation in Activations)
        {
            foreach (var kind in Pair)
            {
                var runs = NetworkClaims.Trainings(network, settings, activation, kind).Where(run => run.Epochs.Count > 0).ToArray();
                var epochs = runs.Length == 0 ? 0 : runs.Min(run => run.Epochs.Count);
                var points = Enumerable.Range(0, epochs).Select(epoch => (X: epoch + 1d, Values: runs.Select(run => value(run.Epochs[epoch])).Order().ToArray())).ToArray();
                var style = Series.Of(kind);
                var name = $"{activation}, {NormalizationNames.Of(kind)}";
                chart.Add(Traces.Band(name, style, [.. points.Select(point => (point.X, point.Values[0], point.Values[^1]))]));
                chart.Add(Traces.Line(name, style, points.Select(point => (point.X, point.Values[point.Values.Length / 2])), dash: activation == ActivationFunction.Sigmoid ? "dash" : "solid", markers: false));
            }
        }

        return chart.X("epoch").Y(axis, log);
    }

    /// <summary>Epochs to the target by learning rate, one chart per activation, on the same axes; what did not arrive stands on the line above.</summary>
    public static IEnumerable<Chart> LearningRates(NetworkResult network)
    {
        var most = network.LearningRates.Max(entry => entry.Cell.Epochs);
        var never = 1.5 * most;
        var rates = network.LearningRates.Select(entry => entry.Cell.LearningRate).ToArray();
        foreach (var activation in network.LearningRates.GroupBy(entry => entry.Cell.Activation))
        {
            var chart = new Chart($"{activation.Key}: epochs until {network.TargetInWords}")
            {
                Claim = NetworkClaims.LearningRates(network, activation.Key),
                Caption = $"On the dotted line: not reached in {Numbers.Whole(most)} epochs (circle), or diverged (cross), by most of the seeds.",
            };
            foreach (var kind in activation.GroupBy(entry => entry.Cell.Normalization))
            {
                var (style, name) = (Series.Of(kind.Key), NormalizationNames.Of(kind.Key));

                // The two kinds side by side where both did not arrive.
                var shift = kind.Key == NetworkNormalization.None ? 0.94 : 1.06;
                chart.Add(Traces.Line(name, style, kind.Where(entry => entry.MedianEpochsToTarget is not null).Select(entry => (entry.Cell.LearningRate, entry.MedianEpochsToTarget!.Value))));
                chart.Add(Traces.Marks(name, style.Color, "circle-open", Missed(kind, diverged: false, shift), hover: "%{x:.3~g}: not reached", legend: false));
                chart.Add(Traces.Marks(name, style.Color, "x-thin", Missed(kind, diverged: true, shift), hover: "%{x:.3~g}: diverged", legend: false));
            }

            yield return chart.Level(never).X("learning rate", log: true, range: (rates.Min() / 1.6, rates.Max() * 1.6))
                .Y("epochs", log: true, range: (0.8, 1.25 * never), ticks: [.. Rounds.Where(round => round <= most).Select(round => (round, Numbers.Brief(round))), (never, $"> {Numbers.Whole(most)}")]);
        }

        IEnumerable<(double X, double Y)> Missed(IEnumerable<NetworkCellResult> entries, bool diverged, double shift) => entries
            .Where(entry => entry.MedianEpochsToTarget is null && (entry.MedianScore is null) == diverged).Select(entry => (entry.Cell.LearningRate * shift, never));
    }

    /// <summary>The score at the end, by the scale of the initial weights.</summary>
    public static Chart Initializations(NetworkResult network)
    {
        var names = network.Initializations.Where(entry => entry.Cell.Normalization == NetworkNormalization.None)
            .Select(entry => $"{entry.Cell.Activation}, {InWords(entry.Cell.Initialization)}").ToArray();
        return new Chart($"{network.Score} at the end, by the initial weights")
        {
            Claim = NetworkClaims.Initializations(network),
            Caption = $"Too small: {Study.Networks.Initializations.Small}. Right: {Study.Networks.Initializations.Xavier}. Too large: {Study.Networks.Initializations.Large}. No bar: diverged.",
        }
            .Add(Pair.Select(kind => Traces.Bars(
                NormalizationNames.Of(kind), Series.Of(kind).Color, names, [.. network.Initializations.Where(entry => entry.Cell.Normalization == kind).Select(entry => entry.MedianScore)])))
            .X(string.Empty).Categories().Y(network.Score);
    }

    /// <summary>The score by the size of the batches, for every normalization.</summary>
    public static Chart BatchSizes(NetworkResult network)
    {
        var sizes = network.BatchSizes.Select(entry => (double)entry.Cell.BatchSize).Distinct().ToArray();
        return new Chart($"{network.Score} on the test rows by batch size")
        {
            Claim = BatchSizeClaims.Kinds(network),
            Caption = $"ReLU, {Numbers.Whole(network.BatchSizes[0].Cell.Epochs)} epochs at learning rate {Numbers.Brief(network.BatchSizes[0].Cell.LearningRate)}; the median of the seeds. A point that is missing diverged.",
        }
            .Add(network.BatchSizes.GroupBy(entry => entry.Cell.Normalization).Select(kind => Traces.Line(
                NormalizationNames.Of(kind.Key), Series.Of(kind.Key), kind.Where(entry => entry.MedianScore is not null).Select(entry => ((double)entry.Cell.BatchSize, entry.MedianScore!.Value)))))
            .X("rows in a batch", log: true, ticks: sizes).Y(network.Score);
    }

    public static string InWords(string initialization) => initialization switch
    {
        Study.Networks.Initializations.Small => "too small",
        Study.Networks.Initializations.Large => "too large",
        _ => "right",
    };
}
