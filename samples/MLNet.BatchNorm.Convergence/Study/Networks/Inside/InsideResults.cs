using System.Text.Json.Serialization;

namespace MLNet.BatchNorm.Convergence.Study.Networks.Inside;

/// <summary>What is seen inside networks while they learn: one without normalization, and one with batch normalization.</summary>
/// <param name="Activation">Of the hidden layers.</param>
/// <param name="LearningRate">Of stochastic gradient descent.</param>
/// <param name="BinEdges">Of the histograms: one more than there are bins.</param>
/// <param name="Networks">The two.</param>
/// <param name="BatchSizes">How well networks with batch normalization do by the batch's statistics and by the running ones, by the size of the batches they were trained on.</param>
public sealed record InsideResult(
    ActivationFunction Activation,
    double LearningRate,
    IReadOnlyList<double> BinEdges,
    IReadOnlyList<InsideNetwork> Networks,
    IReadOnlyList<MismatchResult> BatchSizes)
{
    /// <summary>The one without normalization.</summary>
    [JsonIgnore]
    public InsideNetwork Without => Networks[0];

    /// <summary>The one with batch normalization.</summary>
    [JsonIgnore]
    public InsideNetwork With => Networks[1];
}

/// <summary>One network, looked at after some of its epochs.</summary>
/// <param name="Normalization">None, or batch normalization.</param>
/// <param name="Snapshots">One per epoch that was looked at.</param>
/// <param name="Gamma">Per hidden layer, what the last epoch made of gamma; empty without normalization.</param>
/// <param name="Beta">Per hidden layer, what the last epoch made of beta.</param>
/// <param name="ByBatch">The score on the test rows where batches of some size are normalized by their own statistics.</param>
/// <param name="RunningScore">The score on the test rows by the running statistics.</param>
public sealed record InsideNetwork(
    NetworkNormalization Normalization,
    IReadOnlyList<InsideSnapshot> Snapshots,
    IReadOnlyList<IReadOnlyList<double>> Gamma,
    IReadOnlyList<IReadOnlyList<double>> Beta,
    IReadOnlyList<BatchScore> ByBatch,
    double RunningScore);

/// <summary>A network after one epoch. Numbers have six digits.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Layers">Per hidden layer.</param>
/// <param name="Loss">The loss on the probed training rows, by their own statistics.</param>
/// <param name="LowestLoss">The lowest loss along a step against the gradient, of several lengths.</param>
/// <param name="HighestLoss">The highest loss along it.</param>
/// <param name="GradientChange">The largest distance between the gradient along the step and the one at its beginning, in lengths of the latter.</param>
public sealed record InsideSnapshot(int Epoch, IReadOnlyList<InsideLayer> Layers, double Loss, double LowestLoss, double HighestLoss, double GradientChange);

/// <summary>One hidden layer after one epoch.</summary>
/// <param name="Shares">Of what its activation receives, at inference, over the probed training rows: the share in each bin.</param>
/// <param name="GradientSize">The root mean square of the gradient of its weights.</param>
/// <param name="RunningError">How far its running means are from the true ones, in true standard deviations, on average; null without normalization.</param>
public sealed record InsideLayer(IReadOnlyList<double> Shares, double GradientSize, double? RunningError);

/// <summary>The score where batches of that many rows are normalized by their own statistics.</summary>
public sealed record BatchScore(int BatchSize, double Score);

/// <summary>A network trained on batches of that size: its score on training rows by the batches' statistics, as in training, and by the running ones, as at inference.</summary>
public sealed record MismatchResult(int BatchSize, double? TrainingScore, double? InferenceScore);
