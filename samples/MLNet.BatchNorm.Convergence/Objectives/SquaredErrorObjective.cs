namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>Linear regression: mean over the rows of (s - y)^2.</summary>
public sealed class SquaredErrorObjective : LinearObjective
{
    private readonly IReadOnlyList<double> _targets;

    /// <summary>Takes the data and the penalty.</summary>
    public SquaredErrorObjective(DesignMatrix features, IReadOnlyList<double> targets, Regularization regularization)
        : base(features, regularization, outputCount: 1)
    {
        _targets = targets;
        var mean = targets.Average();
        GapUnit = targets.Average(target => (target - mean) * (target - mean));
    }

    /// <inheritdoc/>
    public override double GapUnit { get; }

    /// <inheritdoc/>
    public override string LossName => "mean squared error";

    /// <inheritdoc/>
    public override double CurvatureBound => 2;

    /// <inheritdoc/>
    protected override double RowLoss(int row, ReadOnlySpan<double> scores, Span<double> scoreGradient)
    {
        var error = scores[0] - _targets[row];
        scoreGradient[0] = 2 * error;
        return error * error;
    }

    /// <inheritdoc/>
    internal override void RowCurvature(int row, ReadOnlySpan<double> scores, Span<double> curvature) => curvature[0] = 2;
}
