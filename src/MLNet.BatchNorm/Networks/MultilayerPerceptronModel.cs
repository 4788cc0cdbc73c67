using System.Collections.Immutable;
using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>What a multilayer perceptron has learned: its layers as they were trained, before anything was folded, and how the training went.</summary>
/// <remarks>Immutable, and safe to use from many threads.</remarks>
public sealed class MultilayerPerceptronModel
{
    private readonly NetworkSpanScorer _scorer;

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
        _scorer = new NetworkSpanScorer(fitted.Task, network.Fold());
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

    /// <summary>
    /// Scores one row without a data view or a <see cref="Microsoft.ML.PredictionEngine{TSrc, TDst}"/>: to the bit what the Score column holds.
    /// </summary>
    /// <remarks>
    /// Safe to call from many threads at once. Allocates nothing but the buffers of as many calls as run at the same time, which are kept for
    /// later ones.
    /// </remarks>
    /// <param name="features">The row, [features], scaled as in the training. A NaN makes scores NaN.</param>
    /// <param name="scores">
    /// Receives [outputs]. Two classes: the logarithm of the odds, whose sigmoid 1 / (1 + exp(-score)) is the probability. More classes: their
    /// probabilities, in the order of the label's key values. Regression: the prediction, in units of the label.
    /// </param>
    /// <exception cref="ArgumentException">A length is not <see cref="FeatureCount"/> or <see cref="OutputCount"/>, or the two overlap.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> scores)
    {
        if (features.Length != FeatureCount)
        {
            throw new ArgumentException($"Expected a row of {FeatureCount} feature(s), those of the training; found {features.Length}.", nameof(features));
        }
        if (scores.Length != OutputCount)
        {
            throw new ArgumentException($"Expected room for {OutputCount} score(s), one per output of the network; found {scores.Length}.", nameof(scores));
        }
        if (features.Overlaps(scores))
        {
            throw new ArgumentException("Expected scores apart from the features; found that they overlap. Write them to memory of their own.", nameof(scores));
        }
        _scorer.Score(features, scores);
    }

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
