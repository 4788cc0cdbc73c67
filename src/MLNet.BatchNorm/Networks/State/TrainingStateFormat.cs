using System.Collections.Immutable;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>What is needed to go on with a training, in the statistics entry.</summary>
internal static class TrainingStateFormat
{
    // *** Binary format ***
    // flag: whether the optimizer's memory follows; if so long: steps taken;
    //   for each dense layer four lists of singles: first and second memory of the weights, [inputs, outputs], and of the biases;
    //   for each normalized layer four lists of doubles: first and second memory of gamma, and of beta
    // for each layer normalized over batches, long: batches; doubles: mean, variance, weight; longs: batches of each unit
    public static void Write(StatisticsWriter writer, TrainingState state)
    {
        writer.WriteBoolean(state.Optimizer is not null);
        if (state.Optimizer is { } optimizer)
        {
            writer.WriteInt64(optimizer.StepCount);
            foreach (float[] memory in optimizer.Dense)
            {
                writer.WriteSingles(memory);
            }
            foreach (double[] memory in optimizer.Normalization)
            {
                writer.WriteDoubles(memory);
            }
        }
        foreach (RunningMomentsState moments in state.Moments)
        {
            writer.WriteInt64(moments.BatchCount);
            writer.WriteDoubles(moments.Mean);
            writer.WriteDoubles(moments.Variance);
            writer.WriteDoubles(moments.Weight);
            writer.WriteInt64s(moments.UpdateCount);
        }
    }

    /// <summary>Reads the state of a network that was read before it.</summary>
    public static TrainingState Read(StatisticsReader reader, TrainedNetwork network, MultilayerPerceptronOptions options)
    {
        OptimizerState? optimizer = reader.ReadBoolean() ? ReadOptimizer(reader, network) : null;
        return new TrainingState(
            optimizer, [.. network.Layers.Where(layer => layer.IsAffineAtInference).Select(layer => ReadMoments(reader, layer.OutputCount, options))]);
    }

    private static OptimizerState ReadOptimizer(StatisticsReader reader, TrainedNetwork network)
    {
        long stepCount = reader.ReadInt64();
        if (stepCount < 0)
        {
            throw reader.Damaged($"an optimizer claims {stepCount} steps");
        }
        var dense = ImmutableArray.CreateBuilder<float[]>();
        foreach (TrainedLayer layer in network.Layers)
        {
            foreach (int count in (int[])[layer.Weights.Length, layer.Bias.Length])
            {
                dense.Add(Finite(reader, reader.ReadSingles(count), lowest: float.MinValue));
                dense.Add(Finite(reader, reader.ReadSingles(count), lowest: 0));
            }
        }
        var normalization = ImmutableArray.CreateBuilder<double[]>();
        foreach (TrainedLayer layer in network.Layers.Where(layer => layer.Gamma is not null))
        {
            for (int parameter = 0; parameter < 2; parameter++)
            {
                normalization.Add(Finite(reader, reader.ReadDoubles(layer.OutputCount), lowest: double.MinValue));
                normalization.Add(Finite(reader, reader.ReadDoubles(layer.OutputCount), lowest: 0));
            }
        }
        return new OptimizerState(stepCount, dense.ToImmutable(), normalization.ToImmutable());
    }

    // The second memory is a mean of squares.
    private static T[] Finite<T>(StatisticsReader reader, T[] memory, T lowest)
        where T : System.Numerics.IFloatingPointIeee754<T> =>
        Array.TrueForAll(memory, value => T.IsFinite(value) && value >= lowest) ? memory : throw reader.Damaged("an optimizer's memory is not finite, or negative where it is of squares");

    private static RunningMomentsState ReadMoments(StatisticsReader reader, int count, MultilayerPerceptronOptions options)
    {
        var state = new RunningMomentsState(
            options.BatchNormMomentum,
            VarianceEstimator.Population,
            RunningStart.Debiased,
            reader.ReadInt64(),
            reader.ReadDoubles(count),
            reader.ReadDoubles(count),
            reader.ReadDoubles(count),
            reader.ReadInt64s(count));
        try
        {
            RunningMoments.FromState(state);
        }
        catch (InvalidDataException exception)
        {
            throw reader.Damaged(exception.Message, exception);
        }
        return state;
    }
}
