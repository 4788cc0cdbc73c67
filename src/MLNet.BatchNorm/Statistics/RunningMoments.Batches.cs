namespace MLNet.BatchNorm;

public sealed partial class RunningMoments
{
    /// <summary>Running moments in the same state, which go on independently.</summary>
    internal RunningMoments Clone() => FromState(ExportState());

    /// <summary>
    /// Averages in a batch that streams by, without allocating. A feature with fewer than two values in it keeps its state: one value has
    /// no variance to average in.
    /// </summary>
    /// <param name="batch">The moments of the batch.</param>
    /// <param name="mean">Scratch memory, [features].</param>
    /// <param name="variance">Scratch memory, [features].</param>
    internal void Update(FeatureMoments batch, Span<double> mean, Span<double> variance)
    {
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            WeightedMoments moments = batch.Total(feature);
            mean[feature] = moments.Count < 2 ? double.NaN : moments.Mean;
            variance[feature] = VarianceKind == VarianceEstimator.Sample ? moments.SampleVariance : moments.PopulationVariance;
        }

        Update(mean, variance);
    }

    /// <summary>Adds the batches of other plain averages: up to rounding the same, in whatever order batches came.</summary>
    /// <param name="other">A plain average of the same kind over the same features.</param>
    internal void Merge(RunningMoments other)
    {
        if (Momentum is not null || other.Momentum is not null || other.VarianceKind != VarianceKind || other.FeatureCount != FeatureCount)
        {
            throw new ArgumentException("Only plain averages (momentum null) of the same kind over the same features can be merged.", nameof(other));
        }

        for (int feature = 0; feature < FeatureCount; feature++)
        {
            if (other._updates[feature] == 0)
            {
                continue;
            }

            _updates[feature] += other._updates[feature];
            double share = (double)other._updates[feature] / _updates[feature];
            _mean[feature] = Blend(_mean[feature], other._mean[feature], share);
            _variance[feature] = Blend(_variance[feature], other._variance[feature], share);
            _weight[feature] = Blend(_weight[feature], other._weight[feature], share);
        }

        BatchCount += other.BatchCount;
    }
}
