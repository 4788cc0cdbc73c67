namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>Mean over the rows of sum over the wrong classes c of log(1 + exp(s_c - s_y)).</summary>
/// <remarks>
/// This, and not the softmax log-loss, is what ML.NET's SdcaMaximumEntropy minimizes: its dual updates treat every pair of the
/// right class and another one as a binary problem. The two losses agree for two classes.
/// </remarks>
public sealed class PairwiseLogisticObjective(DesignMatrix features, IReadOnlyList<int> labels, int classCount, Regularization regularization)
    : LinearObjective(features, regularization, classCount)
{
    /// <inheritdoc/>
    public override double GapUnit => 1;

    /// <inheritdoc/>
    public override string LossName => "mean over rows of the summed pairwise log-losses, right class against each other class";

    /// <inheritdoc/>
    /// <remarks>A quarter of the largest eigenvalue of the Laplacian of a star with K nodes, which is K.</remarks>
    public override double CurvatureBound => OutputCount / 4d;

    /// <inheritdoc/>
    protected override double RowLoss(int row, ReadOnlySpan<double> scores, Span<double> scoreGradient)
    {
        var label = labels[row];
        var loss = 0d;
        scoreGradient[label] = 0;
        for (var other = 0; other < scores.Length; other++)
        {
            if (other != label)
            {
                var margin = scores[label] - scores[other];
                loss += LogMath.LogisticLoss(margin, out scoreGradient[other]);
                scoreGradient[label] -= scoreGradient[other];
            }
        }

        return loss;
    }

    /// <inheritdoc/>
    internal override void RowCurvature(int row, ReadOnlySpan<double> scores, Span<double> curvature)
    {
        var (label, count) = (labels[row], OutputCount);
        curvature.Clear();
        for (var other = 0; other < count; other++)
        {
            if (other != label)
            {
                var wrong = LogMath.WrongProbability(scores[label] - scores[other]);
                var value = wrong * (1 - wrong);
                curvature[(other * count) + other] = value;
                curvature[(label * count) + label] += value;
                curvature[(label * count) + other] = -value;
                curvature[(other * count) + label] = -value;
            }
        }
    }
}
