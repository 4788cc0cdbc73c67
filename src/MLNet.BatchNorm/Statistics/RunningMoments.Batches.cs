using System.Runtime.Intrinsics;

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
    /// <param name="mean">Scratch memory, as long as the table's columns.</param>
    /// <param name="variance">Scratch memory, as long as the table's columns.</param>
    internal void Update(MomentTable batch, double[] mean, double[] variance)
    {
        bool isSample = VarianceEstimator == VarianceEstimator.Sample;
        Vector256<double> nan = Vector256.Create(double.NaN);
        Vector256<double> two = Vector256.Create(2.0);
        for (int feature = 0; feature < mean.Length; feature += Vector256<double>.Count)
        {
            Vector256<double> means = Vector256.LoadUnsafe(ref batch.Origin[0], (nuint)feature) + Vector256.LoadUnsafe(ref batch.Offset[0], (nuint)feature);
            Vector256<double> hasTwo = Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref batch.Count[0], (nuint)feature), two);
            Vector256<double> weight = Vector256.LoadUnsafe(ref batch.Weight[0], (nuint)feature);
            Vector256<double> divisor = isSample ? weight - Vector256<double>.One : weight;
            Vector256.ConditionalSelect(hasTwo, means, nan).StoreUnsafe(ref mean[0], (nuint)feature);
            (Vector256.LoadUnsafe(ref batch.SquaredDeviations[0], (nuint)feature) / divisor).StoreUnsafe(ref variance[0], (nuint)feature);
        }

        Update(mean.AsSpan(0, FeatureCount), variance.AsSpan(0, FeatureCount));
    }

    /// <summary>Adds the batches of other plain averages: up to rounding the same, in whatever order batches came.</summary>
    /// <param name="other">A plain average of the same kind over the same features.</param>
    internal void Merge(RunningMoments other)
    {
        if (Momentum is not null || other.Momentum is not null || other.VarianceEstimator != VarianceEstimator || other.FeatureCount != FeatureCount)
        {
            throw new ArgumentException("Only plain averages (momentum null) of the same kind over the same features can be merged.", nameof(other));
        }

        BatchCount = Counts.Add(BatchCount, other.BatchCount, nameof(BatchCount));
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
    }
}
