using System.Numerics.Tensors;

namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>
/// The regularized mean loss of a linear model, in double: f(w) = 1/n sum_i loss(scores_i, y_i) + lambda / 2 |w|^2.
/// </summary>
/// <remarks>
/// Parameters are stored output by output: the weights of the features, then the intercept; so w has OutputCount * ColumnCount
/// entries and score k of row x is dot(w[k], x). An instance is immutable and may be used by several threads.
/// </remarks>
public abstract class LinearObjective
{
    private protected LinearObjective(DesignMatrix features, Regularization regularization, int outputCount) =>
        (Features, Regularization, OutputCount) = (features, regularization, outputCount);

    /// <summary>The data.</summary>
    public DesignMatrix Features { get; }

    /// <summary>The penalty.</summary>
    public Regularization Regularization { get; }

    /// <summary>Scores per row: the number of classes for softmax, otherwise one.</summary>
    public int OutputCount { get; }

    /// <summary>The length of a parameter vector.</summary>
    public int ParameterCount => OutputCount * Features.ColumnCount;

    /// <summary>What a gap of one means: one nat for a log-loss, the variance of the target for a squared error.</summary>
    public abstract double GapUnit { get; }

    /// <summary>The loss in words.</summary>
    public abstract string LossName { get; }

    /// <summary>An upper bound on the largest eigenvalue of a row's loss curvature by its scores, whatever the scores.</summary>
    public abstract double CurvatureBound { get; }

    /// <summary>One row's loss; its derivatives by the scores are written to <paramref name="scoreGradient"/>.</summary>
    protected abstract double RowLoss(int row, ReadOnlySpan<double> scores, Span<double> scoreGradient);

    /// <summary>One row's second derivatives by the scores: [OutputCount, OutputCount], row-major.</summary>
    internal abstract void RowCurvature(int row, ReadOnlySpan<double> scores, Span<double> curvature);

    /// <summary>f(w).</summary>
    public double Value(ReadOnlySpan<double> parameters)
    {
        Span<double> scores = stackalloc double[OutputCount];
        Span<double> scoreGradient = stackalloc double[OutputCount];
        var sum = 0d;
        for (var row = 0; row < Features.RowCount; row++)
        {
            Scores(row, parameters, scores);
            sum += RowLoss(row, scores, scoreGradient);
        }

        return (sum / Features.RowCount) + Penalty(parameters);
    }

    /// <summary>f(w), and its gradient.</summary>
    public double ValueAndGradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        gradient.Clear();
        var sum = 0d;
        for (var row = 0; row < Features.RowCount; row++)
        {
            sum += AddRowGradient(row, parameters, gradient);
        }

        TensorPrimitives.Divide(gradient, Features.RowCount, gradient);
        AddPenaltyGradient(parameters, gradient);
        return (sum / Features.RowCount) + Penalty(parameters);
    }

    /// <summary>The gradient of f with the mean taken over some rows only: what a mini-batch sees.</summary>
    public void BatchGradient(ReadOnlySpan<double> parameters, ReadOnlySpan<int> rows, Span<double> gradient)
    {
        gradient.Clear();
        foreach (var row in rows)
        {
            AddRowGradient(row, parameters, gradient);
        }

        TensorPrimitives.Divide(gradient, rows.Length, gradient);
        AddPenaltyGradient(parameters, gradient);
    }

    /// <summary>The scores of one row.</summary>
    public void Scores(int row, ReadOnlySpan<double> parameters, Span<double> scores)
    {
        var x = Features.Row(row);
        for (var output = 0; output < OutputCount; output++)
        {
            scores[output] = TensorPrimitives.Dot(x, parameters.Slice(output * x.Length, x.Length));
        }
    }

    private double AddRowGradient(int row, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        Span<double> scores = stackalloc double[OutputCount];
        Span<double> scoreGradient = stackalloc double[OutputCount];
        Scores(row, parameters, scores);
        var loss = RowLoss(row, scores, scoreGradient);
        var x = Features.Row(row);
        for (var output = 0; output < OutputCount; output++)
        {
            var target = gradient.Slice(output * x.Length, x.Length);
            TensorPrimitives.MultiplyAdd(x, scoreGradient[output], target, target);
        }

        return loss;
    }

    private double Penalty(ReadOnlySpan<double> parameters)
    {
        var squares = 0d;
        for (var output = 0; output < OutputCount; output++)
        {
            squares += TensorPrimitives.SumOfSquares(parameters.Slice(output * Features.ColumnCount, PenalizedCount));
        }

        return Regularization.Strength / 2 * squares;
    }

    private void AddPenaltyGradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        for (var output = 0; output < OutputCount; output++)
        {
            var penalized = parameters.Slice(output * Features.ColumnCount, PenalizedCount);
            var target = gradient.Slice(output * Features.ColumnCount, PenalizedCount);
            TensorPrimitives.MultiplyAdd(penalized, Regularization.Strength, target, target);
        }
    }

    private int PenalizedCount => Regularization.IncludesIntercept ? Features.ColumnCount : Features.FeatureCount;
}
