namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>Logistic regression: mean over the rows of log(1 + exp(-s)) for label true and log(1 + exp(s)) for false.</summary>
public sealed class LogisticObjective(DesignMatrix features, IReadOnlyList<bool> labels, Regularization regularization)
    : LinearObjective(features, regularization, outputCount: 1)
{
    /// <inheritdoc/>
    public override double GapUnit => 1;

    /// <inheritdoc/>
    public override string LossName => "mean log-loss";

    /// <inheritdoc/>
    public override double CurvatureBound => 0.25;

    /// <inheritdoc/>
    protected override double RowLoss(int row, ReadOnlySpan<double> scores, Span<double> scoreGradient)
    {
        var sign = labels[row] ? 1 : -1;
        var margin = sign * scores[0];
        var loss = LogMath.LogisticLoss(margin, out var wrong);
        scoreGradient[0] = -sign * wrong;
        return loss;
    }

    /// <inheritdoc/>
    internal override void RowCurvature(int row, ReadOnlySpan<double> scores, Span<double> curvature)
    {
        var wrong = LogMath.WrongProbability(scores[0]);
        curvature[0] = wrong * (1 - wrong);
    }
}
