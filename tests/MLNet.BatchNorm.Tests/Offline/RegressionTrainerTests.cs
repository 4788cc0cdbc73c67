using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Offline;

public class RegressionTrainerTests
{
    private static readonly Example[] Examples = Example.Load("diabetes.csv");

    [Fact]
    public void Ols_solves_the_normal_equations()
    {
        // 1e-5: the parameters are float.
        TrainedParameters.Of(Ols(Examples, l2: 0)).ShouldBeClose(Ridge(Examples, 0), 1e-5, floor: 1);
    }

    [Fact]
    public void Ols_penalizes_weights_by_the_square_of_its_option_times_the_row_count()
    {
        TrainedParameters.Of(Ols(Examples, l2: 0.5f)).ShouldBeClose(Ridge(Examples, 0.25 * Examples.Length), 1e-5, floor: 1);
    }

    [Fact]
    public void Ols_reports_the_textbook_statistics()
    {
        OlsModelParameters model = Ols(Examples, l2: 0);

        // As R's lm reports them for the same data: R squared 0.5177, adjusted 0.5066.
        model.RSquared.Should().BeApproximately(0.5177494, 1e-6);
        model.RSquaredAdjusted.Should().BeApproximately(0.5065593, 1e-6);
        model.HasStatistics.Should().BeTrue();
        Matrix<double> x = Design(Examples);
        double[] beta = Ridge(Examples, 0);
        Vector<double> residuals = Targets(Examples) - (x * Vector<double>.Build.Dense(beta));
        double variance = residuals.DotProduct(residuals) / (Examples.Length - beta.Length);
        double[] errors = [.. x.TransposeThisAndMultiply(x).Inverse().Diagonal().Select(value => Math.Sqrt(variance * value))];
        model.StandardErrors!.ShouldBeClose(errors, 1e-5);
        model.TValues!.ShouldBeClose(beta.Zip(errors, (value, error) => value / error), 1e-5);
        // The bias, then age, sex and body mass index.
        model.PValues!.Take(4).ShouldBeClose([2.9e-208, 0.8670, 1.04e-4, 4.3e-14], 0.01, floor: 1e-10);
    }

    [Fact]
    public void Ols_can_go_without_statistics()
    {
        var context = new MLContext(1);
        OlsModelParameters model = context.Regression.Trainers.Ols(
            new OlsTrainer.Options { LabelColumnName = nameof(Example.Target), CalculateStatistics = false }).Fit(context.View(Examples)).Model;

        model.HasStatistics.Should().BeFalse();
        model.StandardErrors.Should().BeNull();
        model.PValues.Should().BeNull();
    }

    [Fact]
    public void Ols_needs_as_many_rows_as_parameters()
    {
        Action train = () => Ols(Examples[..10], l2: 0);

        train.Should().Throw<InvalidOperationException>().WithMessage("*more examples than parameters*");
    }

    [Fact]
    public void Ols_refuses_features_that_depend_on_each_other()
    {
        Example[] twice = [.. Examples.Select(example => example.With(new(2, [Example.Dense(example)[0], Example.Dense(example)[0]])))];

        Action train = () => Ols(twice, l2: 0);

        train.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Ols_reads_sparse_features()
    {
        Example[] withZeros = [.. Examples.Select(example => example.Map(x => Math.Abs(x) < 0.5f ? 0 : x))];

        TrainedParameters.Of(Ols([.. withZeros.AsSparse()], l2: 0)).ShouldBeClose(TrainedParameters.Of(Ols(withZeros, l2: 0)), 1e-6, floor: 1);
    }

    [Theory]
    [InlineData(0.01f)]
    [InlineData(0.1f)]
    public void Sdca_reaches_the_ridge_solution(float l2)
    {
        // The mean of squares without a half: the penalty on the sum is l2 * rows / 2. The free bias is approached slowly.
        double[] parameters = Sdca(Examples, l2);

        parameters.ShouldBeClose(Ridge(Examples, l2 * Examples.Length / 2), 1e-3, floor: 20);
    }

    [Fact]
    public void Sdca_repeats_itself()
    {
        Sdca(Examples, 0.1f, iterations: 3).Should().Equal(Sdca(Examples, 0.1f, iterations: 3));
    }

    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        var sdca = new SdcaRegressionTrainer.Options();
        sdca.ConvergenceTolerance.Should().Be(0.01f);
        sdca.BiasLearningRate.Should().Be(1);
        sdca.L2Regularization.Should().BeNull();
        sdca.LossFunction.Should().BeNull();

        var ols = new OlsTrainer.Options();
        ols.L2Regularization.Should().Be(1e-6f);
        ols.CalculateStatistics.Should().BeTrue();
    }

    private static OlsModelParameters Ols(Example[] examples, float l2)
    {
        var context = new MLContext(1);
        return context.Regression.Trainers.Ols(new OlsTrainer.Options { LabelColumnName = nameof(Example.Target), L2Regularization = l2 })
            .Fit(context.View(examples)).Model;
    }

    private static double[] Sdca(Example[] examples, float l2, int iterations = 1000)
    {
        var context = new MLContext(1);
        return TrainedParameters.Of(context.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
        {
            LabelColumnName = nameof(Example.Target),
            L1Regularization = 0,
            L2Regularization = l2,
            ConvergenceTolerance = 1e-7f,
            MaximumNumberOfIterations = iterations,
            NumberOfThreads = 1,
        }).Fit(context.View(examples)).Model);
    }

    /// <summary>Parameters, bias first, that minimize the sum of squares + penalty * |w|^2.</summary>
    private static double[] Ridge(Example[] examples, double penalty)
    {
        Matrix<double> x = Design(examples);
        Matrix<double> matrix = x.TransposeThisAndMultiply(x);
        for (int j = 1; j < matrix.RowCount; j++)
        {
            matrix[j, j] += penalty;
        }
        return [.. matrix.Cholesky().Solve(x.TransposeThisAndMultiply(Targets(examples)))];
    }

    private static Matrix<double> Design(Example[] examples) =>
        Matrix<double>.Build.DenseOfRows(examples.Select(example => Example.Dense(example).Select(value => (double)value).Prepend(1)));

    private static Vector<double> Targets(Example[] examples) =>
        Vector<double>.Build.DenseOfEnumerable(examples.Select(example => (double)example.Target));
}
