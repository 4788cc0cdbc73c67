using MLNet.BatchNorm.Convergence.Objectives;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>What a scaling does to the features and to the Hessian.</summary>
internal static class ScalingMeasurement
{
    public static ScalingResult Measure(PreparedData data, StudySettings settings, CancellationToken cancellation)
    {
        var unregularized = Losses.Usual(data.Data, data.Matrix, new Regularization(0, IncludesIntercept: false));
        return new ScalingResult(
            data.Scaling.Name,
            [.. Enumerable.Range(0, data.Data.FeatureCount).Select(feature => Quantiles(data, feature))],
            Hessian(unregularized, new double[unregularized.ParameterCount], c: null),
            [.. settings.InverseStrengths.Select(c =>
            {
                var (objective, optimum) = data.SolveUsual(c, cancellation);
                return Hessian(objective, optimum.Parameters, c);
            })]);
    }

    private static HessianResult Hessian(LinearObjective objective, double[] parameters, double? c)
    {
        var spectrum = Spectrum.Of(Hessians.At(objective, parameters));
        return new HessianResult(
            c, spectrum.Largest, spectrum.Smallest, double.IsFinite(spectrum.ConditionNumber) ? spectrum.ConditionNumber : null);
    }

    private static FeatureResult Quantiles(PreparedData data, int feature)
    {
        var values = data.Data.Rows.Select(row => (double)row[feature]).Order().ToArray();
        return new FeatureResult(data.Data.FeatureNames[feature], values[0], At(0.25), At(0.5), At(0.75), values[^1]);

        double At(double share)
        {
            var position = share * (values.Length - 1);
            var (below, above) = (values[(int)Math.Floor(position)], values[(int)Math.Ceiling(position)]);
            return below + ((above - below) * (position - Math.Floor(position)));
        }
    }
}
