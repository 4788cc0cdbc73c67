using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>
/// One layer of a <see cref="MultilayerPerceptronModel"/>: z = W x + bias; of a hidden layer also the normalization gamma (z - mean) /
/// sqrt(variance + epsilon) + beta, before or behind the activation, as the options say.
/// </summary>
/// <remarks>Immutable, and safe to use from many threads.</remarks>
public sealed class MultilayerPerceptronLayer
{
    internal MultilayerPerceptronLayer(TrainedLayer layer)
    {
        Weights = [.. layer.Weights];
        Bias = [.. layer.Bias];
        Normalization = layer.Normalization;
        Gamma = [.. layer.Gamma ?? []];
        Beta = [.. layer.Beta ?? []];
        RunningMean = [.. layer.RunningMean ?? []];
        RunningVariance = [.. layer.RunningVariance ?? []];
    }

    /// <summary>The number of inputs.</summary>
    public int InputCount => Weights.Length / Bias.Length;

    /// <summary>The number of neurons.</summary>
    public int OutputCount => Bias.Length;

    /// <summary>W, [outputs, inputs], row-major.</summary>
    public ImmutableArray<float> Weights { get; }

    /// <summary>[outputs].</summary>
    public ImmutableArray<float> Bias { get; }

    /// <summary>How the layer is normalized; the output layer never is.</summary>
    public NetworkNormalization Normalization { get; }

    /// <summary>The learned scale of each normalized neuron, [outputs]; empty without normalization.</summary>
    public ImmutableArray<double> Gamma { get; }

    /// <summary>The learned shift of each normalized neuron, [outputs]; empty without normalization.</summary>
    public ImmutableArray<double> Beta { get; }

    /// <summary>The running mean of each neuron, [outputs]; empty unless normalized over batches.</summary>
    public ImmutableArray<double> RunningMean { get; }

    /// <summary>The running variance of each neuron, [outputs]; empty unless normalized over batches.</summary>
    public ImmutableArray<double> RunningVariance { get; }

    /// <summary>The layer's widths and normalization.</summary>
    public override string ToString() => $"Dense layer {InputCount}-{OutputCount}{(Normalization == NetworkNormalization.None ? "" : $", normalization {Normalization}")}";
}
