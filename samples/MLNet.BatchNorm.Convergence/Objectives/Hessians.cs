using System.Numerics.Tensors;
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
        var (contrasts, columns) = (Contrasts(objective.OutputCount), objective.Features.ColumnCount);
        var byClass = ByClass(objective, parameters);
        var halfway = AlongContrasts(byClass, contrasts, columns).Transpose();
        var hessian = AlongContrasts(halfway, contrasts, columns);
        AddPenalty(objective, hessian);
        return hessian;
    }

    /// <summary>An orthonormal basis of the vectors whose entries sum to zero, as columns; the 1 x 1 identity for one output.</summary>
    public static Matrix<double> Contrasts(int outputCount) => outputCount == 1
        ? Matrix<double>.Build.DenseIdentity(1)
        : Matrix<double>.Build.Dense(outputCount, outputCount - 1, (row, column) =>
            (row <= column ? 1 : row == column + 1 ? -(column + 1d) : 0) / Math.Sqrt((column + 1d) * (column + 2d)));

    // The mean over the rows of curvature x (x x'), class by class: [OutputCount * ColumnCount] squared.
    private static Matrix<double> ByClass(LinearObjective objective, ReadOnlySpan<double> parameters)
    {
        var (outputs, columns, rows) = (objective.OutputCount, objective.Features.ColumnCount, objective.Features.RowCount);
        var size = outputs * columns;
        var sums = new double[size * size];
        Span<double> scores = stackalloc double[outputs];
        var (curvature, weighted) = (new double[outputs * outputs], new double[size]);
        for (var row = 0; row < rows; row++)
        {
            objective.Scores(row, parameters, scores);
            objective.RowCurvature(row, scores, curvature);
            AddRow(objective.Features.Row(row), curvature, 1d / rows, sums, weighted);
        }

        for (var column = 0; column < size; column++)
        {
            for (var row = 0; row < column; row++)
            {
                sums[(row * size) + column] = sums[(column * size) + row];
            }
        }

        return Matrix<double>.Build.Dense(size, size, sums);
    }

    // Symmetric: the blocks on and below the diagonal are enough. A class's blocks lie side by side and are added in one go, from
    // the first class that it meets in this row on.
    private static void AddRow(ReadOnlySpan<double> x, ReadOnlySpan<double> curvature, double factor, Span<double> sums, Span<double> weighted)
    {
        var (columns, outputs) = (x.Length, weighted.Length / x.Length);
        for (var output = 0; output < outputs; output++)
        {
            var first = curvature.Slice(output * outputs, output + 1).IndexOfAnyExcept(0d);
            if (first < 0)
            {
                continue;
            }

            var blocks = weighted[(first * columns)..((output + 1) * columns)];
            for (var other = first; other <= output; other++)
            {
                TensorPrimitives.Multiply(x, factor * curvature[(output * outputs) + other], blocks.Slice((other - first) * columns, columns));
            }

            for (var column = 0; column < columns; column++)
            {
                var target = sums.Slice((((output * columns) + column) * weighted.Length) + (first * columns), blocks.Length);
                TensorPrimitives.MultiplyAdd(blocks, x[column], target, target);
            }
        }
    }

    // matrix * (contrasts x I): each contrast's columns are a sum over the classes' columns.
    private static Matrix<double> AlongContrasts(Matrix<double> matrix, Matrix<double> contrasts, int columns)
    {
        var (source, height) = (matrix.ToColumnMajorArray(), matrix.RowCount);
        var result = new double[height * contrasts.ColumnCount * columns];
        for (var contrast = 0; contrast < contrasts.ColumnCount; contrast++)
        {
            var target = result.AsSpan(contrast * columns * height, columns * height);
            for (var output = 0; output < contrasts.RowCount; output++)
            {
                if (contrasts[output, contrast] is not 0 and var factor)
                {
                    TensorPrimitives.MultiplyAdd(source.AsSpan(output * columns * height, columns * height), factor, target, target);
                }
            }
        }

        return Matrix<double>.Build.Dense(height, contrasts.ColumnCount * columns, result);
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
