using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>
/// What a fit keeps of its batches besides the running statistics: per feature how much the values vary within batches, and which rows
/// made no batch.
/// </summary>
/// <remarks>Within-batch sums are of the first epoch only, like the pooled statistics: each row counts once.</remarks>
internal sealed class BatchTally(int featureCount)
{
    /// <summary>Per feature, the batches that had a value of it, left-out ones included.</summary>
    public long[] GroupCount { get; private init; } = new long[featureCount];

    /// <summary>Per feature, the sum over batches of the squared deviations from the batch's mean.</summary>
    public double[] SquaredDeviations { get; private init; } = new double[featureCount];

    /// <summary>Batches left out of the running statistics, over all epochs.</summary>
    public long LeftOutBatchCount { get; private set; }

    /// <summary>Rows of those batches.</summary>
    public long LeftOutRowCount { get; private set; }

    /// <summary>How precisely the running statistics know the data.</summary>
    public RunningPrecision Precision { get; private init; } = new(featureCount);

    public static BatchTally FromState(
        long[] groupCount, double[] squaredDeviations, RunningPrecision precision, long leftOutBatchCount, long leftOutRowCount) =>
        new(0)
        {
            GroupCount = groupCount,
            SquaredDeviations = squaredDeviations,
            Precision = precision,
            LeftOutBatchCount = leftOutBatchCount,
            LeftOutRowCount = leftOutRowCount,
        };

    /// <summary>Of all rows in one batch, and the running statistics that were made of it.</summary>
    public static BatchTally OfOneBatch(FeatureMoments batch, RunningMoments running)
    {
        var counts = batch.Count;
        return FromState(
            [.. counts.Select(count => count > 0 ? 1L : 0)],
            [.. Enumerable.Range(0, batch.FeatureCount).Select(feature => batch.Total(feature).SquaredDeviations)],
            RunningPrecision.OfEqualBatches([.. counts.Select(count => (double)count)], running),
            leftOutBatchCount: 0,
            leftOutRowCount: 0);
    }

    public BatchTally Clone() => FromState([.. GroupCount], [.. SquaredDeviations], Precision.Clone(), LeftOutBatchCount, LeftOutRowCount);

    public void Add(MomentTable batch)
    {
        for (int feature = 0; feature < GroupCount.Length; feature++)
        {
            GroupCount[feature] += batch.Count[feature] > 0 ? 1 : 0;
            SquaredDeviations[feature] += batch.SquaredDeviations[feature];
        }
    }

    public void LeaveOut(long rowCount)
    {
        LeftOutBatchCount++;
        LeftOutRowCount += rowCount;
    }

    /// <summary>Takes in what another fit kept, whose running statistics are plain averages as well.</summary>
    /// <param name="other">Of the same features.</param>
    /// <param name="otherUpdates">Per feature, the batches in the other's running statistics.</param>
    /// <param name="updates">Per feature, those in the merged ones.</param>
    public void Merge(BatchTally other, ImmutableArray<long> otherUpdates, ImmutableArray<long> updates)
    {
        for (int feature = 0; feature < GroupCount.Length; feature++)
        {
            GroupCount[feature] = Counts.Add(GroupCount[feature], other.GroupCount[feature], nameof(GroupCount));
            SquaredDeviations[feature] += other.SquaredDeviations[feature];
            if (otherUpdates[feature] > 0)
            {
                Precision.Merge(other.Precision, feature, (double)otherUpdates[feature] / updates[feature]);
            }
        }
        LeftOutBatchCount = Counts.Add(LeftOutBatchCount, other.LeftOutBatchCount, nameof(LeftOutBatchCount));
        LeftOutRowCount = Counts.Add(LeftOutRowCount, other.LeftOutRowCount, nameof(LeftOutRowCount));
    }
}
