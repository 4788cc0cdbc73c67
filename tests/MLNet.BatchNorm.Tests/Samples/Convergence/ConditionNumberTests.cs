using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Objectives;
using MLNet.BatchNorm.Convergence.Optimizers;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

/// <summary>The reference points of samples/data/SOURCES.md, which scikit-learn and NumPy gave on the same files.</summary>
public sealed class ConditionNumberTests
{
    [Theory]
    [InlineData("breast_cancer", "raw", 2.4e12, 1.7e9)]
    [InlineData("breast_cancer", "min-max", 8.5e5, 147.0)]
    [InlineData("breast_cancer", "standardized", 1.0e5, 86.0)]
    [InlineData("wine", "raw", 4.6e8, null)]
    [InlineData("wine", "min-max", 754, null)]
    [InlineData("wine", "standardized", 45, null)]
    [InlineData("diabetes_above_median", "raw", 5.2e7, 5.0e7)]
    [InlineData("diabetes_above_median", "min-max", 1.3e4, 245.0)]
    [InlineData("diabetes_above_median", "standardized", 470, 177.0)]
    public void Condition_numbers_are_those_of_the_reference(string dataSet, string scaling, double atZero, double? atOptimum)
    {
        var result = Measure(dataSet, scaling);

        // The reference gives two or three digits: 5 percent.
        result.AtZero!.ConditionNumber.Should().BeApproximately(atZero, 0.05 * atZero);
        if (atOptimum is { } expected)
        {
            result.AtOptimum[0].ConditionNumber.Should().BeApproximately(expected, 0.05 * expected);
        }
    }

    [Theory]
    [InlineData("min-max", 1, 0.1245)]
    [InlineData("standardized", 1, 0.0534)]
    [InlineData("min-max", 1e4, 0.0285)]
    [InlineData("standardized", 1e4, 0.0188)]
    public void Log_losses_at_the_optimum_are_those_of_the_reference(string scaling, double c, double logLoss)
    {
        var prepared = Prepare("breast_cancer", scaling);
        var optimum = NewtonSolver.Minimize(Losses.Usual(prepared.Data, prepared.Matrix, new Regularization(prepared.Strength(c), false)));

        // Half a unit of the reference's last digit.
        Losses.Usual(prepared.Data, prepared.Matrix, default).Value(optimum.Parameters).Should().BeApproximately(logLoss, 5e-5);
    }

    [Fact]
    public void Eigenvalues_keep_their_digits_at_a_condition_number_of_1e12()
    {
        // Eigenvalues 4e12 and 4.
        var matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(new[,] { { 4e12, 0 }, { 0, 4d } });

        var spectrum = Spectrum.Of(matrix);

        spectrum.ConditionNumber.Should().BeApproximately(1e12, 1);
    }

    [Fact]
    public void A_singular_Hessian_has_an_infinite_condition_number() =>
        Spectrum.Of(MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(new[,] { { 1d, 1 }, { 1, 1 } }))
            .ConditionNumber.Should().Be(double.PositiveInfinity);

    private static ScalingResult Measure(string dataSet, string scaling) =>
        ScalingMeasurement.Measure(Prepare(dataSet, scaling), new StudySettings { InverseStrengths = [1] }, CancellationToken.None);

    private static PreparedData Prepare(string dataSet, string scaling) =>
        PreparedData.Create(ShippedData.Load(dataSet), Scalings.All.Single(candidate => candidate.Name == scaling), seed: 1);
}
