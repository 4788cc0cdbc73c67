using System.Text.Json.Serialization;
using MLNet.BatchNorm.Convergence.Study.Networks.Inside;

namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>What networks did on one data set.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Architecture">In words: inputs, hidden layers, outputs.</param>
/// <param name="TrainingRowCount">Rows trained on.</param>
/// <param name="TestRowCount">Rows that the scores are measured on.</param>
/// <param name="Score">What is measured on them: accuracy, or R squared.</param>
/// <param name="Target">The score that counts as arrived.</param>
/// <param name="LearningRates">Every learning rate, with and without batch normalization, for each activation.</param>
/// <param name="Initializations">Every scale of the initial weights.</param>
/// <param name="BatchSizes">Every batch size, for each kind of normalization.</param>
/// <param name="Drift">How the distributions inside the network move.</param>
/// <param name="Inside">What is seen inside; null where such a network diverged.</param>
/// <param name="Conclusions">Sentences computed from the above.</param>
public sealed record NetworkResult(
    string Name,
    string Architecture,
    int TrainingRowCount,
    int TestRowCount,
    string Score,
    double Target,
    IReadOnlyList<NetworkCellResult> LearningRates,
    IReadOnlyList<NetworkCellResult> Initializations,
    IReadOnlyList<NetworkCellResult> BatchSizes,
    IReadOnlyList<DriftResult> Drift,
    InsideResult? Inside,
    IReadOnlyList<string> Conclusions)
{
    /// <summary>The data file, for a link.</summary>
    [JsonIgnore]
    public string? SourcePath { get; init; }

    /// <summary>The target in words: "95 percent of the test rows are right".</summary>
    [JsonIgnore]
    public string TargetInWords => Score == NetworkScores.Accuracy
        ? $"{Numbers.Brief(100 * Target)} percent of the test rows are right"
        : $"R squared on the test rows is {Numbers.Brief(Target)}";
}

/// <summary>What distinguishes a training from the others.</summary>
/// <param name="Activation">The activation of the hidden layers.</param>
/// <param name="Normalization">The normalization before each activation.</param>
/// <param name="Initialization">How the weights were drawn: a name of <see cref="Initializations"/>.</param>
/// <param name="LearningRate">The rate of stochastic gradient descent.</param>
/// <param name="BatchSize">Rows in a mini-batch.</param>
/// <param name="Epochs">The number of passes.</param>
public sealed record NetworkCell(
    ActivationFunction Activation,
    NetworkNormalization Normalization,
    string Initialization,
    double LearningRate,
    int BatchSize,
    int Epochs);

/// <summary>The trainings of one cell, one per seed.</summary>
/// <param name="Cell">What was trained.</param>
/// <param name="Runs">One per seed.</param>
/// <param name="ArrivedCount">How many of them reached the target.</param>
/// <param name="DivergedCount">How many of them diverged.</param>
/// <param name="MedianEpochsToTarget">The median of the epochs to the target; null if it was not reached by most seeds.</param>
/// <param name="MedianScore">The median score on the test rows after the last epoch; null if most seeds diverged.</param>
public sealed record NetworkCellResult(
    NetworkCell Cell,
    IReadOnlyList<NetworkRunResult> Runs,
    int ArrivedCount,
    int DivergedCount,
    double? MedianEpochsToTarget,
    double? MedianScore)
{
    /// <summary>The median score by exact statistics; null where they were not asked for.</summary>
    public double? MedianExactScore { get; init; }
}

/// <summary>One training.</summary>
/// <param name="Seed">Of the split, the weights and the order of the rows.</param>
/// <param name="EpochsToTarget">The first epoch that ended at the target on the test rows; null if none did.</param>
/// <param name="DivergedAtEpoch">The epoch in which the loss was no longer a number; null if none was.</param>
/// <param name="Score">The score on the test rows after the last epoch; null where the training diverged.</param>
/// <param name="Epochs">One per epoch that ended.</param>
public sealed record NetworkRunResult(int Seed, int? EpochsToTarget, int? DivergedAtEpoch, double? Score, IReadOnlyList<EpochPoint> Epochs)
{
    /// <summary>The score by batch normalization's exact statistics instead of the running ones; null where it was not asked for.</summary>
    public double? ExactScore { get; init; }
}

/// <summary>What one epoch came to: the training loss, and loss and score on the test rows after it. Six digits.</summary>
public sealed record EpochPoint(double TrainingLoss, double TestLoss, double Score);

/// <summary>How the distribution of the inputs of one hidden layer's activation moves while the network learns.</summary>
/// <param name="Normalization">Without, or with batch normalization.</param>
/// <param name="Layer">The hidden layer, from 1.</param>
/// <param name="Points">One per epoch.</param>
/// <param name="MeanMovement">The mean of the movements.</param>
public sealed record DriftResult(NetworkNormalization Normalization, int Layer, IReadOnlyList<DriftPoint> Points, double MeanMovement);

/// <summary>The distribution after one epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Mean">Over the layer's neurons and the probed rows.</param>
/// <param name="StandardDeviation">Likewise.</param>
/// <param name="Movement">How far each neuron's distribution has moved since the epoch before, in its standard deviations, on average. Null after the first.</param>
public sealed record DriftPoint(int Epoch, double Mean, double StandardDeviation, double? Movement);
