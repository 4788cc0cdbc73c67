using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>What a training knows beside its network, so that another can go on from it as if it had never stopped.</summary>
/// <param name="Optimizer">What the optimizer remembers; null where another kind of optimizer goes on.</param>
/// <param name="Moments">Of each hidden layer that is normalized over batches: its running moments (of batch renormalization, with deviations for variances).</param>
internal sealed record TrainingState(OptimizerState? Optimizer, ImmutableArray<RunningMomentsState> Moments);

/// <summary>Where a training begins that goes on from a trained network.</summary>
/// <param name="Network">The network, of the same layers.</param>
/// <param name="EpochCount">The epochs that it has come through.</param>
/// <param name="State">What is known beside it; null where that was not kept.</param>
internal sealed record TrainingStart(TrainedNetwork Network, int EpochCount, TrainingState? State);

/// <summary>What a training comes to.</summary>
/// <param name="Network">The network of the last epoch, or with early stopping of the best one.</param>
/// <param name="EpochCount">The epochs that it has come through, those of earlier trainings included.</param>
/// <param name="State">What is needed to go on; null unless the options ask for it.</param>
internal sealed record TrainingResult(TrainedNetwork Network, int EpochCount, TrainingState? State);
