using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>What a <see cref="StandardizationTransformer"/> does to one column: y = (x - mean) / sqrt(variance + epsilon), per slot.</summary>
/// <inheritdoc cref="ScalingColumn" path="/remarks"/>
public sealed class StandardizationColumn : ScalingColumn
{
    internal StandardizationColumn(FittedColumn fitted, StandardizationOptions options)
        : base(fitted, CreateMap(fitted, options))
    {
        Warnings = options.Scale ? [.. EpsilonWarnings.Of(fitted, Variances(fitted, options), options.Epsilon)] : [];
    }

    internal override IEnumerable<ScalingWarning> Warnings { get; }

    private static AffineMap CreateMap(FittedColumn fitted, StandardizationOptions options)
    {
        var moments = fitted.Moments;
        if (options is { Mean: { } mean, StandardDeviation: { } deviation })
        {
            return CreateMap(
                fitted,
                options,
                mean.ForFeatures(moments.FeatureCount, nameof(options.Mean), fitted.InputColumnName),
                deviation.ForFeatures(moments.FeatureCount, nameof(options.StandardDeviation), fitted.InputColumnName));
        }
        var center = new double[moments.FeatureCount];
        var scale = new double[moments.FeatureCount];
        for (int feature = 0; feature < scale.Length; feature++)
        {
            bool hasValues = moments.Count[feature] > 0;
            center[feature] = options.Center && hasValues ? moments.Mean[feature] : 0;
            scale[feature] = options.Scale && hasValues && !moments.IsConstant(feature) ? ScaleOf(fitted, feature, options) : 1;
        }
        return new AffineMap(fitted.Layout.Expand<double>(center), fitted.Layout.Expand<double>(scale));
    }

    // By given numbers: a deviation of 0 is that of a constant.
    private static AffineMap CreateMap(FittedColumn fitted, StandardizationOptions options, double[] mean, double[] deviation)
    {
        double[] center = options.Center ? mean : new double[mean.Length];
        double[] scale = Array.ConvertAll(deviation, value => !options.Scale || value == 0
            ? 1
            : fitted.Type.ScaleOrOne(1 / (options.Epsilon == 0 ? value : Math.Sqrt((value * value) + options.Epsilon))));
        return new AffineMap(fitted.Layout.Expand<double>(center), fitted.Layout.Expand<double>(scale));
    }

    private static ImmutableArray<double> Variances(FittedColumn fitted, StandardizationOptions options) => options.VarianceEstimator switch
    {
        VarianceEstimator.Population => fitted.Moments.PopulationVariance,
        VarianceEstimator.Sample => fitted.Moments.SampleVariance,
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.VarianceEstimator, "Unknown variance estimator."),
    };

    private static double ScaleOf(FittedColumn fitted, int feature, StandardizationOptions options)
    {
        double variance = Variances(fitted, options)[feature];
        if (double.IsNaN(variance))
        {
            throw new InvalidOperationException(
                $"{fitted.Describe(feature)}: the sample variance needs weights that sum up to more than 1; their sum is {fitted.Moments.WeightSum[feature]:R}. " +
                $"Scale the weights up, or use {nameof(VarianceEstimator)}.{nameof(VarianceEstimator.Population)}.");
        }
        if (double.IsInfinity(variance))
        {
            throw new InvalidOperationException(
                $"{fitted.Describe(feature)}: the variance of values from {fitted.Moments.Minimum[feature]:G3} to {fitted.Moments.Maximum[feature]:G3} " +
                "is beyond the range of double. Divide the values by a constant first, or take their logarithm.");
        }
        return fitted.Type.ScaleOrOne(1 / Math.Sqrt(variance + options.Epsilon));
    }
}
