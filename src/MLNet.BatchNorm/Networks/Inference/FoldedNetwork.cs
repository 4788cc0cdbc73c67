using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace MLNet.BatchNorm;

/// <summary>A dense layer and its activation, at inference.</summary>
/// <param name="Weights">[outputs, inputs], row-major.</param>
/// <param name="Bias">[outputs].</param>
/// <param name="Activation">Null for the output layer.</param>
/// <param name="LayerNormalization">The normalization of each row by itself. Null without it.</param>
internal sealed record FoldedLayer(float[] Weights, float[] Bias, ActivationFunction? Activation, FoldedLayerNormalization? LayerNormalization);

/// <summary>The normalization of a row over the neurons of a layer.</summary>
internal sealed record FoldedLayerNormalization(NormalizationPlacement Placement, double[] Gamma, double[] Beta, double Epsilon)
{
    public void Apply(Span<float> row)
    {
        (double mean, double variance) = RowNormalization.Measure<float>(row);
        RowNormalization.Forward<float>(row, row, mean, 1 / Math.Sqrt(variance + Epsilon), Gamma, Beta);
    }
}

/// <summary>The buffers that scoring a row needs; of one thread at a time.</summary>
internal sealed class NetworkScratch(int widestLayer)
{
    public float[] First { get; } = new float[widestLayer];

    public float[] Second { get; } = new float[widestLayer];
}

/// <summary>A network as it computes at inference. Immutable, and safe to use from many threads, each with a scratch of its own.</summary>
internal sealed class FoldedNetwork(ImmutableArray<FoldedLayer> layers)
{
    public ImmutableArray<FoldedLayer> Layers => layers;

    public int FeatureCount => layers[0].Weights.Length / layers[0].Bias.Length;

    public int OutputCount => layers[^1].Bias.Length;

    public NetworkScratch CreateScratch() => new(layers.Max(layer => layer.Bias.Length));

    /// <summary>
    /// Computes the outputs of one row: the logarithm of the odds for two classes, one number per class before the softmax for more, the
    /// prediction in the target's units for regression. Allocates nothing.
    /// </summary>
    public void Score(ReadOnlySpan<float> row, Span<float> outputs, NetworkScratch scratch)
    {
        ReadOnlySpan<float> values = row;
        float[] next = scratch.First;
        float[] other = scratch.Second;
        foreach (FoldedLayer layer in layers)
        {
            Span<float> result = layer.Activation is null ? outputs : next.AsSpan(0, layer.Bias.Length);
            ReadOnlySpan<float> weights = layer.Weights;
            for (int neuron = 0; neuron < result.Length; neuron++)
            {
                result[neuron] = TensorPrimitives.Dot(weights.Slice(neuron * values.Length, values.Length), values) + layer.Bias[neuron];
            }

            Activate(layer, result);
            values = result;
            (next, other) = (other, next);
        }
    }

    private static void Activate(FoldedLayer layer, Span<float> values)
    {
        if (layer.LayerNormalization is { Placement: NormalizationPlacement.BeforeActivation } before)
        {
            before.Apply(values);
        }

        if (layer.Activation is { } activation)
        {
            ActivationKernels.Forward(activation, values, values);
        }

        if (layer.LayerNormalization is { Placement: NormalizationPlacement.AfterActivation } behind)
        {
            behind.Apply(values);
        }
    }
}
