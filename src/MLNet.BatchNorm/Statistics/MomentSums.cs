namespace MLNet.BatchNorm;

/// <summary>
/// The working memory of <see cref="FeatureMoments"/>: per feature the shifted sums of the block of rows under way, and the moments
/// of all blocks before it. Arrays are padded to whole vectors, so that kernels need no tail; the padding is never read back.
/// </summary>
internal sealed class MomentSums
{
    /// <summary>
    /// Rows per block. Within a block the squared deviations from the block's first value are summed. In the worst case, a first value
    /// that is the outlier, that sum exceeds the squared deviations from the mean this many times: a relative error of at most
    /// 512 * 512 * 2^-52, which leaves ten digits. And long enough that folding a block costs nothing.
    /// </summary>
    public const int RowsPerBlock = 512;

    /// <summary>Doubles per vector of the kernels.</summary>
    public const int Lanes = 4;

    public MomentSums(int featureCount)
    {
        FeatureCount = featureCount;
        int padded = checked(featureCount + Lanes - 1) / Lanes * Lanes;
        BlockShift = new double[padded];
        BlockCount = new double[padded];
        BlockWeight = new double[padded];
        BlockSum = new double[padded];
        BlockSquareSum = new double[padded];
        Minimum = new double[padded];
        Maximum = new double[padded];
        Minimum.AsSpan().Fill(double.PositiveInfinity);
        Maximum.AsSpan().Fill(double.NegativeInfinity);
        Missing = new double[padded];
        Infinite = new double[padded];
        Folded = new WeightedMoments[featureCount];
    }

    private MomentSums(MomentSums other)
    {
        FeatureCount = other.FeatureCount;
        BlockRows = other.BlockRows;
        BlockShift = [.. other.BlockShift];
        BlockCount = [.. other.BlockCount];
        BlockWeight = [.. other.BlockWeight];
        BlockSum = [.. other.BlockSum];
        BlockSquareSum = [.. other.BlockSquareSum];
        Minimum = [.. other.Minimum];
        Maximum = [.. other.Maximum];
        Missing = [.. other.Missing];
        Infinite = [.. other.Infinite];
        Folded = [.. other.Folded];
    }

    public int FeatureCount { get; }

    /// <summary>Dense rows in the block under way.</summary>
    public int BlockRows { get; set; }

    /// <summary>What is subtracted from each value of the block: its first one. Without meaning while BlockCount is 0.</summary>
    public double[] BlockShift { get; }

    public double[] BlockCount { get; }

    public double[] BlockWeight { get; }

    public double[] BlockSum { get; }

    public double[] BlockSquareSum { get; }

    public double[] Minimum { get; }

    public double[] Maximum { get; }

    public double[] Missing { get; }

    public double[] Infinite { get; }

    /// <summary>The moments of the finished blocks.</summary>
    public WeightedMoments[] Folded { get; }

    public MomentSums Clone() => new(this);

    /// <summary>Forgets all values.</summary>
    public void Reset()
    {
        BlockRows = 0;
        foreach (double[] array in (ReadOnlySpan<double[]>)[BlockShift, BlockCount, BlockWeight, BlockSum, BlockSquareSum, Missing, Infinite])
        {
            array.AsSpan().Clear();
        }

        Minimum.AsSpan().Fill(double.PositiveInfinity);
        Maximum.AsSpan().Fill(double.NegativeInfinity);
        Folded.AsSpan().Clear();
    }

    /// <summary>The moments of one feature, the block under way included; changes nothing.</summary>
    public WeightedMoments Total(int feature) => WeightedMoments.Combine(Folded[feature], Block(feature));

    /// <summary>Adds one finite value to one feature, for sparse rows; its block ends by the number of its own values.</summary>
    public void Add(int feature, double x, double weight)
    {
        if (BlockCount[feature] == 0)
        {
            BlockShift[feature] = x;
        }

        double deviation = x - BlockShift[feature];
        double weighted = deviation * weight;
        BlockWeight[feature] += weight;
        BlockSum[feature] += weighted;
        BlockSquareSum[feature] += weighted * deviation;
        Minimum[feature] = Math.Min(Minimum[feature], x);
        Maximum[feature] = Math.Max(Maximum[feature], x);
        if (++BlockCount[feature] >= RowsPerBlock)
        {
            Fold(feature);
        }
    }

    /// <summary>Ends the block under way for one feature.</summary>
    public void Fold(int feature)
    {
        Folded[feature] = Total(feature);
        BlockCount[feature] = 0;
        BlockWeight[feature] = 0;
        BlockSum[feature] = 0;
        BlockSquareSum[feature] = 0;
    }

    /// <summary>Ends the block under way.</summary>
    public void FoldAll()
    {
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            Fold(feature);
        }

        // The padding counts along with the last features; it must start each block as they do.
        BlockCount.AsSpan(FeatureCount).Clear();
        BlockRows = 0;
    }

    /// <summary>Adds the moments of a feature of other sums to a feature of these, whose block has been ended.</summary>
    public void Merge(int feature, MomentSums other, int otherFeature)
    {
        Folded[feature] = WeightedMoments.Combine(Folded[feature], other.Total(otherFeature));
        Minimum[feature] = Math.Min(Minimum[feature], other.Minimum[otherFeature]);
        Maximum[feature] = Math.Max(Maximum[feature], other.Maximum[otherFeature]);
        Missing[feature] += other.Missing[otherFeature];
        Infinite[feature] += other.Infinite[otherFeature];
    }

    /// <summary>Adds zeros to a feature, whose block has been ended.</summary>
    public void AddZeros(int feature, WeightedMoments zeros)
    {
        if (zeros.Count > 0)
        {
            Folded[feature] = WeightedMoments.Combine(Folded[feature], zeros);
            Minimum[feature] = Math.Min(Minimum[feature], 0);
            Maximum[feature] = Math.Max(Maximum[feature], 0);
        }
    }

    private WeightedMoments Block(int feature) => WeightedMoments.FromShiftedSums(
        BlockCount[feature], BlockWeight[feature], BlockShift[feature], BlockSum[feature], BlockSquareSum[feature]);
}
