using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>
/// The working memory of <see cref="FeatureMoments"/>: the shifted sums of the block of rows under way, and per feature the moments of
/// all blocks before it.
/// </summary>
/// <remarks>
/// Sums are kept per slot of a line. A line is a row, and a slot a feature; rows of less than eight features are taken several to a line,
/// so that vectors are full: slot s then belongs to feature s modulo the number of features, and a block's rows are dealt to the places
/// in the line in turn. Arrays are padded to whole groups of slots, so that kernels need no tail; the padding is never read back.
/// </remarks>
internal sealed class MomentSums
{
    /// <summary>
    /// Rows per block. Within a block the squared deviations from the block's first value are summed. In the worst case, a first value
    /// that is the outlier, that sum exceeds the squared deviations from the mean this many times: a relative error of at most
    /// 512 * 512 * 2^-52, which leaves ten digits. And long enough that folding a block costs nothing. A multiple of
    /// <see cref="RowsPerLine"/> for every width.
    /// </summary>
    public const int RowsPerBlock = 512;

    /// <summary>The most features: more than memory holds, and few enough that no length overflows.</summary>
    public const int LargestFeatureCount = 1 << 30;

    /// <summary>Doubles per vector of the kernels.</summary>
    public const int Lanes = 4;

    public MomentSums(int featureCount)
    {
        FeatureCount = featureCount;
        LineLength = LineLengthOf(featureCount);
        int padded = checked(LineLength + MomentKernels.GroupSlots - 1) / MomentKernels.GroupSlots * MomentKernels.GroupSlots;
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
        Folded = new MomentTable(featureCount);
    }

    private MomentSums(MomentSums other)
    {
        FeatureCount = other.FeatureCount;
        LineLength = other.LineLength;
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
        Folded = other.Folded.Clone();
        HasOpenBlock = other.HasOpenBlock;
    }

    public int FeatureCount { get; }

    /// <summary>Slots of a line.</summary>
    public int LineLength { get; }

    public int RowsPerLine => LineLength / FeatureCount;

    /// <summary>Dense rows in the block under way.</summary>
    public int BlockRows { get; set; }

    /// <summary>What is subtracted from each value of the block: its slot's first one. Without meaning while BlockCount is 0.</summary>
    public double[] BlockShift { get; }

    public double[] BlockCount { get; }

    public double[] BlockWeight { get; }

    public double[] BlockSum { get; }

    public double[] BlockSquareSum { get; }

    public double[] Minimum { get; }

    public double[] Maximum { get; }

    public double[] Missing { get; }

    public double[] Infinite { get; }

    /// <summary>Per feature, the moments of the finished blocks.</summary>
    public MomentTable Folded { get; }

    /// <summary>Whether the block under way may have values.</summary>
    public bool HasOpenBlock { get; set; }

    /// <summary>The number of slots of a line for rows of so many features.</summary>
    public static int LineLengthOf(int featureCount) => featureCount switch
    {
        >= MomentKernels.GroupSlots => featureCount,
        4 => featureCount * 2,
        2 or 6 => featureCount * 4,
        _ => featureCount * 8,
    };

    public MomentSums Clone() => new(this);

    /// <summary>Forgets all values.</summary>
    public void Reset()
    {
        ClearBlock();
        Missing.AsSpan().Clear();
        Infinite.AsSpan().Clear();
        Minimum.AsSpan().Fill(double.PositiveInfinity);
        Maximum.AsSpan().Fill(double.NegativeInfinity);
        Folded.Clear();
    }

    /// <summary>The moments of one feature, the block under way included; changes nothing.</summary>
    public WeightedMoments Total(int feature) => WeightedMoments.Combine(Folded[feature], Block(feature));

    public double MinimumOf(int feature)
    {
        double minimum = Minimum[feature];
        for (int slot = feature + FeatureCount; slot < LineLength; slot += FeatureCount)
        {
            minimum = Math.Min(minimum, Minimum[slot]);
        }

        return minimum;
    }

    public double MaximumOf(int feature)
    {
        double maximum = Maximum[feature];
        for (int slot = feature + FeatureCount; slot < LineLength; slot += FeatureCount)
        {
            maximum = Math.Max(maximum, Maximum[slot]);
        }

        return maximum;
    }

    public double MissingOf(int feature) => CountOf(Missing, feature);

    public double InfiniteOf(int feature) => CountOf(Infinite, feature);

    /// <summary>Adds one finite value to one slot, as the kernels do.</summary>
    public void Add(int slot, double x, double weight)
    {
        if (BlockCount[slot] == 0)
        {
            BlockShift[slot] = x;
        }

        double deviation = x - BlockShift[slot];
        double weighted = deviation * weight;
        HasOpenBlock = true;
        BlockCount[slot]++;
        BlockWeight[slot] += weight;
        BlockSum[slot] += weighted;
        BlockSquareSum[slot] = double.MultiplyAddEstimate(weighted, deviation, BlockSquareSum[slot]);
        Minimum[slot] = Math.Min(Minimum[slot], x);
        Maximum[slot] = Math.Max(Maximum[slot], x);
    }

