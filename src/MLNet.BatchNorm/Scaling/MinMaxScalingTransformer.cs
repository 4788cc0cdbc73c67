using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>
/// Scales features to a given range, with the smallest and largest values of the data it was fitted on:
/// y = (x - data minimum) / (data maximum - data minimum) * (maximum - minimum) + minimum.
/// </summary>
/// <inheritdoc cref="AffineTransformer" path="/remarks"/>
public sealed class MinMaxScalingTransformer : AffineTransformer
{
    private readonly ImmutableArray<FittedColumn> _fitted;
    private ScalingReport? _report;

    internal MinMaxScalingTransformer(HostEnvironment host, MinMaxScalingOptions options, ImmutableArray<FittedColumn> fitted)
        : this(host, options, fitted, [.. fitted.Select(column => new MinMaxScalingColumn(column, options))])
    {
    }

    private MinMaxScalingTransformer(
        HostEnvironment host, MinMaxScalingOptions options, ImmutableArray<FittedColumn> fitted, ImmutableArray<MinMaxScalingColumn> columns)
        : base(host, [.. columns.Select(column => column.ToAffine())])
    {
        _fitted = fitted;
        Options = options;
        Columns = columns;
    }

    /// <summary>The options that the transformer was fitted with.</summary>
    public MinMaxScalingOptions Options { get; }

    /// <summary>Per column pair, in the order in which they were given: statistics, range, scale and offset of each slot.</summary>
    public IReadOnlyList<MinMaxScalingColumn> Columns { get; }

    /// <summary>What the fit has found in each feature, and what in it is worth a look. Its text is a table.</summary>
    public ScalingReport Report => _report ??= new ScalingReport([.. Columns.SelectMany(column => column.ReportRows())]);

    /// <summary>
    /// A new transformer whose statistics include the rows of <paramref name="input"/> as well: the same as a fit on all rows in one go.
    /// This one stays as it is.
    /// </summary>
    /// <param name="input">More rows, with the input columns of the same types. No rows at all change nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">
    /// The range of the data was given and not fitted; or a value is infinite and the options do not leave those out.
    /// </exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public MinMaxScalingTransformer Update(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        RequireFittedRange(nameof(Update));
        return new MinMaxScalingTransformer(Host, Options, ColumnFit.Update(_fitted, input, Options, weightColumnName: null, nameof(input)));
    }

    /// <summary>
    /// A new transformer with the statistics of both, for parts of the data that were fitted apart: the same as a fit on all rows in one
    /// go. Neither side is changed.
    /// </summary>
    /// <param name="other">A transformer with the same columns and options, fitted on other rows.</param>
    /// <exception cref="ArgumentException">Columns or options differ.</exception>
    /// <exception cref="InvalidOperationException">The range of the data was given and not fitted.</exception>
    public MinMaxScalingTransformer Merge(MinMaxScalingTransformer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        RequireFittedRange(nameof(Merge));
        ScalingState.RequireSameOptions(Options, other.Options, nameof(other));
        return new MinMaxScalingTransformer(Host, Options, ColumnFit.Merge(_fitted, other._fitted, nameof(other)));
    }

    internal static MinMaxScalingTransformer FromState(StatisticsReader reader, HostEnvironment host)
    {
        var options = MinMaxScalingState.ReadOptions(reader);
        return ScalingState.Restore(reader, () => new MinMaxScalingTransformer(host, options, ScalingState.ReadColumns(reader, options)));
    }

    private protected override void SaveCore(ModelSaveContext context, ITransformer stock) => StatisticsEntry.SaveWithStatistics(
        context, stock, MinMaxScalingState.Kind, MinMaxScalingState.Version, writer =>
        {
            MinMaxScalingState.WriteOptions(writer, Options);
            ScalingState.WriteColumns(writer, _fitted);
        });

    private void RequireFittedRange(string operation)
    {
        if (Options.HasFixedDataRange)
        {
            throw new InvalidOperationException(
                $"{operation}: column '{Columns[0].InputColumnName}' is scaled from the fixed range {Options.DataMinimum:R} to {Options.DataMaximum:R}, " +
                $"which no data change. Leave {nameof(MinMaxScalingOptions.DataMinimum)} and {nameof(MinMaxScalingOptions.DataMaximum)} out to have the range fitted.");
        }
    }
}
