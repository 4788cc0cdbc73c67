namespace MLNet.BatchNorm;

public sealed partial class FeatureMoments
{
    /// <summary>
    /// Adds all rows of another data set, given its moments; <paramref name="other"/> is not changed. Up to rounding it does not matter in
    /// which order or grouping parts are merged.
    /// </summary>
    /// <param name="other">Moments over the same features; may be empty.</param>
    /// <exception cref="ArgumentException"><paramref name="other"/> has another number of features.</exception>
    /// <exception cref="InvalidOperationException">A count, which the message names, would exceed 2^53; nothing is merged then.</exception>
    public void Merge(FeatureMoments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.FeatureCount != FeatureCount)
        {
            throw new ArgumentException(
                $"Expected moments of {FeatureCount} feature(s), as here, and found {other.FeatureCount}.", nameof(other));
        }

        CheckCounts(other);
        if (ReferenceEquals(other, this))
        {
            other = Clone();
        }

        if (FirstInfinity is null && other.FirstInfinity is { } infinity)
        {
            FirstInfinity = infinity with { Row = RowCount + infinity.Row };
        }

        MergeMagnified(other);
        _sums.FoldAll();
        _sums.Merge(other._sums);
        if (other._sparse is not null)
        {
            _sparse ??= new SparseTally(FeatureCount);
            _sparse.Merge(other._sparse);
        }

        RowCount += other.RowCount;
        _snapshot = null;
    }

    // The largest count when all of them were last looked at, and the rows there were then. With channels a row has many values of a feature, but
    // not more than an array holds: so it takes many rows until they must be looked at again, and not each of many merged batches pays for it.
    private long _largestCountThen;
    private long _rowCountThen;

    private void CheckCounts(FeatureMoments other)
    {
        long rowCount = Counts.Add(RowCount, other.RowCount, nameof(RowCount));
        if (rowCount - _rowCountThen <= (Counts.Largest - _largestCountThen) / int.MaxValue)
        {
            return;
        }

        long largest = 0;
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            largest = Math.Max(largest, Counts.Add((long)Total(feature).Count, (long)other.Total(feature).Count, nameof(Count), feature));
            largest = Math.Max(largest, Counts.Add((long)_sums.MissingOf(feature), (long)other._sums.MissingOf(feature), nameof(MissingCount), feature));
            largest = Math.Max(largest, Counts.Add((long)_sums.InfiniteOf(feature), (long)other._sums.InfiniteOf(feature), nameof(InfiniteCount), feature));
        }

        (_largestCountThen, _rowCountThen) = (largest, rowCount);
    }

    /// <summary>
    /// Moments per channel of rows that are arrays: features that share an index on one axis are taken together, as batch normalization
    /// does for images (mean and variance of each colour over all pixels).
    /// </summary>
    /// <param name="dimensions">The dimensions of a row, row-major: their product is <see cref="FeatureCount"/>.</param>
    /// <param name="channelAxis">Zero-based index of the axis that stays.</param>
    /// <returns>
    /// Moments of <c>dimensions[channelAxis]</c> features. <see cref="RowCount"/> still counts rows, <see cref="Count"/> values;
    /// <see cref="FirstInfinity"/> names the channel.
    /// </returns>
    /// <exception cref="ArgumentException">The product of <paramref name="dimensions"/> is not <see cref="FeatureCount"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="channelAxis"/> is not an axis.</exception>
    public FeatureMoments CollapseToChannels(ReadOnlySpan<int> dimensions, int channelAxis)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(channelAxis);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(channelAxis, dimensions.Length);
        long product = 1;
        foreach (int dimension in dimensions)
        {
            product = dimension < 1 ? 0 : Math.Min(product * dimension, int.MaxValue);
        }

        if (product != FeatureCount)
        {
            throw new ArgumentException(
                $"Expected dimensions with product {FeatureCount}, the number of features, and found [{string.Join(", ", dimensions.ToArray())}].",
                nameof(dimensions));
        }

        int stride = 1;
        foreach (int dimension in dimensions[(channelAxis + 1)..])
        {
            stride *= dimension;
        }

        var channels = new FeatureMoments(dimensions[channelAxis]);
        CollapseTo(channels, stride);
        return channels;
    }

    /// <summary>Makes given moments those of the channels; channel of a feature: its index over the stride, modulo their number.</summary>
    internal void CollapseTo(FeatureMoments channels, int stride)
    {
        channels.Reset();
        channels.RowCount = RowCount;
        int channelCount = channels.FeatureCount;
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            int channel = feature / stride % channelCount;
            channels._sums.Merge(channel, _sums, feature);
            channels._sums.AddZeros(channel, _sparse?.Zeros(feature) ?? default);
        }

        if (_magnified is not null)
        {
            channels._magnified = channels.Magnified();
            _magnified.CollapseTo(channels._magnified, stride);
        }

        if (FirstInfinity is { } infinity)
        {
            channels.FirstInfinity = infinity with { Feature = infinity.Feature / stride % channelCount };
        }
    }
}
