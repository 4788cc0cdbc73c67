using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using MLNet.BatchNorm.Convergence.Objectives;

namespace MLNet.BatchNorm.Convergence.Optimizers;

/// <summary>The minimum of an objective, as exact as double allows.</summary>
/// <param name="Parameters">The minimizer.</param>
/// <param name="Value">The objective there.</param>
/// <param name="ExpectedGap">Half the squared Newton decrement of the last step: how much lower the true minimum may still be.</param>
/// <param name="IterationCount">Newton steps taken.</param>
public sealed record Optimum(double[] Parameters, double Value, double ExpectedGap, int IterationCount);

/// <summary>
/// Damped Newton with backtracking, in double: the independent reference that every curve is measured against.
/// </summary>
/// <remarks>Boyd and Vandenberghe, Convex Optimization, algorithm 9.5. Newton's steps do not depend on the scaling of the features.</remarks>
public static class NewtonSolver
{
    private const int MaximumIterations = 200;
    private const double SufficientDecrease = 1e-4;

    /// <summary>Minimizes from w = 0.</summary>
    public static Optimum Minimize(LinearObjective objective, CancellationToken cancellation = default)
    {
        var parameters = new double[objective.ParameterCount];
        var gradient = new double[parameters.Length];
        var trial = new double[parameters.Length];
        var value = objective.ValueAndGradient(parameters, gradient);
        var expectedGap = double.PositiveInfinity;
        var iteration = 0;
        for (; iteration < MaximumIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var step = Step(objective, parameters, gradient);
            var decrease = step.DotProduct(Vector<double>.Build.Dense(gradient));
            expectedGap = decrease / 2;
            var length = 1d;
            var trialValue = Try(objective, parameters, step, length, trial);
            while (!(trialValue <= value - (SufficientDecrease * length * decrease)) && length > 1e-12)
            {
                length /= 2;
                trialValue = Try(objective, parameters, step, length, trial);
            }

            if (!(trialValue < value))
            {
                break;
            }

            trial.CopyTo(parameters, 0);
            value = objective.ValueAndGradient(parameters, gradient);
            if (expectedGap < 1e-15 * objective.GapUnit)
            {
                break;
            }
        }

        return new Optimum(parameters, value, Math.Max(expectedGap, 0), iteration);
    }

    private static double Try(LinearObjective objective, double[] parameters, Vector<double> step, double length, double[] trial)
    {
        for (var i = 0; i < trial.Length; i++)
        {
            trial[i] = parameters[i] - (length * step[i]);
        }

        return objective.Value(trial);
    }

    // H step = gradient, solved along the class contrasts after scaling H to a unit diagonal (raw features differ by 1e6 in size).
    private static Vector<double> Step(LinearObjective objective, double[] parameters, double[] gradient)
    {
        var hessian = Hessians.At(objective, parameters);
        var scale = hessian.Diagonal().Map(value => value > 0 ? 1 / Math.Sqrt(value) : 1);
        hessian.MapIndexedInplace((row, column, value) => value * scale[row] * scale[column]);
        var contrasts = Hessians.Contrasts(objective.OutputCount);
        var columns = objective.Features.ColumnCount;
        var byOutput = Matrix<double>.Build.Dense(columns, objective.OutputCount, gradient);
        var reduced = Vector<double>.Build.Dense((byOutput * contrasts).ToColumnMajorArray());
        var solution = Factor(hessian).Solve(reduced.PointwiseMultiply(scale)).PointwiseMultiply(scale);
        var stepByContrast = Matrix<double>.Build.Dense(columns, contrasts.ColumnCount, solution.ToArray());
        return Vector<double>.Build.Dense(stepByContrast.TransposeAndMultiply(contrasts).ToColumnMajorArray());
    }

    // Features that say the same make it singular: as little as is needed is added to its diagonal, which is one.
    private static Cholesky<double> Factor(Matrix<double> hessian)
    {
        for (var damping = 1e-15; ; damping *= 100)
        {
            var damped = hessian.Clone();
            damped.SetDiagonal(hessian.Diagonal() + damping);
            try
            {
                return damped.Cholesky();
            }
            catch (ArgumentException) when (damping < 1)
            {
                // MathNet's way to say that a pivot is not positive.
            }
        }
    }
}
