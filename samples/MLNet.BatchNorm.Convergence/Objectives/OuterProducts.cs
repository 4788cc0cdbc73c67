using System.Numerics.Tensors;

namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>Sums of x x', the inner loop of every Hessian here.</summary>
internal static class OuterProducts
{
    /// <summary>sums += factor * x x', into a square row-major (and, being symmetric, also column-major) matrix.</summary>
    public static void AddScaled(ReadOnlySpan<double> x, double factor, Span<double> sums)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var target = sums.Slice(i * x.Length, x.Length);
            TensorPrimitives.MultiplyAdd(x, factor * x[i], target, target);
        }
    }
}
