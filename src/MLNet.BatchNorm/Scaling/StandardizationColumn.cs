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
        var shift = new double[moments.FeatureCount];
        for (int feature = 0; feature < scale.Length; feature++)
        {
            bool hasValues = moments.Count[feature] > 0;
            center[feature] = options.Center && hasValues ? moments.Mean[feature] : 0;
            scale[feature] = options.Scale && hasValues && !moments.IsConstant(feature) ? ScaleOf(fitted, feature, options) : 1;
            shift[feature] = options.Center && hasValues ? RemainderOf(moments, feature) * -scale[feature] : 0;
        }
        var layout = fitted.Layout;
        return new AffineMap(layout.Expand<double>(center), layout.Expand<double>(scale), layout.Expand<double>(shift));
    }

    /// <summary>What the mean, rounded to a double, lacks of the mean; 0 where nobody sees it: it matters to values some last digits apart.</summary>
    private static double RemainderOf(FeatureMoments moments, int feature)
    {
        const double Visible = 1.0 / (1 << 30);
        double remainder = moments.MeanRemainder(feature);
        return Math.Abs(remainder) > Visible * moments.PopulationStandardDeviation[feature] && !moments.IsConstant(feature) ? remainder : 0;
    }

    // By given numbers: a deviation of 0 is that of a constant.
    private static AffineMap CreateMap(FittedColumn fitted, StandardizationOptions options, double[] mean, double[] deviation)
    {
        double[] center = options.Center ? mean : new double[mean.Length];
        double[] scale = Array.ConvertAll(deviation, value => !options.Scale || value == 0
            ? 1
            : ScaleOf(fitted, options.Epsilon == 0 ? value : Math.Sqrt((value * value) + options.Epsilon)));
        return new AffineMap(fitted.Layout.Expand<double>(center), fitted.Layout.Expand<double>(scale));
    }

    private static double ScaleOf(FittedColumn fitted, double spread) => fitted.Type.HoldsInverse(spread) ? 1 / spread : 1;

    private static ImmutableArray<double> Variances(FittedColumn fitted, StandardizationOptions options) => options.VarianceEstimator switch
    {
        VarianceEstimator.Population => fitted.Moments.PopulationVariance,
        VarianceEstimator.Sample => fitted.Moments.SampleVariance,
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.VarianceEstimator, "Unknown variance estimator."),
    };

    private static double ScaleOf(FittedColumn fitted, int feature, StandardizationOptions options)
    {
        var moments = fitted.Moments;
        if (double.IsInfinity(moments.WeightSum[feature]))
        {
            throw new InvalidOperationException(
                $"{fitted.Describe(feature)}: the weights in column '{options.WeightColumnName}' sum up to more than double can hold. " +
                "Divide them by a constant first: that changes no mean and no population variance.");
        }
        double variance = Variances(fitted, options)[feature];
        double deviation = (options.VarianceEstimator == VarianceEstimator.Sample ? moments.SampleStandardDeviation : moments.PopulationStandardDeviation)[feature];
        if (double.IsNaN(variance))
        {
            throw new InvalidOperationException(
                $"{fitted.Describe(feature)}: the sample variance needs weights that sum up to more than 1; their sum is {moments.WeightSum[feature]:R}. " +
                $"Scale the weights up, or use {nameof(VarianceEstimator)}.{nameof(VarianceEstimator.Population)}.");
        }
        if (double.IsInfinity(variance))
        {
            throw fitted.VarianceBeyondDouble(feature);
        }
        // Not the root of the variance: of values below 1e-154 the variance is 0, and the deviation is not.
        double spread = options.Epsilon == 0 ? deviation : Math.Sqrt(variance + options.Epsilon);
        return ScaleOf(fitted, spread);
    }
}
