using System.Collections.Immutable;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>What was reported of each epoch, in the statistics entry.</summary>
internal static class EpochHistoryState
{
    private const int MinimumEpochBytes = (4 * sizeof(int)) + (2 * sizeof(double)) + 2;
    private const int ActivationBytes = (2 * sizeof(double)) + 1;

    // *** Binary format ***
    // int: epochs; for each
    //   int: number, from 1; int: epochs at most; double: training loss; optional double: validation loss; optional double: validation metric
    //   double: learning rate; long: time since the training began, in 100 ns; int: layers measured; for each
    //     double: mean, double: standard deviation; optional double: movement
    public static void Write(StatisticsWriter writer, ImmutableArray<EpochProgress> history)
    {
        writer.WriteInt32(history.Length);
        foreach (var epoch in history)
        {
            writer.WriteInt32(epoch.Epoch);
            writer.WriteInt32(epoch.EpochCount);
            writer.WriteDouble(epoch.TrainingLoss);
            writer.WriteOptional(epoch.ValidationLoss, writer.WriteDouble);
            writer.WriteOptional(epoch.ValidationMetric, writer.WriteDouble);
            writer.WriteDouble(epoch.LearningRate);
            writer.WriteInt64(epoch.Elapsed.Ticks);
            writer.WriteInt32(epoch.Activations.Length);
            foreach (var activation in epoch.Activations)
            {
                writer.WriteDouble(activation.Mean);
                writer.WriteDouble(activation.StandardDeviation);
                writer.WriteOptional(activation.Movement, writer.WriteDouble);
            }
        }
    }

    public static ImmutableArray<EpochProgress> Read(StatisticsReader reader)
    {
        int count = reader.ReadCount(MinimumEpochBytes);
        var history = ImmutableArray.CreateBuilder<EpochProgress>(count);
        for (int i = 0; i < count; i++)
        {
            history.Add(new EpochProgress
            {
                Epoch = reader.ReadInt32(),
                EpochCount = reader.ReadInt32(),
                TrainingLoss = reader.ReadDouble(),
                ValidationLoss = reader.ReadOptional(reader.ReadDouble),
                ValidationMetric = reader.ReadOptional(reader.ReadDouble),
                LearningRate = reader.ReadDouble(),
                Elapsed = new TimeSpan(reader.ReadInt64()),
                Activations = ReadActivations(reader),
            });
        }
        return history.MoveToImmutable();
    }

    private static ImmutableArray<ActivationStatistics> ReadActivations(StatisticsReader reader)
    {
        int count = reader.ReadCount(ActivationBytes);
        var activations = ImmutableArray.CreateBuilder<ActivationStatistics>(count);
        for (int i = 0; i < count; i++)
        {
            activations.Add(new ActivationStatistics(reader.ReadDouble(), reader.ReadDouble(), reader.ReadOptional(reader.ReadDouble)));
        }
        return activations.MoveToImmutable();
    }
}
