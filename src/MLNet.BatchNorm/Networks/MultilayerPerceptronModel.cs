using System.Collections.Immutable;
using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>What a multilayer perceptron has learned: its layers as they were trained, before anything was folded, and how the training went.</summary>
/// <remarks>Immutable, and safe to use from many threads.</remarks>
public sealed class MultilayerPerceptronModel
{
    internal MultilayerPerceptronModel(FittedNetwork fitted)
    {
        Fitted = fitted;
        var network = fitted.Network;
        FeatureCount = network.FeatureCount;
        OutputCount = network.OutputCount;
        Options = fitted.Options;
        History = fitted.History;
        TargetMean = network.TargetMean;
        TargetScale = network.TargetScale;
        Layers = [.. network.Layers.Select(layer => new MultilayerPerceptronLayer(layer))];
    }

    /// <summary>All that the training has found.</summary>
    internal FittedNetwork Fitted { get; }

    /// <summary>The number of features.</summary>
    public int FeatureCount { get; }

    /// <summary>The number of outputs: one per class for more than two classes, otherwise one.</summary>
    public int OutputCount { get; }

    /// <summary>The options of the training. What only says how it runs (threads, progress, cancellation) is not kept in a saved model.</summary>
    public MultilayerPerceptronOptions Options { get; }

    /// <summary>The hidden layers, from the features on, and behind them the output layer.</summary>
    public ImmutableArray<MultilayerPerceptronLayer> Layers { get; }

    /// <summary>Regression: the mean of the training labels. The outputs of the last layer times <see cref="TargetScale"/> plus this are the score; 0 for classes.</summary>
    public double TargetMean { get; }

    /// <summary>Regression: what the standardized outputs of the last layer are multiplied by to be in the units of the label; 1 for classes.</summary>
    public double TargetScale { get; }

    /// <summary>The number of weights, biases, gammas and betas.</summary>
    public long ParameterCount => Layers.Sum(layer => (long)layer.Weights.Length + layer.Bias.Length + layer.Gamma.Length + layer.Beta.Length);

    /// <summary>
    /// The epochs that the network has come through, those of earlier trainings that it went on from included: fewer than
    /// <see cref="History"/> has where early stopping returned an earlier network than the last.
    /// </summary>
    public int TrainedEpochs => Fitted.EpochCount;

    /// <summary>What each epoch of the training has come to, in order; of a training that went on from another, of both.</summary>
    public ImmutableArray<EpochProgress> History { get; }

    /// <summary>The task, the widths from the features to the outputs, activation and normalization, and the number of parameters.</summary>
    public override string ToString()
    {
        string widths = string.Join("-", Layers.Select(layer => layer.OutputCount).Prepend(FeatureCount));
        string hidden = Layers.Length == 1
            ? "no hidden layer"
            : $"{Options.Activation}, {NetworkText.Of(Options.Normalization, Options.NormalizationPlacement, Options.GroupCount)}";
        return string.Create(CultureInfo.InvariantCulture, $"Multilayer perceptron {widths} for {NetworkText.Of(Fitted.Task)}: {hidden}, {ParameterCount} parameters, trained for {History.Length} epoch(s)");
    }
}
