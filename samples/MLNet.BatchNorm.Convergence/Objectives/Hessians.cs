using MathNet.Numerics.LinearAlgebra;

namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>Second derivatives of an objective, in the coordinates that the loss can see.</summary>
/// <remarks>
/// Softmax does not notice when the same vector is added to the parameters of every class, so K classes have only K - 1 directions
/// that matter. Hessians here are taken along K - 1 orthonormal contrasts of the classes (Helmert's); every method that starts at
/// zero stays in their span. With one output there is one contrast, the number 1.
/// </remarks>
public static class Hessians
{
    /// <summary>The Hessian of f at w, along the contrasts: [contrasts * ColumnCount] squared.</summary>
    public static Matrix<double> At(LinearObjective objective, ReadOnlySpan<double> parameters)
    {
        var contrasts = Contrasts(objective.OutputCount);
        var (count, columns) = (contrasts.ColumnCount, objective.Features.ColumnCount);
        var blocks = new double[count * count][];
        for (var block = 0; block < blocks.Length; block++)
        {
            blocks[block] = new double[columns * columns];
        }

        AddRows(objective, parameters, contrasts, blocks);
        var hessian = Matrix<double>.Build.Dense(count * columns, count * columns);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                var block = Matrix<double>.Build.Dense(columns, columns, blocks[(Math.Max(i, j) * count) + Math.Min(i, j)]);
                hessian.SetSubMatrix(i * columns, j * columns, block);
            }
        }

        AddPenalty(objective, hessian);
        return hessian;
    }

    /// <summary>An orthonormal basis of the vectors whose entries sum to zero, as columns; the 1 x 1 identity for one output.</summary>
    public static Matrix<double> Contrasts(int outputCount) => outputCount == 1
        ? Matrix<double>.Build.DenseIdentity(1)
        : Matrix<double>.Build.Dense(outputCount, outputCount - 1, (row, column) =>
            (row <= column ? 1 : row == column + 1 ? -(column + 1d) : 0) / Math.Sqrt((column + 1d) * (column + 2d)));

    private static void AddRows(LinearObjective objective, ReadOnlySpan<double> parameters, Matrix<double> contrasts, double[][] blocks)
    {
        var (outputs, count) = (objective.OutputCount, contrasts.ColumnCount);
        Span<double> scores = stackalloc double[outputs];
        var curvature = new double[outputs * outputs];
        for (var row = 0; row < objective.Features.RowCount; row++)
        {
            objective.Scores(row, parameters, scores);
            objective.RowCurvature(row, scores, curvature);
            var reduced = outputs == 1
                ? Matrix<double>.Build.Dense(1, 1, curvature[0])
                : contrasts.TransposeThisAndMultiply(Matrix<double>.Build.Dense(outputs, outputs, curvature) * contrasts);
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    OuterProducts.AddScaled(objective.Features.Row(row), reduced[i, j] / objective.Features.RowCount, blocks[(i * count) + j]);
                }
            }
        }
    }

    private static void AddPenalty(LinearObjective objective, Matrix<double> hessian)
    {
        var columns = objective.Features.ColumnCount;
        for (var i = 0; i < hessian.RowCount; i++)
        {
            if (objective.Regularization.IncludesIntercept || i % columns != columns - 1)
            {
                hessian[i, i] += objective.Regularization.Strength;
            }
        }
    }
}
