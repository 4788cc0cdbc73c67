using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>Batch normalization reads batches, in order, and keeps running statistics and what the batches were like beside the exact moments.</summary>
internal sealed class BatchNormState : ScalingState<BatchNormTransformer, BatchNormOptions>
{
    public static readonly BatchNormState Instance = new();

    public override string Kind => "BatchNorm";

    public override int Version => 4;

    protected override int QuantilesVersion => 4;

    public override BatchNormTransformer Create(HostEnvironment host, BatchNormOptions options, ImmutableArray<FittedColumn> fitted) =>
        new(host, options, fitted);

    public override ImmutableArray<FittedColumn> Start(ImmutableArray<FittedColumn> unfitted, BatchNormOptions options) =>
        [.. unfitted.Select(column => BatchNormFit.Start(column, options))];

    public override ImmutableArray<FittedColumn> OfMoments(ImmutableArray<FittedColumn> fitted, BatchNormOptions options) =>
        [.. fitted.Select(column => BatchNormFit.OfMoments(column, options))];

    public override ImmutableArray<FittedColumn> Fit(ImmutableArray<FittedColumn> start, IDataView data, BatchNormOptions options, string parameterName)
    {
        var fitted = base.Fit(start, data, options, parameterName);
        foreach (var column in fitted.Cast<RunningColumn>())
        {
            BatchNormFit.RequireBatches(column, options);
        }
        return fitted;
    }

    public override ImmutableArray<FittedColumn> Read(ImmutableArray<FittedColumn> fitted, IDataView data, BatchNormOptions options, string parameterName) =>
        ImmutableArray<FittedColumn>.CastUp(BatchNormPass.Run(data, [.. fitted.Cast<RunningColumn>()], options));

    public override void RequireMergeable(BatchNormOptions options)
    {
        if (options.Momentum is { } momentum)
        {
            throw new InvalidOperationException(
                $"Merge: running statistics with momentum {momentum:R} depend on the order of the batches, so that two parts do not make a whole. " +
                $"Fit with {nameof(BatchNormOptions.Momentum)} = null, the plain average over batches, or use {nameof(BatchNormTransformer.Update)} on one part after the other.");
        }
    }

    // *** Binary format ***
    // int: batch size; optional double: momentum; double: epsilon; enum: running variance; enum: running start
    // doubles: gamma, doubles: beta; one number or one per feature
    // int: epochs; flag: shuffle; int: seed; int: pool size; enum: last batch
    // since version 2: doubles: running mean, doubles: running variance, as given; none where they were fitted
    protected override void WriteOptions(StatisticsWriter writer, BatchNormOptions options)
    {
        writer.WriteInt32(options.BatchSize);
        writer.WriteOptional(options.Momentum, writer.WriteDouble);
        writer.WriteDouble(options.Epsilon);
        writer.WriteEnum(options.VarianceEstimator);
        writer.WriteEnum(options.RunningStart);
        writer.WriteDoubles(options.Gamma.Values.AsSpan());
        writer.WriteDoubles(options.Beta.Values.AsSpan());
        writer.WriteInt32(options.Epochs);
        writer.WriteBoolean(options.Shuffle);
        writer.WriteInt32(options.Seed);
        writer.WriteInt32(options.ShufflePoolSize);
        writer.WriteEnum(options.LastBatch);
        FeatureValuesState.Write(writer, options.RunningMean);
        FeatureValuesState.Write(writer, options.RunningVariance);
    }

