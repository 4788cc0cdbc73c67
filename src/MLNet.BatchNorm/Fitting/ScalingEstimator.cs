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

    /// <summary>The schema shape of the output: the output columns have the shape of their inputs, and are normalized.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that cannot be scaled.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return ColumnPairs.GetOutputSchema(_catalog, _columns, inputSchema, _options.WeightColumn);
    }
}
