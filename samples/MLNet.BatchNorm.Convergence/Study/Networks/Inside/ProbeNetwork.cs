using System.Numerics.Tensors;

namespace MLNet.BatchNorm.Convergence.Study.Networks.Inside;

/// <summary>
/// A trained network, opened: what each layer receives, and the gradient of its loss, in double. Without normalization or with batch
/// normalization before the activation; the activations are Sigmoid and ReLU.
/// </summary>
internal sealed class ProbeNetwork(IReadOnlyList<ProbeLayer> layers, ActivationFunction activation, double targetMean, double targetScale)
{
    public IReadOnlyList<ProbeLayer> Layers { get; } = layers;

    public static ProbeNetwork Of(MultilayerPerceptronModel model) => new(
        [.. model.Layers.Select(layer => ProbeLayer.Of(layer, model.Options.NormalizationEpsilon))], model.Options.Activation, model.TargetMean, model.TargetScale);

    /// <summary>Runs rows through it, normalized by their own statistics as in training, or by the running ones.</summary>
    public ProbePass Run(ProbeRows rows, bool byBatch)
    {
        var pass = new ProbePass();
        var x = rows.Values;
        foreach (var (index, layer) in Layers.Index())
        {
            pass.Inputs.Add(x);
            var z = layer.Dense(x, rows.Count);
            pass.Dense.Add(z);
            var norm = layer.IsNormalized && byBatch ? layer.Normalization() : null;
            var received = z;
            if (norm is not null)
            {
                norm.Forward<double>(z, received = new double[z.Length], rows.Count, training: true);
            }
            else if (layer.IsNormalized)
            {
                received = layer.NormalizeByRunning(z, rows.Count);
            }

            pass.Norms.Add(norm);
            pass.Received.Add(received);
            x = index == Layers.Count - 1 ? received : Array.ConvertAll(received, Activate);
        }

        return pass;
    }

    /// <summary>The mean loss of a pass: cross-entropy in nats, or half the squared error in units of the label's variance.</summary>
    public double Loss(ProbeRows rows, ProbePass pass, double[]? outputGradient = null) =>
        ProbeLoss.Of(rows, pass.Outputs, Layers[^1].OutputCount, targetMean, targetScale, outputGradient);

    /// <summary>The score of the outputs: accuracy, or R squared.</summary>
    public double Score(ProbeRows rows, double[] outputs) => ProbeLoss.Score(rows, outputs, Layers[^1].OutputCount, targetMean, targetScale);

    /// <summary>The score at inference: by the statistics that the network came with.</summary>
    public double InferenceScore(ProbeRows rows) => Score(rows, Run(rows, byBatch: false).Outputs);

    /// <summary>The loss as in training, and its gradient: per layer that of the weights, the bias, gamma and beta.</summary>
    public (double Loss, double[][][] Gradient) Differentiate(ProbeRows rows)
    {
        var pass = Run(rows, byBatch: true);
        var gradient = new double[Layers.Count][][];
        var upstream = new double[pass.Outputs.Length];
        var loss = Loss(rows, pass, upstream);
        for (var index = Layers.Count - 1; index >= 0; index--)
        {
            var (layer, norm) = (Layers[index], pass.Norms[index]);
            if (index < Layers.Count - 1)
            {
                var received = pass.Received[index];
                for (var i = 0; i < upstream.Length; i++)
                {
                    upstream[i] *= Slope(received[i]);
                }
            }

            var dense = upstream;
            if (norm is not null)
            {
                norm.Backward<double>(pass.Dense[index], upstream, dense = new double[upstream.Length], rows.Count);
            }

            gradient[index] = [new double[layer.Weights.Length], new double[layer.OutputCount], norm?.GammaGradient.ToArray() ?? [], norm?.BetaGradient.ToArray() ?? []];
            upstream = Back(layer, pass.Inputs[index], dense, gradient[index], rows.Count);
        }

        return (loss, gradient);
    }

    /// <summary>The network after a step of that length against the gradient.</summary>
    public ProbeNetwork Step(double[][][] gradient, double length)
    {
        return new ProbeNetwork(
            [.. Layers.Select((layer, i) => layer with
            {
                Weights = Moved(layer.Weights, gradient[i][0]),
                Bias = Moved(layer.Bias, gradient[i][1]),
                Gamma = Moved(layer.Gamma, gradient[i][2]),
                Beta = Moved(layer.Beta, gradient[i][3]),
            })],
            activation, targetMean, targetScale);

        double[] Moved(double[] from, double[] along) => [.. from.Zip(along, (value, slope) => value - (length * slope))];
    }

    private static double[] Back(ProbeLayer layer, double[] inputs, double[] dense, double[][] gradient, int rowCount)
    {
        var (width, outputs) = (layer.InputCount, layer.OutputCount);
        var upstream = new double[rowCount * width];
        for (var row = 0; row < rowCount; row++)
        {
            var x = inputs.AsSpan(row * width, width);
            var toInputs = upstream.AsSpan(row * width, width);
            for (var output = 0; output < outputs; output++)
            {
                var slope = dense[(row * outputs) + output];
                var weights = gradient[0].AsSpan(output * width, width);
                TensorPrimitives.MultiplyAdd(x, slope, weights, weights);
                TensorPrimitives.MultiplyAdd(layer.Weights.AsSpan(output * width, width), slope, toInputs, toInputs);
                gradient[1][output] += slope;
            }
        }

        return upstream;
    }

    private double Activate(double value) => activation == ActivationFunction.Sigmoid ? 1 / (1 + Math.Exp(-value)) : Math.Max(0, value);

    private double Slope(double value)
    {
        if (activation != ActivationFunction.Sigmoid)
        {
            return value > 0 ? 1 : 0;
        }

        var output = Activate(value);
        return output * (1 - output);
    }
}
