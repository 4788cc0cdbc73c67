using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;
using MLNet.BatchNorm.Convergence.Study.Networks.Inside;

namespace MLNet.BatchNorm.Convergence.Report.Lesson;

/// <summary>5. Loss and gradient along a step, gradients per layer, and whether it regularizes.</summary>
internal sealed class WhyItWorksSection(NetworkResult network, NetworkSettings settings, InsideResult inside) : IReportSection
{
    public string Id => "why-it-works";

    public string Title => "5. Why it works";

    public void Write(HtmlWriter html) => html
        .Element("p", "Santurkar et al. (2018, figure 4) ask how much loss and gradient change along the step that is about to be taken: where they change little, larger steps can be trusted.")
        .Charts(LossAlongStep(), GradientAlongStep(), GradientSizes(), Regularization());

    private Chart LossAlongStep()
    {
        var chart = new Chart("The loss along a step: lowest to highest") { Claim = InsideClaims.LossAlongStep(network, inside), Caption = "Steps of 0.5, 1, 2 and 4 learning rates against the gradient, from the network as it stands after the epoch." };
        foreach (var one in inside.Networks)
        {
            var (name, style) = (NormalizationNames.Of(one.Normalization), Series.Of(one.Normalization));
            chart.Add(Traces.Band(name, style, [.. one.Snapshots.Select(snapshot => ((double)snapshot.Epoch, Math.Max(1e-6, snapshot.LowestLoss), Math.Max(1e-6, snapshot.HighestLoss)))]));
            chart.Add(Traces.Line(name, style, one.Snapshots.Select(snapshot => ((double)snapshot.Epoch, snapshot.Loss))));
        }

        return chart.X("epoch").Y("loss on 256 training rows", log: true);
    }

    private Chart GradientAlongStep() => new Chart("The gradient along a step: how far it moves")
    {
        Claim = InsideClaims.GradientAlongStep(network, inside),
        Caption = "The largest distance from the gradient at the beginning of the step, in lengths of that gradient.",
    }
        .Add(inside.Networks.Select(one => Traces.Line(
            NormalizationNames.Of(one.Normalization), Series.Of(one.Normalization), one.Snapshots.Select(snapshot => ((double)snapshot.Epoch, snapshot.GradientChange)))))
        .X("epoch").Y("lengths of the gradient", log: true);

    private Chart GradientSizes()
    {
        var chart = new Chart("The size of the gradient in each layer") { Claim = InsideClaims.GradientSizes(network, inside), Caption = "Root mean square over the weights of the layer. First hidden layer full, second dashed." };
        foreach (var one in inside.Networks)
        {
            foreach (var layer in Enumerable.Range(0, one.Snapshots[0].Layers.Count))
            {
                chart.Add(Traces.Line(
                    $"{NormalizationNames.Of(one.Normalization)}, layer {Numbers.Whole(layer + 1)}", Series.Of(one.Normalization),
                    one.Snapshots.Select(snapshot => ((double)snapshot.Epoch, snapshot.Layers[layer].GradientSize)), dash: layer == 0 ? "solid" : "dash", markers: false));
            }
        }

        return chart.X("epoch").Y("gradient", log: true);
    }

    private Chart Regularization() => new Chart("Test loss at equal training loss")
    {
        Claim = NetworkClaims.Regularization(network, settings),
        Caption = "Each point is an epoch, training runs from right to left; the mean of the seeds. The training loss is that of the mini-batches, before each step.",
    }
        .Add(inside.Networks.Select(one => Traces.Line(
            NormalizationNames.Of(one.Normalization), Series.Of(one.Normalization), NetworkClaims.Path(network, settings, one.Normalization).Select(point => (point.TrainingLoss, point.TestLoss)))))
        .X("training loss", log: true).Y("test loss", log: true);
}