    // Initializers run in the order in which they are written: the order of the format.
    protected override BatchNormOptions ReadOptions(StatisticsReader reader) => new()
    {
        BatchSize = reader.ReadInt32(),
        Momentum = reader.ReadOptional(reader.ReadDouble),
        Epsilon = reader.ReadDouble(),
        VarianceEstimator = reader.ReadEnum<VarianceEstimator>(),
        RunningStart = reader.ReadEnum<RunningStart>(),
        Gamma = reader.ReadDoubles(),
        Beta = reader.ReadDoubles(),
        Epochs = reader.ReadInt32(),
        Shuffle = reader.ReadBoolean(),
        Seed = reader.ReadInt32(),
        ShufflePoolSize = reader.ReadInt32(),
        LastBatch = reader.ReadEnum<LastBatch>(),
        RunningMean = reader.Version < 2 ? null : FeatureValuesState.Read(reader),
        RunningVariance = reader.Version < 2 ? null : FeatureValuesState.Read(reader),
    };

    // *** Binary format ***
    // long: batches; doubles: mean, doubles: variance (before version 3: both times the weight), doubles: weight, longs: updates; one per feature each
    // longs: groups, doubles: squared deviations within; one per feature each
    // long: batches left out; long: their rows
    // since version 2: doubles: mean error, doubles: variance error, doubles: shortfall (RunningPrecision); one per feature each
    protected override void WriteStatistics(StatisticsWriter writer, FittedColumn column)
    {
        var running = (RunningColumn)column;
        var (state, batches) = (running.Running.ExportState(), running.Batches);
        writer.WriteInt64(state.BatchCount);
        writer.WriteDoubles(state.Mean);
        writer.WriteDoubles(state.Variance);
        writer.WriteDoubles(state.Weight);
        writer.WriteInt64s(state.UpdateCount);
        writer.WriteInt64s(batches.GroupCount);
        writer.WriteDoubles(batches.SquaredDeviations);
        writer.WriteInt64(batches.LeftOutBatchCount);
        writer.WriteInt64(batches.LeftOutRowCount);
        writer.WriteDoubles(batches.Precision.MeanError);
        writer.WriteDoubles(batches.Precision.VarianceError);
        writer.WriteDoubles(batches.Precision.Shortfall);
    }

    protected override FittedColumn ReadStatistics(StatisticsReader reader, FittedColumn column, BatchNormOptions options)
    {
        int featureCount = column.Layout.FeatureCount;
        var state = new RunningMomentsState(
            options.Momentum,
            options.VarianceEstimator,
            options.RunningStart,
            reader.ReadInt64(),
            reader.ReadDoubles(featureCount),
            reader.ReadDoubles(featureCount),
            reader.ReadDoubles(featureCount),
            reader.ReadInt64s(featureCount));
        const int VersionWithAverages = 3;
        var running = ReadMoments(reader, reader.Version < VersionWithAverages ? state.DividedByWeight() : state);
        return new RunningColumn(column, running, ReadTally(reader, column, running));
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

    private static BatchTally ReadTally(StatisticsReader reader, FittedColumn fitted, RunningMoments running)
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
        if (leftOutBatches < 0 || leftOutRows < leftOutBatches)
        {
            throw reader.Damaged($"{leftOutRows} rows are said to have been left out in {leftOutBatches} batches");
        }
        return BatchTally.FromState(groups, squares, ReadPrecision(reader, fitted, groups, running), leftOutBatches, leftOutRows);
    }

    private static RunningPrecision ReadPrecision(StatisticsReader reader, FittedColumn fitted, long[] groups, RunningMoments running)
    {
        const int VersionWithPrecision = 2;
        if (reader.Version < VersionWithPrecision)
        {
            return RunningPrecision.OfEqualBatches([.. fitted.Moments.Count.Select((count, feature) => (double)count / Math.Max(1, groups[feature]))], running);
        }
        return RunningPrecision.FromState(ReadShares("mean error"), ReadShares("variance error"), ReadShares("shortfall"));

        double[] ReadShares(string name)
        {
            double[] shares = reader.ReadDoubles(fitted.Layout.FeatureCount);
            int wrong = Array.FindIndex(shares, share => share is not (>= 0 and <= 1));
            return wrong < 0 ? shares : throw reader.Damaged($"the {name} of feature {wrong} of column '{fitted.InputColumnName}' is {shares[wrong]}");
        }
    }
}
