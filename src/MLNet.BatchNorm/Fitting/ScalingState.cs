using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>What distinguishes one scaling from another, options and formula aside: its statistics, and how they are saved.</summary>
/// <typeparam name="TTransformer">The transformer.</typeparam>
/// <typeparam name="TOptions">The options that it is fitted with.</typeparam>
internal abstract class ScalingState<TTransformer, TOptions>
    where TTransformer : ScalingTransformer
    where TOptions : ScalingOptions
{
    /// <summary>The name in statistics entries, part of the format, and in the log.</summary>
    public abstract string Kind { get; }

    /// <summary>The version of the state that is written. All older ones are read.</summary>
    public abstract int Version { get; }

    /// <summary>The first version of the state that knows of quantiles.</summary>
    protected virtual int QuantilesVersion => 1;

    /// <summary>The line in <see cref="StatisticsKinds"/>.</summary>
    public StatisticsKind StatisticsKind => new(Kind, Version, Restore);

    /// <summary>The transformer with the given statistics.</summary>
    /// <exception cref="InvalidOperationException">A feature's statistics make no map.</exception>
    public abstract TTransformer Create(HostEnvironment host, TOptions options, ImmutableArray<FittedColumn> fitted);

    /// <summary>The statistics before the first row.</summary>
    public virtual ImmutableArray<FittedColumn> Start(ImmutableArray<FittedColumn> unfitted, TOptions options) => unfitted;

    /// <summary>The statistics of rows whose exact moments are known.</summary>
    public virtual ImmutableArray<FittedColumn> OfMoments(ImmutableArray<FittedColumn> fitted, TOptions options) => fitted;

    /// <summary>The statistics of a fit: like <see cref="Read"/>, but nothing to fit is an error.</summary>
    public virtual ImmutableArray<FittedColumn> Fit(ImmutableArray<FittedColumn> start, IDataView data, TOptions options, string parameterName)
    {
        var fitted = Read(start, data, options, parameterName);
        ColumnFit.RequireValues(fitted, options.WeightColumn);
        return fitted;
    }

    /// <summary>The statistics of the rows that they have seen and those of the data.</summary>
    public virtual ImmutableArray<FittedColumn> Read(ImmutableArray<FittedColumn> fitted, IDataView data, TOptions options, string parameterName) =>
        MomentsPass.Run(data, fitted, options, parameterName);

    /// <summary>Refuses options with which two parts do not make a whole.</summary>
    public virtual void RequireMergeable(TOptions options)
    {
    }

    public void Save(ModelSaveContext context, ITransformer stock, TOptions options, ImmutableArray<FittedColumn> fitted) =>
        StatisticsEntry.SaveWithStatistics(context, stock, Kind, Version, writer => Write(writer, options, fitted));

    // *** Binary format ***
    // enum: infinity policy
    // optional int: channel axis
    // since the version that knows of quantiles: flag: whether they are tracked, int: their size
    // the scaling's own options
    // columns (ColumnState)
    // the scaling's own statistics of each column
    // since the version that knows of quantiles, for each column: flag, and where it is set bytes: quantiles (FeatureQuantiles.ToBytes)
    public void Write(StatisticsWriter writer, TOptions options, ImmutableArray<FittedColumn> fitted)
    {
        WriteHeader(writer, options);
        ColumnState.Write(writer, fitted);
        foreach (var column in fitted)
        {
            WriteStatistics(writer, column);
        }
        foreach (var column in fitted)
        {
            writer.WriteBoolean(column.Quantiles is not null);
            if (column.Quantiles is { } quantiles)
            {
                writer.WriteBytes(quantiles.ToBytes());
            }
        }
    }

    public void WriteHeader(StatisticsWriter writer, TOptions options)
    {
        writer.WriteEnum(options.Infinity);
        writer.WriteOptional(options.ChannelAxis, writer.WriteInt32);
        writer.WriteBoolean(options.TrackQuantiles);
        writer.WriteInt32(options.QuantileSize);
        WriteOptions(writer, options);
    }

    /// <summary>Makes the transformer from its state. Statistics that no fit would have accepted are damage.</summary>
    public TTransformer Restore(StatisticsReader reader, HostEnvironment host)
    {
        bool knowsQuantiles = reader.Version >= QuantilesVersion;
        var infinity = reader.ReadEnum<InfinityPolicy>();
        int? channelAxis = reader.ReadOptional(reader.ReadInt32);
        bool tracksQuantiles = knowsQuantiles && reader.ReadBoolean();
        int quantileSize = knowsQuantiles ? reader.ReadInt32() : FeatureQuantiles.DefaultSize;
        ScalingOptions own = ReadOptions(reader);
        var options = (TOptions)(own with
        {
            Infinity = infinity,
            ChannelAxis = channelAxis,
            TrackQuantiles = tracksQuantiles,
            QuantileSize = quantileSize,
        });
        options.Validate();
        ImmutableArray<FittedColumn> fitted = [.. ColumnState.Read(reader, options).Select(column => ReadStatistics(reader, column, options))];
        if (knowsQuantiles)
        {
            fitted = [.. fitted.Select(column => reader.ReadBoolean() ? column with { Quantiles = ReadQuantiles(reader, column, options) } : column)];
        }
        try
        {
            return Create(host, options, fitted);
        }
        catch (InvalidOperationException exception)
        {
            throw reader.Damaged(exception.Message, exception);
        }
    }

    protected abstract void WriteOptions(StatisticsWriter writer, TOptions options);

    /// <summary>The scaling's own options; those that all scalings have are set by the caller.</summary>
    protected abstract TOptions ReadOptions(StatisticsReader reader);

    protected virtual void WriteStatistics(StatisticsWriter writer, FittedColumn column)
    {
    }

    private static FeatureQuantiles ReadQuantiles(StatisticsReader reader, FittedColumn column, TOptions options)
    {
        FeatureQuantiles quantiles;
        try
        {
            quantiles = FeatureQuantiles.FromBytes(reader.ReadBytes().Span);
        }
        catch (InvalidDataException exception)
        {
            throw reader.Damaged(exception.Message, exception);
        }
        return quantiles.FeatureCount == column.Layout.FeatureCount && quantiles.Size == options.QuantileSize && options.KeepsQuantiles
            ? quantiles
            : throw reader.Damaged(
                $"column '{column.InputColumnName}' has {column.Layout.FeatureCount} features, and quantiles of {quantiles.FeatureCount}, of size {quantiles.Size} where {options.QuantileSize} was asked for");
    }

    protected virtual FittedColumn ReadStatistics(StatisticsReader reader, FittedColumn column, TOptions options) => column;
}