    /// <summary>Adds one value of a sparse row; its feature's block ends by the number of its own values.</summary>
    public void AddSparse(int feature, double x, double weight)
    {
        Add(feature, x, weight);
        if (BlockCount[feature] >= RowsPerBlock)
        {
            Fold(feature);
        }
    }

    /// <summary>Counts a value that is not finite.</summary>
    public void LeaveOut(int slot, double x) => (double.IsNaN(x) ? Missing : Infinite)[slot]++;

    /// <summary>Ends the block under way for one feature.</summary>
    public void Fold(int feature)
    {
        WeightedMoments block = Block(feature);
        if (block.Count == 0)
        {
            return;
        }

        Folded.Add(feature, block);
        for (int slot = feature; slot < LineLength; slot += FeatureCount)
        {
            BlockCount[slot] = 0;
            BlockWeight[slot] = 0;
            BlockSum[slot] = 0;
            BlockSquareSum[slot] = 0;
        }
    }

    /// <summary>Ends the block under way.</summary>
    public void FoldAll()
    {
        if (HasOpenBlock && RowsPerLine == 1)
        {
            Folded.AddShiftedSums(BlockCount, BlockWeight, BlockShift, BlockSum, BlockSquareSum);
        }
        else if (HasOpenBlock)
        {
            for (int feature = 0; feature < FeatureCount; feature++)
            {
                Folded.Add(feature, Block(feature));
            }
        }

        ClearBlock();
    }

    /// <summary>Adds the moments of all features of other sums. The block of these has been ended.</summary>
    public void Merge(MomentSums other)
    {
        if (RowsPerLine > 1 || other.HasOpenBlock)
        {
            for (int feature = 0; feature < FeatureCount; feature++)
            {
                Merge(feature, other, feature);
            }

            return;
        }

        Folded.Add(other.Folded);
        for (int slot = 0; slot < Minimum.Length; slot += Lanes)
        {
            Store(Minimum, slot, Vector256.MinNative(At(Minimum, slot), At(other.Minimum, slot)));
            Store(Maximum, slot, Vector256.MaxNative(At(Maximum, slot), At(other.Maximum, slot)));
            Store(Missing, slot, At(Missing, slot) + At(other.Missing, slot));
            Store(Infinite, slot, At(Infinite, slot) + At(other.Infinite, slot));
        }
    }

    /// <summary>Adds the moments of a feature of other sums to a feature of these, whose block has been ended.</summary>
    public void Merge(int feature, MomentSums other, int otherFeature)
    {
        Folded.Add(feature, other.Total(otherFeature));
        Minimum[feature] = Math.Min(Minimum[feature], other.MinimumOf(otherFeature));
        Maximum[feature] = Math.Max(Maximum[feature], other.MaximumOf(otherFeature));
        Missing[feature] += other.MissingOf(otherFeature);
        Infinite[feature] += other.InfiniteOf(otherFeature);
    }

    /// <summary>Adds zeros to a feature, whose block has been ended.</summary>
    public void AddZeros(int feature, WeightedMoments zeros)
    {
        if (zeros.Count > 0)
        {
            Folded.Add(feature, zeros);
            Minimum[feature] = Math.Min(Minimum[feature], 0);
            Maximum[feature] = Math.Max(Maximum[feature], 0);
        }
    }

    /// <summary>The block under way: the sums of a feature's slots, all made deviations from the first slot's shift.</summary>
    private WeightedMoments Block(int feature)
    {
        int first = feature;
        while (BlockCount[first] == 0)
        {
            first += FeatureCount;
            if (first >= LineLength)
            {
                return default;
            }
        }

        double count = BlockCount[first];
        double weight = BlockWeight[first];
        double sum = BlockSum[first];
        double squares = BlockSquareSum[first];
        for (int slot = first + FeatureCount; slot < LineLength; slot += FeatureCount)
        {
            if (BlockCount[slot] > 0)
            {
                double difference = BlockShift[slot] - BlockShift[first];
                double shifted = BlockWeight[slot] * difference;
                count += BlockCount[slot];
                weight += BlockWeight[slot];
                squares += BlockSquareSum[slot] + (difference * ((2 * BlockSum[slot]) + shifted));
                sum += BlockSum[slot] + shifted;
            }
        }

        return WeightedMoments.FromShiftedSums(count, weight, BlockShift[first], sum, squares);
    }

    private void ClearBlock()
    {
        BlockRows = 0;
        if (HasOpenBlock)
        {
            BlockCount.AsSpan().Clear();
            BlockWeight.AsSpan().Clear();
            BlockSum.AsSpan().Clear();
            BlockSquareSum.AsSpan().Clear();
            HasOpenBlock = false;
        }
    }

    private static Vector256<double> At(double[] array, int index) => Vector256.LoadUnsafe(ref array[0], (nuint)index);

    private static void Store(double[] array, int index, Vector256<double> value) => value.StoreUnsafe(ref array[0], (nuint)index);

    private double CountOf(double[] counts, int feature)
    {
        double count = counts[feature];
        for (int slot = feature + FeatureCount; slot < LineLength; slot += FeatureCount)
        {
            count += counts[slot];
        }

        return count;
    }
}
