using MLNet.BatchNorm;

namespace Microsoft.ML;

/// <summary>The front door to scaling by quantiles and by magnitudes, on <c>mlContext.Transforms</c>.</summary>
public static class RobustScalingCatalog
{
    /// <summary>
    /// Creates a <see cref="RobustScalingEstimator"/>, which scales each feature by quantiles, which outliers do not move:
    /// y = (x - median) / (upper quantile - lower quantile).
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="outputColumnName">The column to write, of the input column's type.</param>
    /// <param name="inputColumnName">The column to read: Single or Double, or a known-size vector of those. Default: the output column.</param>
    /// <param name="options">How to scale. Default: center, and divide by the distance of the quartiles.</param>
    /// <exception cref="ArgumentException">A name is empty, or an option is out of its range.</exception>
    public static RobustScalingEstimator RobustScale(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, RobustScalingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return catalog.RobustScale([new InputOutputColumnPair(outputColumnName, inputColumnName)], options);
    }

    /// <summary>Creates a <see cref="RobustScalingEstimator"/> for several columns, which are fitted in one pass over the data.</summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="columns">Pairs of the column to write and the column to read. Every pair reads the estimator's input, not another pair's output.</param>
    /// <param name="options">How to scale. Default: center, and divide by the distance of the quartiles.</param>
    /// <exception cref="ArgumentException">There is no pair, an output column is given twice, or an option is out of its range.</exception>
    public static RobustScalingEstimator RobustScale(
        this TransformsCatalog catalog, InputOutputColumnPair[] columns, RobustScalingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new RobustScalingEstimator(catalog, columns, options);
    }

    /// <summary>Creates a <see cref="MaxAbsScalingEstimator"/>, which divides each feature by its largest absolute value: y = x / max |x|.</summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="outputColumnName">The column to write, of the input column's type.</param>
    /// <param name="inputColumnName">The column to read: Single or Double, or a known-size vector of those. Default: the output column.</param>
    /// <param name="options">Infinities, channels, threads.</param>
    /// <exception cref="ArgumentException">A name is empty, or an option is out of its range.</exception>
    public static MaxAbsScalingEstimator ScaleMaxAbs(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, MaxAbsScalingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return catalog.ScaleMaxAbs([new InputOutputColumnPair(outputColumnName, inputColumnName)], options);
    }

    /// <summary>Creates a <see cref="MaxAbsScalingEstimator"/> for several columns, which are fitted in one pass over the data.</summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="columns">Pairs of the column to write and the column to read. Every pair reads the estimator's input, not another pair's output.</param>
    /// <param name="options">Infinities, channels, threads.</param>
    /// <exception cref="ArgumentException">There is no pair, an output column is given twice, or an option is out of its range.</exception>
    public static MaxAbsScalingEstimator ScaleMaxAbs(
        this TransformsCatalog catalog, InputOutputColumnPair[] columns, MaxAbsScalingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MaxAbsScalingEstimator(catalog, columns, options);
    }
}
