using System.Globalization;
using System.Text;

namespace MLNet.BatchNorm;

/// <summary>The options that every estimator of this library shares.</summary>
/// <remarks>
/// Options are immutable records: change one with a <c>with</c> expression. Two options are equal when they would give the same result
/// on the same data; <see cref="MaxDegreeOfParallelism"/>, <see cref="CancellationToken"/> and <see cref="Progress"/> do not count in
/// that, and are not saved with a model.
/// </remarks>
public abstract record ScalingOptions
{
    private protected ScalingOptions()
    {
    }

    /// <summary>What a fit does when it meets an infinite value.</summary>
    /// <value>Default: <see cref="InfinityPolicy.Throw"/>.</value>
    public InfinityPolicy Infinity { get; init; } = InfinityPolicy.Throw;

    /// <summary>
    /// For vector columns with dimensions: the axis whose index is the channel. All values of one channel, over the other axes and
    /// over the rows, share one set of statistics, one scale and one offset: 0 for images of dimensions <c>[channels, height, width]</c>,
    /// 2 or -1 for <c>[height, width, channels]</c>. Negative values count from the last axis.
    /// </summary>
    /// <value>Default: <see langword="null"/>; each slot of the vector is a feature of its own.</value>
    public int? ChannelAxis { get; init; }

    /// <summary>
    /// Whether a fit keeps quantiles of each feature as well (<see cref="FeatureQuantiles"/>), so that drift is measured in the whole shape of
    /// a distribution and not in its mean and variance alone. <c>RobustScale</c> keeps them in any case.
    /// </summary>
    /// <value>Default: <see langword="false"/>; it costs time, some 10 ns per value, and memory: <see cref="QuantileSize"/>.</value>
    public bool TrackQuantiles { get; init; }

    /// <summary>
    /// How many values of each feature the quantiles keep, 128 to 16,777,216, at 8 to 12 bytes each: up to so many quantiles are exact; beyond,
    /// the share of values below one is off by 0.5% with a probability of 1% at the default, and in inverse proportion to the size.
    /// </summary>
    /// <value>Default: 10,240.</value>
    public int QuantileSize { get; init; } = FeatureQuantiles.DefaultSize;

    /// <summary>
    /// How many threads a fit may read the data with, as many as the data view has cursors for. Sums are then merged per cursor: they
    /// differ from those of one thread by rounding, about 1e-15 of the values, and may differ from run to run, as a data view may
    /// deal its rows to cursors as it likes. With one thread, the same data give the same bits. Batch normalization reads its batches
    /// in order, on one thread always.
    /// </summary>
    /// <value>Default: 1.</value>
    public int MaxDegreeOfParallelism { get; init; } = 1;

    /// <summary>Cancels a running fit, which then throws an <see cref="OperationCanceledException"/>.</summary>
    /// <value>Default: <see cref="CancellationToken.None"/>.</value>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Is told how far a running fit has come: now and then while it reads rows, and once at the end.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public IProgress<FitProgress>? Progress { get; init; }

    /// <summary>Whether quantiles are kept, asked for or needed.</summary>
    internal virtual bool KeepsQuantiles => TrackQuantiles;

    /// <summary>The column of row weights, of scalings that know weights.</summary>
    internal virtual string? WeightColumn => null;

    /// <summary>In words, the statistics that the options give, so that there is nothing to fit; <see langword="null"/> where they are fitted.</summary>
    internal virtual string? GivenStatistics => null;

    /// <summary>Whether <paramref name="other"/> is of the same type and would give the same result on the same data.</summary>
    /// <param name="other">The options to compare with.</param>
    public virtual bool Equals(ScalingOptions? other) =>
        other is not null && EqualityContract == other.EqualityContract && Infinity == other.Infinity && ChannelAxis == other.ChannelAxis
        && KeepsQuantiles == other.KeepsQuantiles && (!KeepsQuantiles || QuantileSize == other.QuantileSize);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, Infinity, ChannelAxis);

    /// <summary>Prints what counts in <see cref="Equals(ScalingOptions)"/>, for <see cref="object.ToString"/>.</summary>
    /// <param name="builder">Receives the text.</param>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Append(CultureInfo.InvariantCulture, $"{nameof(Infinity)} = {Infinity}, {nameof(ChannelAxis)} = {ChannelAxis}");
        if (KeepsQuantiles)
        {
            builder.Append(CultureInfo.InvariantCulture, $", {nameof(TrackQuantiles)} = {TrackQuantiles}, {nameof(QuantileSize)} = {QuantileSize}");
        }
        return true;
    }

    /// <summary>Whether given statistics are a beginning, from which an update goes on.</summary>
    internal virtual bool UpdatesGivenStatistics => false;

    /// <summary>Two options that only make sense together: both given, or neither.</summary>
    private protected static void RequireBoth(FeatureValues? one, string name, FeatureValues? other, string otherName)
    {
        if (one is null != other is null)
        {
            throw new ArgumentException(
                $"{name} and {otherName} are given together, or neither is, to have both found by the fit; found {(one is null ? otherName : name)} alone.",
                one is null ? name : otherName);
        }
    }

    /// <summary>Refuses a number below a limit.</summary>
    private protected static void RequireAtLeast(FeatureValues? values, double least, string name)
    {
        if (values is not null && values.Values.Min() is var smallest && smallest < least)
        {
            throw new ArgumentOutOfRangeException(name, smallest, $"Expected numbers of {least:R} or more.");
        }
    }

    internal virtual void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDegreeOfParallelism, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(QuantileSize, FeatureQuantiles.SmallestSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(QuantileSize, FeatureQuantiles.LargestSize);
        if (!Enum.IsDefined(Infinity))
        {
            throw new ArgumentOutOfRangeException(nameof(Infinity), Infinity, $"Expected a value of {nameof(InfinityPolicy)}.");
        }
    }
}
