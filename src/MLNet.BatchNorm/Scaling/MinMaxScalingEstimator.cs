using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>
/// Fits a <see cref="MinMaxScalingTransformer"/>: each feature's smallest value is mapped to a given minimum, 0, and its largest to a
/// given maximum, 1: y = (x - smallest) / (largest - smallest) * (maximum - minimum) + minimum.
/// </summary>
/// <remarks>
/// <para>
/// <b>Estimator characteristics</b>
/// <list type="table">
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>Yes; one pass, for all columns together. No, where the range of the data is given.</description></item>
/// <item><term>Input column data type</term><description>Single or Double, or a known-size vector of those; dense or sparse</description></item>
/// <item><term>Output column data type</term><description>The type of the input column; slot names are kept, IsNormalized is set</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MLNet.BatchNorm</description></item>
/// </list>
/// </para>
/// <para>
/// Unlike ML.NET's NormalizeMinMax with its default fixZero, which divides by the largest absolute value, this one subtracts the smallest
/// value, so that the whole of the target range is used. Relative distances are kept.
/// </para>
/// <para>
/// Missing values (NaN) are left out of the range of their feature and stay NaN in the output. An infinite value is an error, or left
/// out and counted: <see cref="ScalingOptions.Infinity"/>. A constant feature is mapped to the target minimum, as if its range were 1.
/// The smallest and the largest value of the fit land on the ends of the range exactly, as the column's type holds them.
/// A feature without a single value (in a shard, in a fold) is left as it is, with a warning, and can be updated and merged like any
/// other. Data without rows are an error. Values outside of the range of the fit land outside of the
/// target range, or on its end: <see cref="MinMaxScalingOptions.Clip"/>.
/// </para>
/// <para>Sparse vectors stay sparse where zero is mapped to zero. An estimator can be used from many threads.</para>
/// </remarks>
/// <example>
/// <code>
/// var mlContext = new MLContext();
/// var images = mlContext.Data.LoadFromEnumerable(new[] { new Image { Pixels = [0, 51, 255] }, new Image { Pixels = [102, 204, 153] } });
/// // The range of pixels is known: nothing to fit.
/// var pipeline = mlContext.Transforms.ScaleMinMax("Pixels", options: new MinMaxScalingOptions { DataMinimum = 0, DataMaximum = 255 });
/// var scaled = pipeline.Fit(images).Transform(images);          // 0, 0.2, 1 and 0.4, 0.8, 0.6
///
/// class Image { [VectorType(3)] public float[] Pixels { get; set; } = []; }
/// </code>
/// </example>
public sealed class MinMaxScalingEstimator : ScalingEstimator<MinMaxScalingTransformer, MinMaxScalingOptions>
{
    internal MinMaxScalingEstimator(TransformsCatalog catalog, InputOutputColumnPair[] columns, MinMaxScalingOptions? options)
        : base(MinMaxScalingState.Instance, catalog, columns, options)
    {
    }
}
