using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;
using MLNet.BatchNorm.Convergence.Study.Networks.Inside;

namespace MLNet.BatchNorm.Convergence.Report.Lesson;

/// <summary>4. Gamma and beta, running averages, training against inference.</summary>
internal sealed class GammaBetaSection(NetworkResult network, InsideResult inside) : IReportSection
{
    private static readonly Series[] Layers = [new("@standardized", "solid", "circle"), new("@raw", "dash", "diamond"), new("@batchnormalized", "dot", "square"), new("@whitened", "dashdot", "cross")];

    public string Id => "gamma-beta";

    public string Title => "4. Gamma and beta, training and inference";

    public void Write(HtmlWriter html)
    {
        html.Element("p", "Mean 0 and variance 1 alone would be too strict: gamma and beta let the network choose others. Training normalizes by the batch; running averages of its statistics take their place at inference, so that a row's score does not depend on the rows beside it.")
            .Charts([Learned(), Running(), .. inside.With.ByBatch.Count > 0 ? [Inference()] : Array.Empty<Chart>()]);
    }

    private Chart Learned() => new Chart("Gamma and beta of each neuron, after the training") { Claim = InsideClaims.GammaBeta(network, inside) }
        .Add(inside.With.Gamma.Select((gamma, layer) => Traces.Marks(
            $"hidden layer {Numbers.Whole(layer + 1)}", Layers[layer % 4].Color, Layers[layer % 4].Symbol + "-open", gamma.Zip(inside.With.Beta[layer]), size: 6, hover: "gamma %{x:.3f}, beta %{y:.3f}")))
        .X("gamma").Y("beta");

    private Chart Running() => new Chart("Running means: how far from the true ones")
    {
        Claim = InsideClaims.Running(network, inside),
        Caption = "On average over the neurons, in standard deviations; the true means are those of 256 training rows under the network as it stands after the epoch.",
    }
        .Add(Enumerable.Range(0, inside.With.Gamma.Count).Select(layer => Traces.Line(
            $"hidden layer {Numbers.Whole(layer + 1)}", Layers[layer % 4], inside.With.Snapshots.Select(snapshot => ((double)snapshot.Epoch, snapshot.Layers[layer].RunningError ?? double.NaN)))))
        .X("epoch").Y("standard deviations");

    private Chart Inference() => new Chart($"{network.Score} on the test rows: by the batch's statistics, and by the running ones") { Claim = InsideClaims.Inference(network, inside) }
        .Add(
            Traces.Line("by the statistics of the batch", Series.Of(NormalizationNames.None), inside.With.ByBatch.Select(entry => ((double)entry.BatchSize, entry.Score))),
            Traces.Line("by the running averages", Series.Of(NormalizationNames.Batch), inside.With.ByBatch.Select(entry => ((double)entry.BatchSize, inside.With.RunningScore)), markers: false))
        .X("test rows in a batch", log: true, ticks: [.. inside.With.ByBatch.Select(entry => (double)entry.BatchSize)]).Y(network.Score);
}
