using System.Runtime.CompilerServices;

namespace MLNet.BatchNorm;

public sealed partial class RunningMoments
{
    /// <summary>A copy of the whole state, for <see cref="FromState"/>.</summary>
    internal RunningMomentsState ExportState() => new(
        Momentum, VarianceEstimator, RunningStart, BatchCount, [.. _mean], [.. _variance], [.. _weight], [.. _updates]);

    /// <summary>Running moments that go on where those that exported <paramref name="state"/> stood, to the last bit.</summary>
    /// <exception cref="InvalidDataException">The state contradicts itself; the message says where.</exception>
    internal static RunningMoments FromState(RunningMomentsState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int featureCount = state.Mean.Length;
        Require(featureCount > 0, $"they have no features");
        Require(state.Momentum is null or (> 0 and <= 1), $"their momentum is {state.Momentum}");
        Require(Enum.IsDefined(state.VarianceEstimator), $"their kind of variance is {state.VarianceEstimator}");
        Require(Enum.IsDefined(state.RunningStart), $"their start is {state.RunningStart}");
        Require(state.BatchCount is >= 0 and <= Counts.Largest, $"their batch count is {state.BatchCount}");
        Require(
            state.Variance.Length == featureCount && state.Weight.Length == featureCount && state.UpdateCount.Length == featureCount,
            $"their arrays have {featureCount}, {state.Variance.Length}, {state.Weight.Length} and {state.UpdateCount.Length} numbers");
        var moments = new RunningMoments(featureCount, state.Momentum, state.VarianceEstimator, state.RunningStart) { BatchCount = state.BatchCount };
        for (int feature = 0; feature < featureCount; feature++)
        {
            double weight = state.Weight[feature];
            long updates = state.UpdateCount[feature];
            Require(double.IsFinite(state.Mean[feature]), $"the mean of feature {feature} is {state.Mean[feature]}");
            Require(
                double.IsFinite(state.Variance[feature]) && state.Variance[feature] >= 0,
                $"the variance of feature {feature} is {state.Variance[feature]}");
            Require(updates >= 0 && updates <= state.BatchCount, $"feature {feature} had {updates} of {state.BatchCount} batches");
            // The weight is an average of ones; rounding may carry it a little beyond.
            Require(
                weight <= 1.001 && (updates > 0 || moments.StartsAtZeroOne ? weight > 0 : weight == 0),
                $"the weight of feature {feature} is {weight} after {updates} batches");
        }

        state.Mean.CopyTo(moments._mean, 0);
        state.Variance.CopyTo(moments._variance, 0);
        state.Weight.CopyTo(moments._weight, 0);
        state.UpdateCount.CopyTo(moments._updates, 0);
        return moments;
    }

    /// <summary>Goes on where <paramref name="other"/> stands, of as many features, whatever this has seen; momentum and conventions stay.</summary>
    internal void CopyFrom(RunningMoments other)
    {
        BatchCount = other.BatchCount;
        other._mean.CopyTo(_mean, 0);
        other._variance.CopyTo(_variance, 0);
        other._weight.CopyTo(_weight, 0);
        other._updates.CopyTo(_updates, 0);
    }

    // The text is put together only where the condition fails: it is asked for each feature.
    private static void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref FailureText what)
    {
        if (!condition)
        {
            throw new InvalidDataException($"The saved running moments are damaged: {what.ToString()}.");
        }
    }
}
