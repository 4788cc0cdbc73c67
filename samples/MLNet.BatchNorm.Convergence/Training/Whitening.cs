using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Transforms;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Objectives;

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>
/// Standardized features, then zero-phase whitening (ZCA): y = W x with W = U diag(1 / sqrt(eigenvalue + epsilon)) U', where U holds the
/// eigenvectors of X'X / n. By MathNet.Numerics, or with <c>-p:UseMkl=true</c> by ML.NET's VectorWhiten.
/// </summary>
/// <remarks>Features are standardized first, since VectorWhiten does not center, and its epsilon is absolute.</remarks>
internal static class Whitening
{
    /// <summary>Added to each eigenvalue: ML.NET's default.</summary>
    public const float Epsilon = 1e-5f;

#if USE_MKL
    /// <summary>Who computes it.</summary>
    public const string Source = "VectorWhiten of Microsoft.ML.Mkl.Components";

    /// <summary>The estimator of the study.</summary>
    public static IEstimator<ITransformer> Create(MLContext context, string output, string input) => ByMkl(context, output, input);

    /// <summary>ML.NET's own.</summary>
    public static IEstimator<ITransformer> ByMkl(MLContext context, string output, string input) =>
        context.Transforms.Standardize(output, input).Append(context.Transforms.VectorWhiten(output, epsilon: Epsilon));
#else
    /// <summary>Who computes it.</summary>
    public const string Source = "MathNet.Numerics";

    /// <summary>The estimator of the study.</summary>
    public static IEstimator<ITransformer> Create(MLContext context, string output, string input) => ByMathNet(context, output, input);
#endif

    /// <summary>W of the covariance's eigenvectors in double.</summary>
    public static IEstimator<ITransformer> ByMathNet(MLContext context, string output, string input) =>
        context.Transforms.Standardize(output, input).Append<ITransformer>(new ComputedEstimator(
            data => Fit(context, data, output), context.Transforms.CopyColumns(output, output)));

    private static CustomMappingTransformer<ComputedEstimator.Row, ComputedEstimator.Row> Fit(MLContext context, IDataView data, string column)
    {
        var whitening = WhiteningMatrix(DesignMatrix.FromRows(DataViews.ReadFeatures(data, column)));
        var definition = ComputedEstimator.InputColumn(column, whitening.RowCount);
        return context.Transforms.CustomMapping<ComputedEstimator.Row, ComputedEstimator.Row>(
            (row, whitened) => whitened.Values = Multiply(whitening, row.Values), contractName: null, definition, definition).Fit(data);
    }

    private static Matrix<double> WhiteningMatrix(DesignMatrix features)
    {
        var covariance = features.SecondMoments().SubMatrix(0, features.FeatureCount, 0, features.FeatureCount);
        var eigen = covariance.Evd(Symmetricity.Symmetric);
        double[] scales = [.. eigen.EigenValues.Select(value => 1 / Math.Sqrt(Math.Max(0, value.Real) + Epsilon))];
        return eigen.EigenVectors * Matrix<double>.Build.DenseOfDiagonalArray(scales) * eigen.EigenVectors.Transpose();
    }

    private static float[] Multiply(Matrix<double> whitening, float[] row) =>
        [.. (whitening * Vector<double>.Build.Dense(row.Length, feature => row[feature])).Select(value => (float)value)];
}
