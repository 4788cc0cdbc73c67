using MathNet.Numerics.LinearAlgebra;

namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>The extreme eigenvalues of a Hessian.</summary>
/// <param name="Largest">The steepest curvature.</param>
/// <param name="Smallest">The flattest; 0 where it cannot be told from 0.</param>
public sealed record Spectrum(double Largest, double Smallest)
{
    /// <summary>Largest / Smallest; infinite for a singular Hessian.</summary>
    public double ConditionNumber => Smallest > 0 ? Largest / Smallest : double.PositiveInfinity;

    /// <summary>Computes them for a positive semi-definite matrix.</summary>
    /// <remarks>
    /// The eigenvalues of H = L L' are the squares of the singular values of L. Working on L halves the digits that a condition
    /// number of 1e12 costs: eigenvalues taken from H itself would be accurate to 1e-16 times the largest only.
    /// </remarks>
    public static Spectrum Of(Matrix<double> hessian)
    {
        if (TryCholesky(hessian) is { } factor)
        {
            var singularValues = factor.Svd(computeVectors: false).S;
            return new Spectrum(singularValues.Maximum() * singularValues.Maximum(), singularValues.Minimum() * singularValues.Minimum());
        }

        return new Spectrum(hessian.Evd(Symmetricity.Symmetric).EigenValues.Enumerate().Max(value => value.Real), 0);
    }

    private static Matrix<double>? TryCholesky(Matrix<double> hessian)
    {
        try
        {
            return hessian.Cholesky().Factor;
        }
        catch (ArgumentException)
        {
            // MathNet's way to say that a pivot is not positive: singular to rounding.
            return null;
        }
    }
}
