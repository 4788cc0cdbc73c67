using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>
/// Fits a <see cref="RobustScalingTransformer"/>: each feature is scaled by quantiles, which outliers do not move,
/// y = (x - median) / (upper quantile - lower quantile), by default the quartiles.
/// </summary>
/// <remarks>
/// <para>
/// <b>Estimator characteristics</b>
/// <list type="table">
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>Yes; one pass, for all columns together. No, where median and quantile range are given.</description></item>
/// <item><term>Input column data type</term><description>Single or Double, or a known-size vector of those; dense or sparse</description></item>
/// <item><term>Output column data type</term><description>The type of the input column; slot names are kept, IsNormalized is set</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MLNet.BatchNorm</description></item>
/// </list>
/// </para>
/// <para>
/// The conventions are those of scikit-learn's RobustScaler, in results as well, while a feature has 10,240 values or less
/// (<see cref="ScalingOptions.QuantileSize"/>); beyond that the quantiles are those of <see cref="FeatureQuantiles"/>, close to the exact ones.
/// ML.NET's NormalizeRobustScaling divides by the range, which one outlier decides.
/// </para>
/// <para>
/// Missing values (NaN) are left out of the quantiles of their feature and stay NaN in the output. An infinite value is an error, or left
/// out and counted: <see cref="ScalingOptions.Infinity"/>. A constant feature is centered and gets scale 1; of one that varies, and whose
/// quantiles coincide, <see cref="RobustScalingOptions.CoincidentQuantiles"/> decides. A feature without a single value (in a shard, in a fold)
/// is left as it is, with a warning, and can be updated and merged like any other. Data without rows are an error.
/// </para>
/// <para>
/// With <see cref="RobustScalingOptions.Center"/> = false, sparse vectors stay sparse. Their zeros count: the quantiles of a feature that is 0 in
/// most rows are 0. An estimator can be used from many threads.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var mlContext = new MLContext();
/// var incomes = mlContext.Data.LoadFromEnumerable(new[]
/// {
///     new { Income = 30f }, new { Income = 35f }, new { Income = 40f }, new { Income = 45f }, new { Income = 9000f },
/// });
/// var transformer = mlContext.Transforms.RobustScale("Income").Fit(incomes);      // median 40, quartiles 35 and 45
/// var scaled = transformer.Transform(incomes);                                    // -1, -0.5, 0, 0.5, and 896
/// </code>
/// </example>
public sealed class RobustScalingEstimator : ScalingEstimator<RobustScalingTransformer, RobustScalingOptions>
{
    internal RobustScalingEstimator(TransformsCatalog catalog, InputOutputColumnPair[] columns, RobustScalingOptions? options)
        : base(RobustScalingState.Instance, catalog, columns, options)
    {
    }
}
