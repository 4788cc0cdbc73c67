using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>A trained network: its layers with their normalization apart. Immutable.</summary>
internal sealed class TrainedNetwork
{
    private readonly FoldedNetwork _folded;

    /// <summary>Checks and keeps the layers.</summary>
    /// <exception cref="ArgumentException">
    /// The layers do not fit together, a number is not finite, or weights are so large that scores would not be.
    /// </exception>
    public TrainedNetwork(
        NetworkTask task,
        int featureCount,
        int outputCount,
        ActivationFunction activation,
        ImmutableArray<TrainedLayer> layers,
        double targetMean,
        double targetScale)
    {
        (Task, FeatureCount, OutputCount, Activation, Layers) = (task, featureCount, outputCount, activation, layers);
        (TargetMean, TargetScale) = (targetMean, targetScale);
        int inputCount = featureCount;
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i].Check(inputCount, $"Layer {i + 1}");
            inputCount = layers[i].OutputCount;
        }

        if (layers.IsEmpty || inputCount != outputCount || layers[^1].Normalization != NetworkNormalization.None)
        {
            throw new ArgumentException($"Expected an output layer of {outputCount} neuron(s) without normalization.");
        }

        if (!double.IsFinite(targetMean) || !(targetScale > 0 && double.IsFinite(targetScale)))
        {
            throw new ArgumentException($"Expected a finite mean and a positive scale of the target; found {targetMean} and {targetScale}.");
        }

        _folded = CreateFolded();
        NetworkMagnitude.Check(_folded);
    }

    public NetworkTask Task { get; }

    public int FeatureCount { get; }

    public int OutputCount { get; }

    public ActivationFunction Activation { get; }

    /// <summary>The hidden layers, then the output layer.</summary>
    public ImmutableArray<TrainedLayer> Layers { get; }

    /// <summary>Regression: the mean of the training targets, which the network predicts less this, in units of <see cref="TargetScale"/>.</summary>
    public double TargetMean { get; }

    /// <summary>Regression: the standard deviation of the training targets. 1 for classes.</summary>
    public double TargetScale { get; }

    /// <summary>
    /// The network as it computes at inference, batch normalization and the target's scale folded into the dense layers. Before the
    /// activation: W' = s W, b' = s b + t with s = gamma / sqrt(variance + epsilon), t = beta - s mean, per neuron. Behind it: the next
    /// layer's W' = W s per input, b' = b + W t.
    /// </summary>
    public FoldedNetwork Fold() => _folded;

    private FoldedNetwork CreateFolded()
    {
        var folded = ImmutableArray.CreateBuilder<FoldedLayer>(Layers.Length);
        TrainedLayer? before = null;
        for (int i = 0; i < Layers.Length; i++)
        {
            bool isOutput = i == Layers.Length - 1;
            folded.Add(Fold(Layers[i], before is { IsAffineAtInference: true, Placement: NormalizationPlacement.AfterActivation } ? before : null, isOutput));
            before = Layers[i];
        }

        return new FoldedNetwork(folded.MoveToImmutable());
    }

    private FoldedLayer Fold(TrainedLayer layer, TrainedLayer? normalizedInput, bool isOutput)
    {
        var weights = new float[layer.Weights.Length];
        var bias = new float[layer.OutputCount];
        bool foldsItself = layer.IsAffineAtInference && layer.Placement == NormalizationPlacement.BeforeActivation;
        for (int neuron = 0; neuron < layer.OutputCount; neuron++)
        {
            double scale = foldsItself ? layer.Scale(neuron) : isOutput ? TargetScale : 1;
            double shift = foldsItself ? layer.Shift(neuron) : isOutput ? TargetMean : 0;
            double sum = layer.Bias[neuron];
            for (int input = 0; input < layer.InputCount; input++)
            {
                int index = (neuron * layer.InputCount) + input;
                weights[index] = (float)(scale * layer.Weights[index] * (normalizedInput?.Scale(input) ?? 1));
                sum += layer.Weights[index] * (normalizedInput?.Shift(input) ?? 0);
            }

            bias[neuron] = (float)((scale * sum) + shift);
        }

        FoldedRowNormalization? byRow = layer.Normalization is NetworkNormalization.Layer or NetworkNormalization.Group or NetworkNormalization.RMS
            ? new FoldedRowNormalization(
                layer.Placement, layer.GroupCount, layer.Normalization != NetworkNormalization.RMS, layer.Gamma!, layer.Beta!, layer.Epsilon)
            : null;
        return new FoldedLayer(weights, bias, isOutput ? null : Activation, byRow);
    }
}
