namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>Multinomial logistic regression (maximum entropy): mean over the rows of log(sum_k exp(s_k)) - s_y.</summary>
public sealed class SoftmaxObjective(DesignMatrix features, IReadOnlyList<int> labels, int classCount, Regularization regularization)
    : LinearObjective(features, regularization, classCount)
{
    /// <inheritdoc/>
    public override double GapUnit => 1;

    /// <inheritdoc/>
    public override string LossName => "mean log-loss (softmax)";

    /// <inheritdoc/>
    /// <remarks>diag(p) - p p' has no eigenvalue above 1/2 (Boehning 1992).</remarks>
    public override double CurvatureBound => 0.5;

    /// <inheritdoc/>
    protected override double RowLoss(int row, ReadOnlySpan<double> scores, Span<double> scoreGradient)
    {
        var logSum = Probabilities(scores, scoreGradient);
        scoreGradient[labels[row]] -= 1;
        return logSum - scores[labels[row]];
    }

    /// <inheritdoc/>
    internal override void RowCurvature(int row, ReadOnlySpan<double> scores, Span<double> curvature)
    {
        Span<double> probabilities = stackalloc double[OutputCount];
        Probabilities(scores, probabilities);
        for (var i = 0; i < OutputCount; i++)
        {
            for (var j = 0; j < OutputCount; j++)
            {
                curvature[(i * OutputCount) + j] = (i == j ? probabilities[i] : 0) - (probabilities[i] * probabilities[j]);
            }
        }
    }

    private static double Probabilities(ReadOnlySpan<double> scores, Span<double> probabilities)
    {
        var largest = double.NegativeInfinity;
        foreach (var score in scores)
        {
            largest = Math.Max(largest, score);
        }

        var sum = 0d;
        for (var i = 0; i < scores.Length; i++)
        {
            probabilities[i] = Math.Exp(scores[i] - largest);
            sum += probabilities[i];
        }

        for (var i = 0; i < scores.Length; i++)
        {
            probabilities[i] /= sum;
        }

        return largest + Math.Log(sum);
    }
}
