using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>Fits a <see cref="MaxAbsScalingTransformer"/>: each feature is divided by its largest absolute value, y = x / max |x|.</summary>
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
/// Zeros stay zeros, and sparse vectors stay sparse; results lie within -1 and 1 for the data of the fit. The conventions are those of
/// scikit-learn's MaxAbsScaler. One outlier decides the scale: where there are some, take <see cref="RobustScalingEstimator"/>.
/// </para>
/// <para>
/// Missing values (NaN) are left out and stay NaN in the output. An infinite value is an error, or left out and counted:
/// <see cref="ScalingOptions.Infinity"/>. A feature that is 0 in all rows, or has no value in any, gets scale 1. Data without rows are an error.
/// An estimator can be used from many threads.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var mlContext = new MLContext();
/// var data = mlContext.Data.LoadFromEnumerable(new[] { new { Change = -4f }, new { Change = 0f }, new { Change = 2f } });
/// var scaled = mlContext.Transforms.ScaleMaxAbs("Change").Fit(data).Transform(data);      // -1, 0, 0.5
/// </code>
/// </example>
public sealed class MaxAbsScalingEstimator : ScalingEstimator<MaxAbsScalingTransformer, MaxAbsScalingOptions>
{
    internal MaxAbsScalingEstimator(TransformsCatalog catalog, InputOutputColumnPair[] columns, MaxAbsScalingOptions? options)
        : base(MaxAbsScalingState.Instance, catalog, columns, options)
    {
    }
}
