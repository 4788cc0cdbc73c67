using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>
/// Fits a <see cref="StandardizationTransformer"/>: each feature is scaled to mean 0 and standard deviation 1,
/// y = (x - mean) / sqrt(variance + epsilon).
/// </summary>
/// <remarks>
/// <para>
/// <b>Estimator characteristics</b>
/// <list type="table">
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>Yes; one pass, for all columns together</description></item>
/// <item><term>Input column data type</term><description>Single or Double, or a known-size vector of those; dense or sparse</description></item>
/// <item><term>Output column data type</term><description>The type of the input column; slot names are kept, IsNormalized is set</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MLNet.BatchNorm</description></item>
/// </list>
/// </para>
/// <para>
/// Mean and variance are exact: accumulated in double precision in one pass, in a form that keeps the variance of values with a large
/// common offset (see <see cref="FeatureMoments"/>). The map is evaluated in the column's type, with the mean held in twice its precision.
/// </para>
/// <para>
/// Missing values (NaN) are left out of the statistics of their feature and stay NaN in the output. An infinite value is an error, or
/// left out and counted: <see cref="ScalingOptions.Infinity"/>. A constant feature, up to rounding, is centered and gets scale 1. Data
/// without rows, or a feature without a single value, are an error.
/// </para>
/// <para>
/// Dense output of sparse vectors is a matter of centering: with <see cref="StandardizationOptions.Center"/> = false, sparse vectors stay sparse. Statistics of
/// sparse vectors cost what their non-zeros cost.
/// </para>
/// <para>An estimator can be used from many threads.</para>
/// </remarks>
/// <example>
/// <code>
/// var mlContext = new MLContext();
/// var data = mlContext.Data.LoadFromEnumerable(new[]
/// {
///     new { Age = 25f, Salary = 35000f },
///     new { Age = 30f, Salary = 50000f },
///     new { Age = 28f, Salary = 42000f },
///     new { Age = 35f, Salary = 65000f },
/// });
/// var pipeline = mlContext.Transforms.Standardize([new InputOutputColumnPair("Age"), new InputOutputColumnPair("Salary")]);
/// var transformer = pipeline.Fit(data);
/// Console.WriteLine(transformer.Report);             // mean, deviation, minimum, maximum of Age and Salary
/// var scaled = transformer.Transform(data);          // both columns with mean 0 and standard deviation 1
/// var original = transformer.Inverse().Transform(scaled);
/// </code>
/// </example>
public sealed class StandardizationEstimator : IEstimator<StandardizationTransformer>
{
    private readonly TransformsCatalog _catalog;
    private readonly ImmutableArray<InputOutputColumnPair> _columns;
    private readonly StandardizationOptions _options;

    internal StandardizationEstimator(TransformsCatalog catalog, InputOutputColumnPair[] columns, StandardizationOptions? options)
    {
        _catalog = catalog;
        _columns = ColumnPairs.Check(columns);
        _options = options ?? new StandardizationOptions();
        _options.Validate();
    }

    /// <summary>Reads the data once and returns the transformer.</summary>
    /// <param name="input">The data to learn mean and variance from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that cannot be standardized.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are no rows, or a feature has no value; a value is infinite and the options do not leave those out; a weight is negative,
    /// NaN or infinite; a variance is beyond the range of double.
    /// </exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public StandardizationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var host = HostEnvironment.Of(_catalog);
        var fitted = ColumnFit.Fit(input, _columns, _options, _options.WeightColumnName, nameof(input));
        var transformer = new StandardizationTransformer(host, _options, fitted);
        FitLog.Write(host, "Standardization", fitted, transformer.Report.Warnings);
        return transformer;
    }

    /// <summary>The schema shape of the output: the output columns have the shape of their inputs, and are normalized.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that cannot be standardized.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return ColumnPairs.GetOutputSchema(_catalog, _columns, inputSchema, _options.WeightColumnName);
    }
}
