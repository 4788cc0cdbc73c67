namespace MLNet.BatchNorm;

/// <summary>
/// The full state of <see cref="FeatureMoments"/>, the block under way included: moments restored from it go on as if they had never
/// been stopped, to the last bit. Plain data, as it came from a file: <see cref="FeatureMoments.FromState"/> is where it is checked.
/// </summary>
/// <remarks>
/// Each array has one number per feature, the sparse ones and those of what rarely matters alternatively none; those of the block have one per slot of a line
/// (<see cref="MomentSums"/>), which is the same from eight features on. All numbers are finite.
/// </remarks>
internal sealed record FeatureMomentsState
{
    public required long RowCount { get; init; }

    /// <summary>Row and feature of the first infinity, or null.</summary>
    public required ValueLocation? FirstInfinity { get; init; }

    /// <summary>Moments of the finished blocks: number of values, their weight, mean = Origin + Offset, sum w (x - mean)^2.</summary>
    public required double[] Count { get; init; }

    public required double[] WeightSum { get; init; }

    public required double[] Origin { get; init; }

    public required double[] Offset { get; init; }

    public required double[] SquaredDeviations { get; init; }

    /// <summary>
    /// Where a feature has values below 2^-400 alone, their squares are hardly doubles: sum w (x - mean)^2 of all of its values, the block under
    /// way included, times 2^1200; 0 for all other features. None where there is no such feature.
    /// </summary>
    public double[] MagnifiedDeviations { get; init; } = [];

    /// <summary>Rows of the block under way, 0 to 511.</summary>
    public required int BlockRows { get; init; }

    /// <summary>Sums of the block under way: number of values, their weight, the value subtracted, sum w d, sum w d^2.</summary>
    public required double[] BlockCount { get; init; }

    public required double[] BlockWeight { get; init; }

    public required double[] BlockShift { get; init; }

    public required double[] BlockSum { get; init; }

    public required double[] BlockSquareSum { get; init; }

    /// <summary>Smallest and largest value given, 0 where there was none; zeros that sparse rows left out do not enter.</summary>
    public required double[] Minimum { get; init; }

    public required double[] Maximum { get; init; }

    public required double[] MissingCount { get; init; }

    public required double[] InfiniteCount { get; init; }

    /// <summary>Number and weight of the sparse rows, and per feature of those among them that gave it a value.</summary>
    public required long SparseRowCount { get; init; }

    public required double SparseWeightSum { get; init; }

    public required double[] SparseGivenCount { get; init; }

    public required double[] SparseGivenWeight { get; init; }

    /// <summary>What the numbers of SparseGivenWeight, and behind them SparseWeightSum, lack, rounded as they are; none where they lack nothing.</summary>
    public double[] SparseWeightRemainders { get; init; } = [];
}
