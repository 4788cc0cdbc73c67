using MLNet.BatchNorm;

namespace Microsoft.ML;

/// <summary>The front door to feature scaling, on <c>mlContext.Transforms</c>.</summary>
public static class ScalingCatalog
{
    /// <summary>
    /// Creates a <see cref="StandardizationEstimator"/>, which scales each feature to mean 0 and standard deviation 1:
    /// y = (x - mean) / sqrt(variance + epsilon).
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="outputColumnName">The column to write, of the input column's type.</param>
    /// <param name="inputColumnName">The column to read: Single or Double, or a known-size vector of those. Default: the output column.</param>
    /// <param name="options">How to scale. Default: center and scale, with the population variance.</param>
    /// <exception cref="ArgumentException">A name is empty, or an option is out of its range.</exception>
    public static StandardizationEstimator Standardize(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, StandardizationOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return catalog.Standardize([new InputOutputColumnPair(outputColumnName, inputColumnName)], options);
    }

    /// <summary>
    /// Creates a <see cref="StandardizationEstimator"/> for several columns, which are fitted in one pass over the data.
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="columns">Pairs of the column to write and the column to read. Every pair reads the estimator's input, not another pair's output.</param>
    /// <param name="options">How to scale. Default: center and scale, with the population variance.</param>
    /// <exception cref="ArgumentException">There is no pair, an output column is given twice, or an option is out of its range.</exception>
    public static StandardizationEstimator Standardize(
        this TransformsCatalog catalog, InputOutputColumnPair[] columns, StandardizationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new StandardizationEstimator(catalog, columns, options);
    }

    /// <summary>
    /// Creates a <see cref="MinMaxScalingEstimator"/>, which maps each feature's smallest value to 0 and its largest to 1:
    /// y = (x - smallest) / (largest - smallest) * (maximum - minimum) + minimum.
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="outputColumnName">The column to write, of the input column's type.</param>
    /// <param name="inputColumnName">The column to read: Single or Double, or a known-size vector of those. Default: the output column.</param>
    /// <param name="options">The target range, clipping, and the range of the data where it is known. Default: 0 to 1, not clipped, fitted.</param>
    /// <exception cref="ArgumentException">A name is empty, or an option is out of its range.</exception>
    public static MinMaxScalingEstimator ScaleMinMax(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, MinMaxScalingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return catalog.ScaleMinMax([new InputOutputColumnPair(outputColumnName, inputColumnName)], options);
    }

    /// <summary>
    /// Creates a <see cref="MinMaxScalingEstimator"/> for several columns, which are fitted in one pass over the data.
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="columns">Pairs of the column to write and the column to read. Every pair reads the estimator's input, not another pair's output.</param>
    /// <param name="options">The target range, clipping, and the range of the data where it is known. Default: 0 to 1, not clipped, fitted.</param>
    /// <exception cref="ArgumentException">There is no pair, an output column is given twice, or an option is out of its range.</exception>
    public static MinMaxScalingEstimator ScaleMinMax(
        this TransformsCatalog catalog, InputOutputColumnPair[] columns, MinMaxScalingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MinMaxScalingEstimator(catalog, columns, options);
    }

    /// <summary>
    /// Creates a <see cref="BatchNormEstimator"/>, which takes running statistics over mini-batches and normalizes with them, frozen:
    /// y = gamma (x - running mean) / sqrt(running variance + epsilon) + beta.
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="outputColumnName">The column to write, of the input column's type.</param>
    /// <param name="inputColumnName">The column to read: Single or Double, or a known-size vector of those. Default: the output column.</param>
    /// <param name="options">Batches, running statistics, gamma and beta. Default: batches of 256 rows, momentum 0.1, debiased, gamma 1, beta 0.</param>
    /// <exception cref="ArgumentException">A name is empty, or an option is out of its range.</exception>
    public static BatchNormEstimator BatchNormalize(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, BatchNormOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return catalog.BatchNormalize([new InputOutputColumnPair(outputColumnName, inputColumnName)], options);
    }

    /// <summary>
    /// Creates a <see cref="BatchNormEstimator"/> for several columns, which are fitted in the same passes over the data.
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="columns">Pairs of the column to write and the column to read. Every pair reads the estimator's input, not another pair's output.</param>
    /// <param name="options">Batches, running statistics, gamma and beta. Default: batches of 256 rows, momentum 0.1, debiased, gamma 1, beta 0.</param>
    /// <exception cref="ArgumentException">There is no pair, an output column is given twice, or an option is out of its range.</exception>
    public static BatchNormEstimator BatchNormalize(
        this TransformsCatalog catalog, InputOutputColumnPair[] columns, BatchNormOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new BatchNormEstimator(catalog, columns, options);
    }
}
