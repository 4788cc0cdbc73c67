using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MLNet.BatchNorm;

/// <summary>
/// Mean, variance, minimum and maximum of every feature of a stream of rows, in one pass and in double precision, whatever the type
/// of the values. Parts of a data set measured apart can be merged.
/// </summary>
/// <remarks>
/// <para>
/// With weights w (1 where none are given) and W = sum w, per feature:
/// mean = sum w x / W; population variance = sum w (x - mean)^2 / W; sample variance = sum w (x - mean)^2 / (W - 1).
/// </para>
/// <para>
/// Rows are summed in blocks of at most 512, as deviations from the block's first value, and the blocks are combined by the update of
/// Chan, Golub and LeVeque, "Algorithms for computing the sample variance: analysis and recommendations", The American Statistician
/// 37 (1983) 242-247. So values with a large common offset keep their variance: of a million values around 1e6 with standard
/// deviation 1 in single precision, eleven digits and more. Where blocks end depends on the number of rows only, not on how they
/// were split over calls: the same rows give the same bits.
/// </para>
/// <para>
/// Missing values (NaN) are left out, each from its own feature, and counted. So are infinities; <see cref="FirstInfinity"/> names the
/// first for callers that refuse them. A feature without any value has mean, variances, minimum and maximum NaN.
/// Values whose differences from one another exceed about 1e154 overflow when squared: variance +infinity. Of values below 1e-120 the
/// standard deviation is right although the variance, below 1e-308, loses its digits or is 0.
/// </para>
/// <para>
/// Weights are finite and not negative. A row of weight zero counts in <see cref="RowCount"/> and contributes nothing else, its
/// missing values and infinities included.
/// </para>
/// <para>
/// The properties return immutable snapshots: rows added later do not change an array once read. Adding and merging is for one
/// thread at a time; concurrent reads are safe while nobody adds.
/// </para>
/// </remarks>
[JsonConverter(typeof(FeatureMomentsJsonConverter))]
public sealed partial class FeatureMoments
{
    private MomentSums _sums;
    private SparseTally? _sparse;
    private MomentSnapshot? _snapshot;

    /// <summary>Moments of no rows yet.</summary>
    /// <param name="featureCount">Number of features (slots) of each row; at least 1, at most 2^30.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="featureCount"/> is outside its range.</exception>
    public FeatureMoments(int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(featureCount, MomentSums.LargestFeatureCount);
        _sums = new MomentSums(featureCount);
    }

    /// <summary>Number of features of each row.</summary>
    public int FeatureCount => _sums.FeatureCount;

    /// <summary>Number of rows added, those of weight zero and those with missing values included.</summary>
    public long RowCount { get; private set; }

    /// <summary>
    /// The first infinite value in the order in which rows were added, or null if there was none. After <see cref="Merge"/> the rows of
    /// the other moments count as following the own ones.
    /// </summary>
    public ValueLocation? FirstInfinity { get; private set; }

    /// <summary>Per feature, the number of values that the moments are made of: finite ones in rows of positive weight.</summary>
    public ImmutableArray<long> Count => Snapshot.Count;

    /// <summary>Per feature, the number of NaN values left out.</summary>
    public ImmutableArray<long> MissingCount => Snapshot.MissingCount;

    /// <summary>Per feature, the number of infinite values left out.</summary>
    public ImmutableArray<long> InfiniteCount => Snapshot.InfiniteCount;

    /// <summary>Per feature, the sum of the weights of its <see cref="Count"/> values; the count itself where no weights were given.</summary>
    public ImmutableArray<double> WeightSum => Snapshot.WeightSum;

    /// <summary>Per feature, the weighted mean <c>sum w x / W</c>; NaN without a value.</summary>
    public ImmutableArray<double> Mean => Snapshot.Mean;

    /// <summary>Per feature, <c>sum w (x - mean)^2 / W</c>; 0 for one value, NaN without a value.</summary>
    public ImmutableArray<double> PopulationVariance => Snapshot.PopulationVariance;

    /// <summary>
    /// Per feature, <c>sum w (x - mean)^2 / (W - 1)</c>: weights are taken as frequencies, so that weight 2 is the same as the row
    /// twice. NaN where W is not greater than 1, as for a single value.
    /// </summary>
    public ImmutableArray<double> SampleVariance => Snapshot.SampleVariance;

    /// <summary>Per feature, the square root of the population variance, also where <see cref="PopulationVariance"/> itself is too small for a double.</summary>
    public ImmutableArray<double> PopulationStandardDeviation => Snapshot.PopulationStandardDeviation;

    /// <summary>Per feature, the square root of the sample variance, also where <see cref="SampleVariance"/> itself is too small for a double.</summary>
    public ImmutableArray<double> SampleStandardDeviation => Snapshot.SampleStandardDeviation;

    /// <summary>Per feature, the smallest of its <see cref="Count"/> values; NaN without a value.</summary>
    public ImmutableArray<double> Minimum => Snapshot.Minimum;

    /// <summary>Per feature, the largest of its <see cref="Count"/> values; NaN without a value.</summary>
    public ImmutableArray<double> Maximum => Snapshot.Maximum;

    private MomentSnapshot Snapshot => _snapshot ??= new MomentSnapshot(_sums, _sparse, MagnifiedTotal, Magnification);

    /// <summary>
    /// Whether all values of a feature are the same up to rounding, so that its variance is noise and must not be divided by. True also
    /// for a feature with one value or none.
    /// </summary>
    /// <param name="feature">Zero-based index of the feature.</param>
    /// <remarks>
    /// True where all values lie within two last digits of one another, as a double of their size has them: that much is rounding in whatever
    /// computed them. And where <c>variance &lt;= n eps (maximum - minimum)^2</c>, with eps = 2^-52 and n the length of one chain of additions,
    /// the count, or 512 if that is less: sums are taken of deviations from one of the values, and that bounds the rounding error of the variance
    /// (Chan, Golub and LeVeque 1983). Without weights, no 10^12 values come to that. It is the spread that counts, in units of the values, however
    /// far they lie from zero.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="feature"/> is not a feature's index.</exception>
    public bool IsConstant(int feature)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(feature);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(feature, FeatureCount);
        long count = Count[feature];
        if (count <= 1)
        {
            return true;
        }

        const double Epsilon = 1.0 / (1L << 52);
        double minimum = Minimum[feature];
        double maximum = Maximum[feature];
        double range = maximum - minimum;
        double size = Math.Max(Math.Abs(minimum), Math.Abs(maximum));
        double deviation = PopulationStandardDeviation[feature];
        return double.IsFinite(deviation)
            && (range <= 2 * (size - Math.BitDecrement(size)) || deviation <= Math.Sqrt(Math.Min(count, MomentSums.RowsPerBlock) * Epsilon) * range);
    }

    /// <summary>Moments with the same rows, to which further rows can be added independently.</summary>
    public FeatureMoments Clone() => new(FeatureCount)
    {
        _sums = _sums.Clone(),
        _sparse = _sparse?.Clone(),
        _magnified = _magnified?.Clone(),
        _isMagnified = _isMagnified,
        _noneIsSmall = _noneIsSmall,
        _snapshot = _snapshot,
        RowCount = RowCount,
        FirstInfinity = FirstInfinity,
    };
}
