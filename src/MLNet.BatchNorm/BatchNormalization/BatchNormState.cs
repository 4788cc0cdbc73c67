using System.Collections.Immutable;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>The statistics entry of a <see cref="BatchNormTransformer"/>: options, columns with their pooled statistics, running statistics.</summary>
internal static class BatchNormState
{
    public const string Kind = "BatchNorm";
    public const int Version = 1;

    // *** Binary format ***
    // scaling options (ScalingState)
    // int: batch size; optional double: momentum; double: epsilon; enum: running variance; enum: running start
    // doubles: gamma, doubles: beta; one number or one per feature
    // int: epochs; flag: shuffle; int: seed; int: pool size; enum: last batch
    // columns (ScalingState)
    // for each column
    //   long: batches; doubles: mean, doubles: variance, doubles: weight, longs: updates; one per feature each
    //   longs: groups, doubles: squared deviations within; one per feature each
    //   long: batches left out; long: their rows
    public static void Write(StatisticsWriter writer, BatchNormOptions options, ImmutableArray<RunningColumn> columns)
    {
        ScalingState.WriteOptions(writer, options);
        writer.WriteInt32(options.BatchSize);
        writer.WriteOptional(options.Momentum, writer.WriteDouble);
        writer.WriteDouble(options.Epsilon);
        writer.WriteEnum(options.RunningVariance);
        writer.WriteEnum(options.RunningStart);
        writer.WriteDoubles(options.Gamma.Values.AsSpan());
        writer.WriteDoubles(options.Beta.Values.AsSpan());
        writer.WriteInt32(options.Epochs);
        writer.WriteBoolean(options.Shuffle);
        writer.WriteInt32(options.Seed);
        writer.WriteInt32(options.ShufflePoolSize);
        writer.WriteEnum(options.LastBatch);
        ScalingState.WriteColumns(writer, BatchNormFit.Fitted(columns));
        foreach (var column in columns)
        {
            var running = column.Running.ExportState();
            writer.WriteInt64(running.BatchCount);
            writer.WriteDoubles(running.Mean);
            writer.WriteDoubles(running.Variance);
            writer.WriteDoubles(running.Weight);
            writer.WriteInt64s(running.UpdateCount);
            writer.WriteInt64s(column.Batches.GroupCount);
            writer.WriteDoubles(column.Batches.SquaredDeviations);
            writer.WriteInt64(column.Batches.LeftOutBatchCount);
            writer.WriteInt64(column.Batches.LeftOutRowCount);
        }
    }

    // Initializers run in the order in which they are written: the order of the format.
    public static BatchNormOptions ReadOptions(StatisticsReader reader)
    {
        var options = new BatchNormOptions
        {
            Infinity = reader.ReadEnum<InfinityPolicy>(),
            ChannelAxis = reader.ReadOptional(reader.ReadInt32),
            BatchSize = reader.ReadInt32(),
            Momentum = reader.ReadOptional(reader.ReadDouble),
            Epsilon = reader.ReadDouble(),
            RunningVariance = reader.ReadEnum<VarianceEstimator>(),
            RunningStart = reader.ReadEnum<RunningStart>(),
            Gamma = reader.ReadDoubles(),
            Beta = reader.ReadDoubles(),
            Epochs = reader.ReadInt32(),
            Shuffle = reader.ReadBoolean(),
            Seed = reader.ReadInt32(),
            ShufflePoolSize = reader.ReadInt32(),
            LastBatch = reader.ReadEnum<LastBatch>(),
        };
        options.Validate();
        return options;
    }

    public static ImmutableArray<RunningColumn> ReadColumns(StatisticsReader reader, BatchNormOptions options) =>
        [.. ScalingState.ReadColumns(reader, options).Select(fitted => ReadRunning(reader, options, fitted))];

    private static RunningColumn ReadRunning(StatisticsReader reader, BatchNormOptions options, FittedColumn fitted)
    {
        int featureCount = fitted.Layout.FeatureCount;
        var state = new RunningMomentsState(
            options.Momentum,
            options.RunningVariance,
            options.RunningStart,
            reader.ReadInt64(),
            reader.ReadDoubles(featureCount),
            reader.ReadDoubles(featureCount),
            reader.ReadDoubles(featureCount),
            reader.ReadInt64s(featureCount));
        return new RunningColumn(fitted, ReadMoments(reader, state), ReadTally(reader, fitted));
    }

    private static RunningMoments ReadMoments(StatisticsReader reader, RunningMomentsState state)
    {
        try
        {
            return RunningMoments.FromState(state);
        }
        catch (InvalidDataException exception)
        {
            throw reader.Damaged(exception.Message, exception);
        }
    }

    private static BatchTally ReadTally(StatisticsReader reader, FittedColumn fitted)
    {
        int featureCount = fitted.Layout.FeatureCount;
        long[] groups = reader.ReadInt64s(featureCount);
        double[] squares = reader.ReadDoubles(featureCount);
        long leftOutBatches = reader.ReadInt64();
        long leftOutRows = reader.ReadInt64();
        for (int feature = 0; feature < featureCount; feature++)
        {
            if (groups[feature] < 0 || groups[feature] > fitted.Moments.Count[feature] || !double.IsFinite(squares[feature]) || squares[feature] < 0)
            {
                throw reader.Damaged(
                    $"feature {feature} of column '{fitted.InputColumnName}' has {groups[feature]} batches of {fitted.Moments.Count[feature]} values, with squared deviations {squares[feature]}");
            }
        }
        return leftOutBatches >= 0 && leftOutRows >= leftOutBatches
            ? BatchTally.FromState(groups, squares, leftOutBatches, leftOutRows)
            : throw reader.Damaged($"{leftOutRows} rows are said to have been left out in {leftOutBatches} batches");
    }
}
