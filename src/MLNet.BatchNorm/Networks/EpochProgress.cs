using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>What an epoch of training a network has come to.</summary>
public sealed record EpochProgress
{
    /// <summary>The epoch that has just ended, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>How many epochs there are at most.</summary>
    public required int EpochCount { get; init; }

    /// <summary>
    /// The mean loss of the epoch's mini-batches, each taken before its step: log-loss in nats for classes; half the squared error for
    /// regression, in units of the label's variance.
    /// </summary>
    public required double TrainingLoss { get; init; }

    /// <summary>The loss on the validation rows after the epoch; <see langword="null"/> if there are none.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>
    /// On the validation rows after the epoch: the accuracy, from 0 to 1, for classes; the root mean squared error, in units of the
    /// label, for regression. <see langword="null"/> if there are none.
    /// </summary>
    public double? ValidationMetric { get; init; }

    /// <summary>The learning rate of the epoch.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The time since training began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Per hidden layer; empty unless <see cref="MultilayerPerceptronOptions.MeasureActivations"/> is set.</summary>
    public ImmutableArray<ActivationStatistics> Activations { get; init; } = [];
}
