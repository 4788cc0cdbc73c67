using MLNet.BatchNorm.Convergence.Objectives;
using MLNet.BatchNorm.Convergence.Optimizers;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

public sealed class ObjectiveTests
{
    private static readonly DesignMatrix Features = DesignMatrix.FromRows(
        [[1, 2], [-1, 0.5f], [0.25f, -3], [2, 1], [-2, -1], [0, 0.75f]]);

    private static readonly int[] Classes = [0, 1, 2, 0, 1, 2];

    public static TheoryData<string, bool> Objectives => new()
    {
        { "logistic", false }, { "logistic", true }, { "softmax", false }, { "softmax", true },
        { "pairwise", false }, { "pairwise", true }, { "squared", false }, { "squared", true },
    };

    [Theory]
    [MemberData(nameof(Objectives))]
    public void The_gradient_is_that_of_central_differences(string name, bool intercept)
    {
        var objective = Create(name, intercept);
        var parameters = Start(objective);
        var gradient = new double[parameters.Length];

        objective.ValueAndGradient(parameters, gradient).Should().BeApproximately(objective.Value(parameters), 1e-14);

        for (var i = 0; i < parameters.Length; i++)
        {
            // Step 1e-5: truncation and rounding of central differences are both near 1e-10.
            gradient[i].Should().BeApproximately((Shifted(i, 1e-5) - Shifted(i, -1e-5)) / 2e-5, 1e-8, $"parameter {i}");
        }

        double Shifted(int index, double by)
        {
            var shifted = (double[])parameters.Clone();
            shifted[index] += by;
            return objective.Value(shifted);
        }
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public void The_Hessian_is_the_derivative_of_the_gradient(string name, bool intercept)
    {
        var objective = Create(name, intercept);
        var parameters = Start(objective);
        var hessian = Hessians.At(objective, parameters);
        var contrasts = Hessians.Contrasts(objective.OutputCount);
        var columns = objective.Features.ColumnCount;

        for (var direction = 0; direction < hessian.RowCount; direction++)
        {
            var (plus, minus) = (Gradient(direction, 1e-5), Gradient(direction, -1e-5));
            for (var i = 0; i < hessian.RowCount; i++)
            {
                hessian[i, direction].Should().BeApproximately((plus[i] - minus[i]) / 2e-5, 1e-8, $"entry {i}, {direction}");
            }
        }

        double[] Gradient(int direction, double by)
        {
            var shifted = (double[])parameters.Clone();
            for (var output = 0; output < objective.OutputCount; output++)
            {
                shifted[(output * columns) + (direction % columns)] += by * contrasts[output, direction / columns];
            }

            var gradient = new double[shifted.Length];
            objective.ValueAndGradient(shifted, gradient);
            return [.. Enumerable.Range(0, hessian.RowCount).Select(i => Enumerable.Range(0, objective.OutputCount)
                .Sum(output => contrasts[output, i / columns] * gradient[(output * columns) + (i % columns)]))];
        }
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Newton_ends_where_the_gradient_is_zero(string name, bool intercept)
    {
        var objective = Create(name, intercept);
        var gradient = new double[objective.ParameterCount];

        var optimum = NewtonSolver.Minimize(objective);

        objective.ValueAndGradient(optimum.Parameters, gradient).Should().Be(optimum.Value);
        gradient.Should().AllSatisfy(value => value.Should().BeApproximately(0, 1e-7));
        optimum.ExpectedGap.Should().BeLessThan(1e-14 * Math.Max(1, objective.GapUnit));
    }

    [Fact]
    public void Newton_solves_least_squares_in_closed_form()
    {
        // y = 2 x + 1 exactly; with lambda = 2 on the weight, n = 2, x = -1, 1: minimize (w - 2)^2 + w^2, so w = 1, b = 1.
        var features = DesignMatrix.FromRows([[-1], [1]]);
        var optimum = NewtonSolver.Minimize(new SquaredErrorObjective(features, [-1, 3], new Regularization(2, IncludesIntercept: false)));

        optimum.Parameters[0].Should().BeApproximately(1, 1e-12);
        optimum.Parameters[1].Should().BeApproximately(1, 1e-12);
        optimum.Value.Should().BeApproximately(2, 1e-12);
    }

    [Fact]
    public void The_loss_of_a_sure_and_wrong_prediction_is_its_margin()
    {
        var features = DesignMatrix.FromRows([[1000]]);

        new LogisticObjective(features, [false], default).Value([1, 0]).Should().Be(1000);
        new LogisticObjective(features, [true], default).Value([1, 0]).Should().Be(0);
        new SoftmaxObjective(features, [0], 2, default).Value([0, 0, 1, 0]).Should().Be(1000);
    }

    [Fact]
    public void Pairwise_and_softmax_losses_agree_for_two_classes()
    {
        var classes = Array.ConvertAll(Classes, label => label == 2 ? 0 : label);
        double[] parameters = [0.3, -0.2, 0.1, -0.4, 0.25, 0.6];

        new PairwiseLogisticObjective(Features, classes, 2, default).Value(parameters)
            .Should().BeApproximately(new SoftmaxObjective(Features, classes, 2, default).Value(parameters), 1e-14);
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Gradient_descent_with_the_step_one_over_L_never_rises(string name, bool intercept)
    {
        var objective = Create(name, intercept);
        var values = GradientDescent.Objectives(objective, GradientDescent.StepLength(objective)).Take(200).ToArray();

        values.Zip(values.Skip(1)).Should().AllSatisfy(pair => pair.Second.Should().BeLessThanOrEqualTo(pair.First + 1e-13));
        values[^1].Should().BeLessThan(values[0]);
    }

    [Fact]
    public void Too_large_a_learning_rate_leaves_the_range_of_double()
    {
        var objective = Create("squared", intercept: false);

        StochasticGradientDescent.Run(objective, learningRate: 1000, batchSize: 2, epochs: 200, seed: 1).Should().BeNull();
        StochasticGradientDescent.Run(objective, learningRate: 0.01, batchSize: 2, epochs: 20, seed: 1)
            .Should().BeLessThan(objective.Value(new double[3]));
    }

    private static LinearObjective Create(string name, bool intercept)
    {
        var regularization = new Regularization(0.05, intercept);
        return name switch
        {
            "logistic" => new LogisticObjective(Features, [true, false, true, true, false, false], regularization),
            "softmax" => new SoftmaxObjective(Features, Classes, 3, regularization),
            "pairwise" => new PairwiseLogisticObjective(Features, Classes, 3, regularization),
            _ => new SquaredErrorObjective(Features, [3, 1, -2, 4, 0.5, 2], regularization),
        };
    }

    private static double[] Start(LinearObjective objective) =>
        [.. Enumerable.Range(0, objective.ParameterCount).Select(i => Math.Sin(i + 1) / 2)];
}
