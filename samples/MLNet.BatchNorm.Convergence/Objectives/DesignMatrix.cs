using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>The feature rows in double, with a column of ones appended for the intercept: [rows, features + 1], row-major.</summary>
public sealed class DesignMatrix
{
    private readonly double[] _values;

    private DesignMatrix(double[] values, int rowCount, int featureCount) =>
        (_values, RowCount, FeatureCount) = (values, rowCount, featureCount);

    /// <summary>n.</summary>
    public int RowCount { get; }

    /// <summary>The number of features, without the intercept.</summary>
    public int FeatureCount { get; }

    /// <summary>The number of features plus one.</summary>
    public int ColumnCount => FeatureCount + 1;

    /// <summary>Widens the rows that the trainers see, so that the objective is measured on exactly their data.</summary>
    public static DesignMatrix FromRows(IReadOnlyList<float[]> rows)
    {
        var featureCount = rows[0].Length;
        var values = new double[rows.Count * (featureCount + 1)];
        for (var row = 0; row < rows.Count; row++)
        {
            var target = values.AsSpan(row * (featureCount + 1), featureCount + 1);
            TensorPrimitives.ConvertTruncating<float, double>(rows[row], target);
            target[featureCount] = 1;
        }

        return new DesignMatrix(values, rows.Count, featureCount);
    }

    /// <summary>One row, the one of the intercept last.</summary>
    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * ColumnCount, ColumnCount);

    /// <summary>X'X / n, a ColumnCount x ColumnCount matrix.</summary>
    public Matrix<double> SecondMoments()
    {
        var sums = new double[ColumnCount * ColumnCount];
        for (var row = 0; row < RowCount; row++)
        {
            var x = Row(row);
            for (var i = 0; i < ColumnCount; i++)
            {
                var target = sums.AsSpan(i * ColumnCount, ColumnCount);
                TensorPrimitives.MultiplyAdd(x, 1d / RowCount * x[i], target, target);
            }
        }

        return Matrix<double>.Build.Dense(ColumnCount, ColumnCount, sums);
    }
}
