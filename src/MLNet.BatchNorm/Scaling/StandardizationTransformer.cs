using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>
/// Scales features to mean 0 and standard deviation 1, with the statistics of the data it was fitted on: y = (x - mean) / sqrt(variance + epsilon).
/// </summary>
/// <inheritdoc cref="AffineTransformer" path="/remarks"/>
public sealed class StandardizationTransformer : AffineTransformer
{
    private readonly ImmutableArray<FittedColumn> _fitted;
    private ScalingReport? _report;

    internal StandardizationTransformer(HostEnvironment host, StandardizationOptions options, ImmutableArray<FittedColumn> fitted)
        : this(host, options, fitted, [.. fitted.Select(column => new StandardizationColumn(column, options))])
    {
    }

    private StandardizationTransformer(
        HostEnvironment host, StandardizationOptions options, ImmutableArray<FittedColumn> fitted, ImmutableArray<StandardizationColumn> columns)
        : base(host, [.. columns.Select(column => column.ToAffine())])
    {
        _fitted = fitted;
        Options = options;
        Columns = columns;
    }

    /// <summary>The options that the transformer was fitted with.</summary>
    public StandardizationOptions Options { get; }

    /// <summary>Per column pair, in the order in which they were given: statistics, scale and offset of each slot.</summary>
    public IReadOnlyList<StandardizationColumn> Columns { get; }

    /// <summary>What the fit has found in each feature, and what in it is worth a look. Its text is a table.</summary>
    public ScalingReport Report => _report ??= new ScalingReport([.. Columns.SelectMany(column => column.ReportRows())]);

    /// <summary>
    /// A new transformer whose statistics include the rows of <paramref name="input"/> as well: the same, up to rounding, as a fit on all
    /// rows in one go. This one stays as it is.
    /// </summary>
    /// <param name="input">More rows, with the input columns (and the weight column) of the same types. No rows at all change nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">A value is infinite and the options do not leave those out, or a weight is not valid.</exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public StandardizationTransformer Update(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new StandardizationTransformer(
            Host, Options, ColumnFit.Update(_fitted, input, Options, Options.WeightColumnName, nameof(input)));
    }

    /// <summary>
    /// A new transformer with the statistics of both, for parts of the data that were fitted apart: the same, up to rounding, as a fit on
    /// all rows in one go. Neither side is changed.
    /// </summary>
    /// <param name="other">A transformer with the same columns and options, fitted on other rows.</param>
    /// <exception cref="ArgumentException">Columns or options differ.</exception>
    public StandardizationTransformer Merge(StandardizationTransformer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ScalingState.RequireSameOptions(Options, other.Options, nameof(other));
        return new StandardizationTransformer(Host, Options, ColumnFit.Merge(_fitted, other._fitted, nameof(other)));
    }

    internal static StandardizationTransformer FromState(StatisticsReader reader, HostEnvironment host)
    {
        var options = StandardizationState.ReadOptions(reader);
        return ScalingState.Restore(reader, () => new StandardizationTransformer(host, options, ScalingState.ReadColumns(reader, options)));
    }

    private protected override void SaveCore(ModelSaveContext context, ITransformer stock) => StatisticsEntry.SaveWithStatistics(
        context, stock, StandardizationState.Kind, StandardizationState.Version, writer =>
        {
            StandardizationState.WriteOptions(writer, Options);
            ScalingState.WriteColumns(writer, _fitted);
        });
}
