using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>
/// Fits a <see cref="BatchNormTransformer"/>: batch normalization as it is at inference, y = gamma (x - running mean) / sqrt(running
/// variance + epsilon) + beta, with running statistics taken over mini-batches of the data.
/// </summary>
/// <remarks>
/// <para>
/// <b>Estimator characteristics</b>
/// <list type="table">
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>Yes; one pass per epoch, for all columns together, in constant memory</description></item>
/// <item><term>Input column data type</term><description>Single or Double, or a known-size vector of those; dense or sparse</description></item>
/// <item><term>Output column data type</term><description>The type of the input column; slot names are kept, IsNormalized is set</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MLNet.BatchNorm</description></item>
/// </list>
/// </para>
/// <para>
/// Per batch of m rows and feature: mean_B = sum x / m, variance_B = sum (x - mean_B)^2 / m; then running &lt;- (1 - momentum) running +
/// momentum batch, for mean and variance alike. Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing
/// internal covariate shift" (2015), algorithms 1 and 2. Sums are in double precision, whatever the column's type.
/// </para>
/// <para>
/// The same pass takes the exact pooled statistics of all rows. Where batches differ from each other by more than chance allows, because
/// rows are sorted, grouped or drift, the running variance is too small and the running mean follows the last batches: the report says
/// so, and so does ML.NET's log. <see cref="BatchNormOptions.Shuffle"/> is the cure. Where nothing but scaling is wanted,
/// <see cref="StandardizationEstimator"/> has no such worries.
/// </para>
/// <para>
/// Missing values (NaN) are left out of the statistics of their feature and stay NaN in the output; a batch with fewer than two values of
/// a feature leaves that feature's running statistics as they are. An infinite value is an error, or left out and counted:
/// <see cref="ScalingOptions.Infinity"/>. A constant feature, up to rounding, is centered and gets scale gamma; with running statistics
/// that start at variance 1 (<see cref="RunningStart.ZeroOne"/>) it gets what the formula says. A last batch of one row is left out and
/// reported. A feature without a single value (in a shard, in a fold) has mean 0 and gets scale gamma, with a warning, and can be updated
/// and merged like any other. Data without rows, or a feature that has values but never two in a batch, are an error.
/// </para>
/// <para>An estimator can be used from many threads.</para>
/// </remarks>
/// <example>
/// <code>
/// var mlContext = new MLContext();
/// var random = new Random(1);
/// var data = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 10_000).Select(_ => new { Activation = (float)(5 + 3 * random.NextDouble()) }).ToList());
/// var pipeline = mlContext.Transforms.BatchNormalize("Normalized", "Activation", new BatchNormOptions { BatchSize = 100, Gamma = Math.Sqrt(20), Beta = 5 });
/// var transformer = pipeline.Fit(data);
/// Console.WriteLine(transformer.Report);               // running mean and variance beside the exact ones
/// var normalized = transformer.Transform(data);        // mean about 5, variance about 20
/// </code>
/// </example>
public sealed class BatchNormEstimator : ScalingEstimator<BatchNormTransformer, BatchNormOptions>
{
    internal BatchNormEstimator(TransformsCatalog catalog, InputOutputColumnPair[] columns, BatchNormOptions? options)
        : base(BatchNormState.Instance, catalog, columns, options)
    {
    }
}
