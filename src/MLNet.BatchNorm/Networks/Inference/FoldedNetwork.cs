using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace MLNet.BatchNorm;

/// <summary>A dense layer and its activation, at inference.</summary>
/// <param name="Weights">[outputs, inputs], row-major.</param>
/// <param name="Bias">[outputs].</param>
/// <param name="Activation">Null for the output layer.</param>
/// <param name="ByRow">The normalization of each row by itself. Null without it.</param>
internal sealed record FoldedLayer(float[] Weights, float[] Bias, ActivationFunction? Activation, FoldedRowNormalization? ByRow);

/// <summary>The normalization of a row over the neurons of a layer.</summary>
/// <param name="Placement">Where it stands.</param>
/// <param name="GroupCount">Groups of neighbouring neurons that are normalized apart; 1 for the whole row.</param>
/// <param name="Centers">Whether the mean is subtracted first.</param>
/// <param name="Gamma">[neurons].</param>
/// <param name="Beta">[neurons].</param>
/// <param name="Epsilon">Added to the variance, or the mean square.</param>
internal sealed record FoldedRowNormalization(
    NormalizationPlacement Placement, int GroupCount, bool Centers, double[] Gamma, double[] Beta, double Epsilon)
{
    /// <summary>Neurons of a group.</summary>
    public int GroupLength => Gamma.Length / GroupCount;

    public void Apply(Span<float> row)
    {
        int length = GroupLength;
        for (int start = 0; start < row.Length; start += length)
        {
            Span<float> group = row.Slice(start, length);
            (double mean, double variance) = Centers ? RowNormalization.Measure<float>(group) : (0, RowNormalization.MeanSquare<float>(group));
            RowNormalization.Forward<float>(
                group, group, mean, 1 / Math.Sqrt(variance + Epsilon), Gamma.AsSpan(start, length), Beta.AsSpan(start, length));
        }
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
        if (layer.ByRow is { Placement: NormalizationPlacement.BeforeActivation } before)
        {
            before.Apply(values);
        }

        if (layer.Activation is { } activation)
        {
            ActivationKernels.Forward(activation, values, values);
        }

        if (layer.ByRow is { Placement: NormalizationPlacement.AfterActivation } behind)
        {
            behind.Apply(values);
        }
    }
}
