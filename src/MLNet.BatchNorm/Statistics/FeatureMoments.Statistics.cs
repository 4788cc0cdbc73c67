using System.Collections.Immutable;

namespace MLNet.BatchNorm;

public sealed partial class FeatureMoments
{
    /// <summary>Per feature, all of its statistics together; what <see cref="FromStatistics"/> takes back.</summary>
    public ImmutableArray<FeatureStatistics> Statistics =>
        [.. Enumerable.Range(0, FeatureCount).Select(feature => new FeatureStatistics
        {
            Count = Count[feature],
            MissingCount = MissingCount[feature],
            InfiniteCount = InfiniteCount[feature],
            WeightSum = WeightSum[feature],
            Mean = Mean[feature],
            MeanRemainder = MeanRemainder(feature),
            PopulationVariance = PopulationVariance[feature],
            SampleVariance = SampleVariance[feature],
            Minimum = Minimum[feature],
            Maximum = Maximum[feature],
            IsConstant = Count[feature] > 0 && IsConstant(feature),
        })];

    /// <summary>
    /// Moments of rows that were counted elsewhere: by a database, by another program, by another process. They are moments like any
    /// other: rows can be added, and other moments merged.
    /// </summary>
    /// <param name="statistics">
    /// Per feature, its statistics; copied. <see cref="FeatureStatistics.Count"/> 0 is a feature without a value, of which only the counts
    /// are read. With values, <see cref="FeatureStatistics.WeightSum"/> 0 stands for weight 1 each;
    /// <see cref="FeatureStatistics.PopulationVariance"/> is what counts, and <see cref="FeatureStatistics.SampleVariance"/>, where it is
    /// neither 0 nor NaN, must agree with it to a millionth. <see cref="FeatureStatistics.IsConstant"/> is not read: <see cref="IsConstant"/> decides anew.
    /// </param>
    /// <param name="rowCount">
    /// The number of rows, those of weight zero included.<value>The largest sum of a feature's counts of values, missing and infinite ones</value>
    /// </param>
    /// <remarks>
    /// <see cref="FirstInfinity"/> is null, as statistics do not tell rows; <see cref="InfiniteCount"/> says whether there were infinities.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// There is no feature, or a feature contradicts itself: a negative count or variance, a mean outside the range, a variance that values
    /// in the range cannot have. The message says which and how.
    /// </exception>
    public static FeatureMoments FromStatistics(IReadOnlyList<FeatureStatistics> statistics, long? rowCount = null)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        if (statistics.Count == 0)
        {
            throw new ArgumentException("Expected the statistics of at least one feature; found none.", nameof(statistics));
        }

        var totals = new FeatureTotals[statistics.Count];
        for (int feature = 0; feature < totals.Length; feature++)
        {
            totals[feature] = FeatureTotals.Of(statistics[feature]);
            if (FeatureTotals.Fault(statistics[feature]) is { } contradiction)
            {
                throw new ArgumentException($"The statistics of feature {feature} cannot be right: {contradiction}.", nameof(statistics));
            }
        }

        long rows = rowCount ?? FeatureTotals.LeastRowCount(totals);
        return FeatureTotals.Fault(totals, rows, null) is { } fault
            ? throw new ArgumentException($"The statistics cannot be right: {fault}.", nameof(statistics))
            : FromTotals(totals, rows, null);
    }

    /// <summary>Per feature, everything in few numbers. The rows under way are no longer told from those before.</summary>
    /// <exception cref="InvalidOperationException">A feature's sums have overflowed.</exception>
    internal FeatureTotals[] ToTotals()
    {
        MomentSnapshot snapshot = Snapshot;
        var totals = new FeatureTotals[FeatureCount];
        for (int feature = 0; feature < totals.Length; feature++)
        {
            WeightedMoments moments = snapshot.Totals[feature];
            if (!double.IsFinite(moments.SquaredDeviations) || !double.IsFinite(moments.Offset))
            {
                throw Overflowed(feature);
            }

            bool any = moments.Count > 0;
            totals[feature] = new FeatureTotals(
                snapshot.Count[feature],
                snapshot.MissingCount[feature],
                snapshot.InfiniteCount[feature],
                moments.Weight,
                any ? moments.Mean : 0,
                FeatureTotals.RemainderOf(moments),
                moments.SquaredDeviations,
                any ? snapshot.Minimum[feature] : 0,
                any ? snapshot.Maximum[feature] : 0);
        }

        return totals;
    }

    /// <summary>Moments of totals in which <see cref="FeatureTotals.Fault(FeatureTotals[], long, ValueLocation?)"/> finds no fault.</summary>
    internal static FeatureMoments FromTotals(FeatureTotals[] totals, long rowCount, ValueLocation? firstInfinity)
    {
        var moments = new FeatureMoments(totals.Length) { RowCount = rowCount, FirstInfinity = firstInfinity };
        MomentSums sums = moments._sums;
        for (int feature = 0; feature < totals.Length; feature++)
        {
            FeatureTotals total = totals[feature];
            sums.Missing[feature] = total.MissingCount;
            sums.Infinite[feature] = total.InfiniteCount;
            if (total.Count > 0)
            {
                sums.Folded[feature] = new WeightedMoments(
                    total.Count, total.WeightSum, total.Mean, total.MeanRemainder, total.SquaredDeviations);
                sums.Minimum[feature] = total.Minimum;
                sums.Maximum[feature] = total.Maximum;
            }
        }

        moments.RestoreMagnified([]);
        return moments;
    }

    /// <summary>What the mean of a feature, rounded to a double, lacks.</summary>
    internal double MeanRemainder(int feature) => FeatureTotals.RemainderOf(Snapshot.Totals[feature]);

    /// <summary>The first feature whose sums are beyond double, so that they cannot be saved.</summary>
    internal int? FirstOverflow
    {
        get
        {
            for (int feature = 0; feature < FeatureCount; feature++)
            {
                WeightedMoments total = _sums.Total(feature);
                if (!double.IsFinite(total.SquaredDeviations) || !double.IsFinite(total.Offset))
                {
                    return feature;
                }
            }
            return null;
        }
    }

    private InvalidOperationException Overflowed(int feature) => new(
        $"Feature {feature} has values so far apart, from {_sums.MinimumOf(feature)} to {_sums.MaximumOf(feature)}, that the squares of their differences overflow; scale it down before measuring it.");
}
