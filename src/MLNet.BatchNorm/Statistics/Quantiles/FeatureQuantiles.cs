using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MLNet.BatchNorm;

/// <summary>
/// Quantiles and ranks of each feature of a data set, found in one pass in bounded memory: exact while a feature has few values, close to it
/// ever after. Parts of a data set measured apart can be merged.
/// </summary>
/// <remarks>
/// <para>
/// Up to <see cref="Size"/> values per feature are kept as they are, and every result is exact: a quantile is the linear interpolation
/// between two neighbours in sorted order, at place p (n - 1) from 0 (the seventh definition of R. J. Hyndman and Y. Fan, "Sample quantiles in
/// statistical packages", The American Statistician 50 (1996) 361-365), with the bits of numpy.quantile, and the median with those of numpy.median.
/// </para>
/// <para>
/// Beyond that the values kept stand for others: blocks of 128 rows are sorted and thinned out, and what remains goes into the sketch of
/// Z. Karnin, K. Lang and E. Liberty, "Optimal quantile approximation in streams", FOCS 2016. With the default size, the share of values below a
/// result differs from the one asked for by less than 0.5% with a probability of 99% (standard error: 0.15% at most), however many values there
/// are and in whatever order; the error is inversely proportional to the size. Smallest and largest value are always exact. Memory is at
/// most some 12 bytes times the size per feature (with weights, twice that), beside 1 KB for the rows under way; less where values are few.
/// </para>
/// <para>
/// A row of weight w counts like w rows. Of weights below 1 on average, a quantile is the average over a stretch as long as the average weight,
/// so that weights of 0.5 each give what weights of 1 do. Weights are finite and not negative; a row of weight zero is left out altogether.
/// Where they add up to more than a double can hold, reading and saving throw an <see cref="InvalidOperationException"/> that says so.
/// </para>
/// <para>
/// Missing values (NaN) and infinities are left out, each from its own feature, and counted. A feature without any value has quantiles and
/// shares NaN.
/// </para>
/// <para>
/// The same rows give the same bits, however they were split over calls: what chance decides comes from the seed. Adding and merging is for one
/// thread at a time; concurrent reads are safe while nobody adds. The first read after an addition sorts what is kept.
/// </para>
/// </remarks>
[JsonConverter(typeof(FeatureQuantilesJsonConverter))]
public sealed partial class FeatureQuantiles
{
    /// <summary>The default of <see cref="Size"/>.</summary>
    public const int DefaultSize = 10_240;

    /// <summary>The smallest <see cref="Size"/>.</summary>
    public const int SmallestSize = 128;

    /// <summary>The largest <see cref="Size"/>.</summary>
    public const int LargestSize = 1 << 24;

    private readonly QuantileSketch[] _sketches;
    private FeatureSnapshot?[]? _snapshots;

    /// <summary>Quantiles of no rows yet.</summary>
    /// <param name="featureCount">Number of features (slots) of each row; at least 1.</param>
    /// <param name="size">How many values of each feature are kept, 128 to 16,777,216; only sketches of one size can be merged.<value>10,240</value></param>
    /// <param name="seed">What chance is made from: the same seed and rows give the same sketch.<value>0</value></param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public FeatureQuantiles(int featureCount, int size = DefaultSize, int seed = 0)
        : this(size, CreateSketches(featureCount, size, seed))
    {
    }

    private FeatureQuantiles(int size, QuantileSketch[] sketches)
    {
        Size = size;
        _sketches = sketches;
        _lineLength = (sketches.Length + ColumnSorter.LaneCount - 1) / ColumnSorter.LaneCount * ColumnSorter.LaneCount;
    }

    /// <summary>Number of features of each row.</summary>
    public int FeatureCount => _sketches.Length;

    /// <summary>How many values of each feature are kept.</summary>
    public int Size { get; }

    /// <summary>Per feature, the number of values: finite ones in rows of positive weight.</summary>
    public ImmutableArray<long> Count => [.. Snapshots.Select(snapshot => snapshot.Count)];

    /// <summary>Per feature, the number of NaN values left out.</summary>
    public ImmutableArray<long> MissingCount => [.. Snapshots.Select(snapshot => snapshot.MissingCount)];

    /// <summary>Per feature, the number of infinite values left out.</summary>
    public ImmutableArray<long> InfiniteCount => [.. Snapshots.Select(snapshot => snapshot.InfiniteCount)];

    /// <summary>Per feature, the sum of the weights of its <see cref="Count"/> values; the count itself where no weights were given.</summary>
    public ImmutableArray<double> WeightSum => [.. Snapshots.Select(snapshot => snapshot.WeightSum)];

