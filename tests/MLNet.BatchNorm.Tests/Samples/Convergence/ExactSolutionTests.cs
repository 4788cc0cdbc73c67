using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Training;
using MLNet.BatchNorm.Tests.Support;
#if USE_MKL
using Microsoft.ML.Trainers;
#endif

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

/// <summary>Least squares and whitening, which the study computes itself: against the definition, and with <c>-p:UseMkl=true</c> against ML.NET's own.</summary>
public class ExactSolutionTests
{
    private static readonly MLContext Context = new(seed: 1);

    [Fact]
    public void Least_squares_finds_the_weights_of_a_line()
    {
        // y = 3 a - 5 b + 7, with no noise.
        float[][] features = [[1, 0], [0, 1], [2, 1], [-1, 4]];

        LeastSquares.Solve(features, [10, 2, 8, -16], strength: 0).ShouldBeClose([3, -5, 7], 1e-14);
    }

    [Fact]
    public void A_penalty_shrinks_the_weights_and_not_the_intercept()
    {
        // One centred feature: w = sum x y / (sum x^2 + n lambda / 2) = 4 / (2 + 3), and b is the mean of y.
        LeastSquares.Solve([[-1], [0], [1]], [8, 10, 12], strength: 2).ShouldBeClose([0.8, 10], 1e-15);
    }

    [Fact]
    public void Whitened_features_are_uncorrelated_with_variance_one()
    {
        var whitened = Whiten(Whitening.ByMathNet, ShippedData.Load("diabetes"));

        double[][] rows = [.. whitened.Select(row => Array.ConvertAll(row, value => (double)value))];
        var matrix = Matrix<double>.Build.DenseOfRowArrays(rows);
        var covariance = matrix.TransposeThisAndMultiply(matrix) / rows.Length;
        // Each eigenvalue l becomes l / (l + epsilon), and the smallest one of diabetes is 0.0086.
        (covariance - Matrix<double>.Build.DenseIdentity(10)).InfinityNorm().Should().BeLessThan(0.003);
    }

#if USE_MKL
    [Fact]
    public void Whitening_is_that_of_ML_NET()
    {
        var data = ShippedData.Load("diabetes");
        var expected = Whiten(Whitening.ByMkl, data);

        Whiten(Whitening.ByMathNet, data).Zip(expected).Max(rows => rows.First.Zip(rows.Second, (x, y) => Math.Abs(x - y)).Max()).Should().BeLessThan(1e-3f);
    }

    [Fact]
    public void Least_squares_is_that_of_ML_NET()
    {
        var data = ShippedData.Load("diabetes");
        var view = Context.Transforms.Standardize("Features").Fit(DataViews.Create(Context, data)).Transform(DataViews.Create(Context, data));
        var settings = new TrainerSettings(Strength: 0.01, data.Rows.Length, Iterations: 1, Seed: 1);
        var mkl = Context.Regression.Trainers.Ols(new OlsTrainer.Options { L2Regularization = (float)Math.Sqrt(settings.Strength / 2) }).Fit(view).Model;

        LinearParameters.Of(LeastSquares.Create(Context, "Features", settings).Fit(view))
            .ShouldBeClose([.. mkl.Weights.Select(weight => (double)weight), mkl.Bias], 1e-4);
    }
#else
    [Fact(Skip = "Compares with Microsoft.ML.Mkl.Components: run with -p:UseMkl=true.")]
    public void Whitening_and_least_squares_are_those_of_ML_NET()
    {
    }
#endif

    private static float[][] Whiten(Func<MLContext, string, string, IEstimator<ITransformer>> create, TabularData data)
    {
        var view = DataViews.Create(Context, data);
        return [.. create(Context, "Features", "Features").Fit(view).Transform(view).GetColumn<float[]>("Features")];
    }
}
