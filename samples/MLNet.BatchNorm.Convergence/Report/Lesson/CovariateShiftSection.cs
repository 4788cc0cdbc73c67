using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;
using MLNet.BatchNorm.Convergence.Study.Networks.Inside;
using static MLNet.BatchNorm.Convergence.Report.Charts.Traces;

namespace MLNet.BatchNorm.Convergence.Report.Lesson;

/// <summary>3. The distribution of what each layer receives, replayed over the training.</summary>
internal sealed class CovariateShiftSection(NetworkResult network, InsideResult inside) : IReportSection
{
    private const string PlayerId = "replay";

    // The layers, from the first on.
    private static readonly string[] Colors = ["@standardized", "@raw", "@batchnormalized", "@whitened"];
    private static readonly string[] Dashes = ["solid", "dash", "dot", "dashdot"];

    public string Id => "covariate-shift";

    public string Title => "3. Internal covariate shift";

    public void Write(HtmlWriter html)
    {
        var epochs = inside.With.Snapshots.Select(snapshot => snapshot.Epoch).ToArray();
        html.Element("p", "A layer's output is the next layer's input: as the weights move, so does the distribution that the layers behind must learn from.")
            .Raw($"<div class=\"player\" id=\"{PlayerId}\" data-epochs=\"[{string.Join(",", epochs)}]\"><button type=\"button\">Play</button>"
                + $"<input type=\"range\" min=\"0\" max=\"{epochs.Length - 1}\" value=\"0\" aria-label=\"epoch\"><output>after epoch {epochs[0]}</output></div>")
            .Charts(Draw(inside.Without), Draw(inside.With));
    }

    private Chart Draw(InsideNetwork one)
    {
        double[] middles = [.. inside.BinEdges.Zip(inside.BinEdges.Skip(1), (low, high) => Numbers.SixDigits((low + high) / 2))];
        var highest = inside.Networks.SelectMany(network => network.Snapshots).SelectMany(snapshot => snapshot.Layers).SelectMany(layer => layer.Shares).Max();
        var chart = new Chart($"{NormalizationNames.Of(one.Normalization)}: what the activations receive")
        {
            Height = 280,
            Claim = InsideClaims.CovariateShift(network, one.Normalization),
            Player = PlayerId,
            Caption = $"{inside.Activation}, learning rate {Numbers.Brief(inside.LearningRate)}; all neurons of a layer, over 256 training rows. What lies beyond the axis counts at its ends.",
        };
        foreach (var layer in Enumerable.Range(0, one.Snapshots[0].Layers.Count))
        {
            double[][] frames = [.. one.Snapshots.Select(snapshot => snapshot.Layers[layer].Shares.Select(share => Math.Round(share, 5)).ToArray())];
            chart.Add(Line($"hidden layer {Numbers.Whole(layer + 1)}", new Series(Colors[layer % 4], Dashes[layer % 4], "circle"), middles.Zip(frames[0]), markers: false)
                .With("customdata", frames).With("fill", "tozeroy").With("fillcolor", Colors[layer % 4] + "-faint"));
        }

        return chart.X("value", range: (inside.BinEdges[0], inside.BinEdges[^1])).Y("share", range: (0, 1.05 * highest));
    }
}
