using Microsoft.ML;

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
/// left out and counted: <see cref="ScalingOptions.Infinity"/>. A constant feature, up to rounding, is centered and gets scale 1. A
/// feature without a single value (in a shard, in a fold) is left as it is, with a warning, and can be updated and merged like any other.
/// Data without rows are an error.
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
public sealed class StandardizationEstimator : ScalingEstimator<StandardizationTransformer, StandardizationOptions>
{
    internal StandardizationEstimator(TransformsCatalog catalog, InputOutputColumnPair[] columns, StandardizationOptions? options)
        : base(StandardizationState.Instance, catalog, columns, options)
    {
    }
}
