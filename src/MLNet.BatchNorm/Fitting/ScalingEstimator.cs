using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>The common part of this library's scaling estimators: columns and options in, a transformer out.</summary>
/// <typeparam name="TTransformer">What a fit returns.</typeparam>
/// <typeparam name="TOptions">What it is told.</typeparam>
/// <remarks>An estimator can be used from many threads.</remarks>
public abstract class ScalingEstimator<TTransformer, TOptions> : IEstimator<TTransformer>
    where TTransformer : ScalingTransformer
    where TOptions : ScalingOptions, new()
{
    private readonly ScalingState<TTransformer, TOptions> _scaling;
    private readonly TransformsCatalog _catalog;
    private readonly ImmutableArray<InputOutputColumnPair> _columns;
    private readonly TOptions _options;

    private protected ScalingEstimator(
        ScalingState<TTransformer, TOptions> scaling, TransformsCatalog catalog, InputOutputColumnPair[] columns, TOptions? options)
    {
        _scaling = scaling;
        _catalog = catalog;
        _columns = ColumnPairs.Check(columns);
        _options = options ?? new TOptions();
        _options.Validate();
    }

    /// <summary>Reads the data and returns the transformer. What the options give is not looked for: where all is given, no row is read.</summary>
    /// <param name="input">The data to learn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that cannot be scaled.</exception>
    /// <exception cref="ArgumentException">An option has neither one number nor one per feature of a column.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are no rows, or none of them weighs anything; a value is infinite and the options do not leave those out; a weight is negative,
    /// NaN or infinite; batches are asked for, and there is none, or a feature never has two values in one; a variance or a range is
    /// beyond the range of double.
    /// </exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var host = HostEnvironment.Of(_catalog);
        var unfitted = ColumnFit.Unfitted(input.Schema, _columns, _options, nameof(input));
        if (_options.GivenStatistics is not null)
        {
            return _scaling.Create(host, _options, _scaling.Start(unfitted, _options));
        }
        var transformer = _scaling.Create(host, _options, _scaling.Fit(_scaling.Start(unfitted, _options), input, _options, nameof(input)));
        transformer.LogFit(_scaling.Kind);
        return transformer;
    }

    /// <summary>
    /// Makes the transformer from statistics that somebody else has computed: a database, another process, another library. A transformer
    /// like one that was fitted on those rows, to be updated, merged, saved, inverted and reported on.
    /// </summary>
    /// <remarks>
    /// Batch normalization takes them as one batch that holds all rows: running mean and variance are the pooled ones. Where running
    /// statistics start at 0 and 1 (<see cref="RunningStart.ZeroOne"/>), as so many batches that this start weighs nothing.
    /// </remarks>
    /// <param name="inputSchema">The schema of the data that will be transformed: it has the columns' types and the names of their slots.</param>
    /// <param name="momentsByInputColumn">
    /// For each input column, the moments of its features: of its slots, or with a channel axis of its channels. Copied. Those of other
    /// columns are not looked at.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that cannot be scaled.</exception>
    /// <exception cref="ArgumentException">A column has no moments, or those of another number of features.</exception>
    /// <exception cref="InvalidOperationException">
    /// The options give the statistics already; there are no rows; a value is infinite and the options do not leave those out; a variance
    /// or a range is beyond the range of double.
    /// </exception>
    public TTransformer Fit(DataViewSchema inputSchema, IReadOnlyDictionary<string, FeatureMoments> momentsByInputColumn)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ArgumentNullException.ThrowIfNull(momentsByInputColumn);
        if (_options.GivenStatistics is { } given)
        {
            throw new InvalidOperationException($"Fit: there are moments, and the options give the statistics too: {given}.");
        }
        ImmutableArray<FittedColumn> fitted = [.. ColumnFit.Unfitted(inputSchema, _columns, _options, nameof(inputSchema))
            .Select(column => ColumnFit.WithMoments(column, momentsByInputColumn, _options, nameof(momentsByInputColumn)))];
        ColumnFit.RequireValues(fitted, weightColumnName: null);
        var transformer = _scaling.Create(HostEnvironment.Of(_catalog), _options, _scaling.OfMoments(fitted, _options));
        transformer.LogFit(_scaling.Kind);
        return transformer;
    }

    /// <summary>The schema shape of the output: the output columns have the shape of their inputs, and are normalized.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that cannot be scaled.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return ColumnPairs.GetOutputSchema(_catalog, _columns, inputSchema, _options.WeightColumn);
    }
}
