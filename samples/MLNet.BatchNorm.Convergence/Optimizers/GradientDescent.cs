using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MLNet.BatchNorm.Convergence.Objectives;

namespace MLNet.BatchNorm.Convergence.Optimizers;

/// <summary>Plain gradient descent from w = 0 with the constant step 1 / L.</summary>
/// <remarks>
/// L bounds the largest eigenvalue of the Hessian everywhere: the loss's largest curvature by its scores times the largest
/// eigenvalue of X'X / n, plus lambda. With step 1 / L the objective never rises (Nesterov, Introductory Lectures, 2.1.5).
/// </remarks>
public static class GradientDescent
{
    /// <summary>The step 1 / L.</summary>
    public static double StepLength(LinearObjective objective)
    {
        var largest = objective.Features.SecondMoments().Evd(Symmetricity.Symmetric).EigenValues.Enumerate().Max(value => value.Real);
        return 1 / ((objective.CurvatureBound * largest) + objective.Regularization.Strength);
    }

    /// <summary>Yields the objective after 0, 1, 2, ... steps, for as long as it is asked.</summary>
    public static IEnumerable<double> Objectives(LinearObjective objective, double stepLength)
    {
        var parameters = new double[objective.ParameterCount];
        var gradient = new double[parameters.Length];
        while (true)
        {
            yield return objective.ValueAndGradient(parameters, gradient);
            TensorPrimitives.MultiplyAdd(gradient, -stepLength, parameters, parameters);
        }
    }
}