    /// <summary>Per feature, the smallest of its values, always exact; NaN without a value.</summary>
    public ImmutableArray<double> Minimum => [.. Snapshots.Select(snapshot => snapshot.Minimum)];

    /// <summary>Per feature, the largest of its values, always exact; NaN without a value.</summary>
    public ImmutableArray<double> Maximum => [.. Snapshots.Select(snapshot => snapshot.Maximum)];

    /// <summary>Per feature, the median: numpy.nanmedian where exact; NaN without a value.</summary>
    public ImmutableArray<double> Medians => [.. Snapshots.Select(snapshot => snapshot.Values.Median())];

    private IEnumerable<FeatureSnapshot> Snapshots => Enumerable.Range(0, FeatureCount).Select(Snapshot);

    /// <summary>Whether all values of a feature are kept, so that its quantiles and shares are exact.</summary>
    /// <param name="feature">Zero-based index of the feature.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="feature"/> is not a feature's index.</exception>
    public bool IsExact(int feature) => Snapshot(feature).IsExact;

    /// <summary>The value that a given share of a feature's values lies below, interpolated: numpy.nanquantile where exact.</summary>
    /// <param name="feature">Zero-based index of the feature.</param>
    /// <param name="probability">The share, 0 (the minimum) to 1 (the maximum).</param>
    /// <returns>The quantile; NaN without a value.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="feature"/> is not a feature's index, or <paramref name="probability"/> not in [0, 1].</exception>
    public double Quantile(int feature, double probability)
    {
        if (probability is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Expected a share, from 0 to 1. (A percentage divided by 100.)");
        }
        FeatureSnapshot snapshot = Snapshot(feature);
        // The ends are known, whatever has been thinned out.
        return probability switch
        {
            0 => snapshot.Minimum,
            1 => snapshot.Maximum,
            _ => snapshot.Values.Quantile(probability),
        };
    }

    /// <summary>The same quantile of each feature.</summary>
    /// <inheritdoc cref="Quantile(int, double)"/>
    public ImmutableArray<double> Quantiles(double probability) => [.. Enumerable.Range(0, FeatureCount).Select(feature => Quantile(feature, probability))];

    /// <summary>The median of a feature: of an even number of values the plain average of the two in the middle, numpy.nanmedian where exact.</summary>
    /// <param name="feature">Zero-based index of the feature.</param>
    /// <returns>The median; NaN without a value.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="feature"/> is not a feature's index.</exception>
    public double Median(int feature) => Snapshot(feature).Values.Median();

    /// <summary>The rank of a number: the share of a feature's values, by weight, that are at most that number.</summary>
    /// <param name="feature">Zero-based index of the feature.</param>
    /// <param name="value">Any number, infinities included.</param>
    /// <returns>The share, 0 to 1; NaN without a value.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="feature"/> is not a feature's index, or <paramref name="value"/> is NaN.</exception>
    public double ShareAtMost(int feature, double value) => ShareUpTo(feature, value, isIncluded: true);

    /// <summary>The share of a feature's values, by weight, that are less than a number.</summary>
    /// <inheritdoc cref="ShareAtMost"/>
    public double ShareBelow(int feature, double value) => ShareUpTo(feature, value, isIncluded: false);

    /// <summary>What a feature has come to, sorted; kept until something is added.</summary>
    internal FeatureSnapshot Snapshot(int feature)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(feature);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(feature, FeatureCount);
        FeatureSnapshot?[] snapshots = _snapshots ??= new FeatureSnapshot?[FeatureCount];
        return snapshots[feature] ??= CreateSnapshot(feature);
    }

    private double ShareUpTo(int feature, double value, bool isIncluded)
    {
        if (double.IsNaN(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a number: NaN has no place in an order.");
        }
        FeatureSnapshot snapshot = Snapshot(feature);
        return value >= snapshot.Maximum && isIncluded ? 1 : value <= snapshot.Minimum && !isIncluded ? 0 : snapshot.Values.ShareUpTo(value, isIncluded);
    }

    // With the rows that wait in the block, and the zeros that sparse rows left out: neither are in the sketch.
    private FeatureSnapshot CreateSnapshot(int feature)
    {
        QuantileSketch sketch = _sketches[feature].Clone();
        for (int row = 0; row < _blockRows; row++)
        {
            double value = _block[(row * _lineLength) + feature];
            double weight = _isWeighted ? _weights[row] : 1;
            sketch.TryHold(value, weight);
        }
        return FeatureSnapshot.Create(sketch, _sparse?.Zeros(feature) ?? default);
    }

    private static QuantileSketch[] CreateSketches(int featureCount, int size, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, SmallestSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestSize);
        return [.. Enumerable.Range(0, featureCount).Select(feature => new QuantileSketch(size, SketchRandom.Create(seed, feature)))];
    }
}
