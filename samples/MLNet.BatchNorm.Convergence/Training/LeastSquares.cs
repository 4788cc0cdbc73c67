using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>
/// Least squares in one step, by MathNet.Numerics: the weights that minimize mean (y - w x - b)^2 + lambda / 2 |w|^2, the intercept
/// not penalized.
/// </summary>
/// <remarks>
/// By the QR decomposition of the centred features with sqrt(n lambda / 2) I below them, which unlike the normal equations does not
/// square their condition number.
/// </remarks>
internal static class LeastSquares
{
    /// <summary>The trainer.</summary>
    public static IEstimator<ITransformer> Create(MLContext context, string featureColumn, TrainerSettings settings) => new ComputedEstimator(
        data => Fit(context, data, featureColumn, settings.Strength), context.Regression.Trainers.Sdca(DataViews.Label, featureColumn));

    /// <summary>The weights, then the intercept.</summary>
    public static double[] Solve(float[][] features, float[] labels, double strength)
    {
        int featureCount = features[0].Length;
        var means = Enumerable.Range(0, featureCount).Select(feature => features.Average(row => (double)row[feature])).ToArray();
        double labelMean = labels.Average(label => (double)label);
        double penalty = Math.Sqrt(features.Length * strength / 2);
        var design = Matrix<double>.Build.Dense(features.Length + featureCount, featureCount, (row, feature) =>
            row < features.Length ? features[row][feature] - means[feature] : row - features.Length == feature ? penalty : 0);
        var target = Vector<double>.Build.Dense(features.Length + featureCount, row => row < features.Length ? labels[row] - labelMean : 0);
        var weights = design.QR().Solve(target).ToArray();
        return [.. weights, labelMean - weights.Zip(means, (weight, mean) => weight * mean).Sum()];
    }

    private static LeastSquaresTransformer Fit(MLContext context, IDataView data, string featureColumn, double strength)
    {
        var parameters = Solve(
            DataViews.ReadFeatures(data, featureColumn), [.. data.GetColumn<float>(data.Schema[DataViews.Label])], strength);
        return new LeastSquaresTransformer(parameters, context.Transforms.CustomMapping<ComputedEstimator.Row, ScoreRow>(
            (row, score) => score.Score = Score(parameters, row.Values),
            contractName: null,
            ComputedEstimator.InputColumn(featureColumn, parameters.Length - 1)).Fit(data));
    }

    private static float Score(double[] parameters, float[] features)
    {
        double sum = parameters[^1];
        for (int feature = 0; feature < features.Length; feature++)
        {
            sum += parameters[feature] * features[feature];
        }
        return (float)sum;
    }

    private sealed class ScoreRow
    {
        public float Score { get; set; }
    }
}
