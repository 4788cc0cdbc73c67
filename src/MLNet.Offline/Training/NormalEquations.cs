using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Training;

/// <summary>X'X and X'y in double, where X has a first column of ones for the bias.</summary>
internal sealed class NormalEquations
{
    private readonly double[,] _products;
    private readonly double[] _labelProducts;

    private NormalEquations(int featureCount)
    {
        ParameterCount = featureCount + 1;
        _products = new double[ParameterCount, ParameterCount];
        _labelProducts = new double[ParameterCount];
    }

    public int ParameterCount { get; }

    public long ExampleCount { get; private set; }

    public double LabelMean => _labelProducts[0] / ExampleCount;

    public static NormalEquations Sum(TrainingData data, IChannel channel)
    {
        var equations = new NormalEquations(data.FeatureCount);
        var row = new double[equations.ParameterCount];
        var values = new float[data.FeatureCount];
        row[0] = 1;
        using var cursor = data.Open();
        while (cursor.MoveNext())
        {
            cursor.Features.CopyTo(values);
            for (var i = 0; i < values.Length; i++)
            {
                row[i + 1] = values[i];
            }
            equations.Add(row, cursor.Label);
        }
        if (equations.ExampleCount == 0)
        {
            throw new InvalidOperationException("No training examples in dataset.");
        }
        if (cursor.SkippedCount > 0)
        {
            channel.Warning(MessageSensitivity.None, "Skipped {0} instances with missing features/label during training", cursor.SkippedCount);
        }
        return equations;
    }

    /// <summary>Solves with <paramref name="penalty"/> on every parameter but the bias, and inverts the penalized X'X.</summary>
    public (Vector<double> Solution, Matrix<double> Inverse) Solve(double penalty)
    {
        var matrix = Matrix<double>.Build.Dense(ParameterCount, ParameterCount, (i, j) => _products[Math.Max(i, j), Math.Min(i, j)]);
        for (var i = 1; i < ParameterCount; i++)
        {
            matrix[i, i] += penalty;
        }
        try
        {
            var factors = matrix.Cholesky();
            return (factors.Solve(Vector<double>.Build.Dense(_labelProducts)), factors.Solve(Matrix<double>.Build.DenseIdentity(ParameterCount)));
        }
        catch (ArgumentException notPositiveDefinite)
        {
            throw new ArgumentOutOfRangeException(
                "Input matrix was not positive-definite. Try using a larger L2 regularization weight.", notPositiveDefinite);
        }
    }

    private void Add(double[] row, double label)
    {
        ExampleCount++;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] == 0)
            {
                continue;
            }
            for (var j = 0; j <= i; j++)
            {
                _products[i, j] += row[i] * row[j];
            }
            _labelProducts[i] += row[i] * label;
        }
    }
}
