using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MLNet.BatchNorm;

/// <summary>What <see cref="FeatureMoments"/> shows of its sums at one moment.</summary>
internal sealed class MomentSnapshot
{
    public MomentSnapshot(MomentSums sums, SparseTally? sparse, Func<int, WeightedMoments?> magnified, double magnification)
    {
        int featureCount = sums.FeatureCount;
        var totals = new WeightedMoments[featureCount];
        var populationDeviation = new double[featureCount];
        var sampleDeviation = new double[featureCount];
        var minimum = new double[featureCount];
        var maximum = new double[featureCount];
        for (int feature = 0; feature < featureCount; feature++)
        {
            WeightedMoments zeros = sparse?.Zeros(feature) ?? default;
            WeightedMoments total = WeightedMoments.Combine(sums.Total(feature), zeros);
            (populationDeviation[feature], sampleDeviation[feature]) = (Math.Sqrt(total.PopulationVariance), Math.Sqrt(total.SampleVariance));
            if (magnified(feature) is { } large)
            {
                // Its squares may be no doubles, and its deviations are.
                total = total with { SquaredDeviations = large.SquaredDeviations / magnification / magnification };
                populationDeviation[feature] = Math.Sqrt(large.PopulationVariance) / magnification;
                sampleDeviation[feature] = Math.Sqrt(large.SampleVariance) / magnification;
            }

            totals[feature] = total;
            bool hasZeros = zeros.Count > 0;
            minimum[feature] = total.Count == 0 ? double.NaN : hasZeros ? Math.Min(0, sums.MinimumOf(feature)) : sums.MinimumOf(feature);
            maximum[feature] = total.Count == 0 ? double.NaN : hasZeros ? Math.Max(0, sums.MaximumOf(feature)) : sums.MaximumOf(feature);
        }

        Totals = totals;
        Minimum = ImmutableCollectionsMarshal.AsImmutableArray(minimum);
        Maximum = ImmutableCollectionsMarshal.AsImmutableArray(maximum);
        Count = [.. totals.Select(total => (long)total.Count)];
        MissingCount = [.. Enumerable.Range(0, featureCount).Select(feature => (long)sums.MissingOf(feature))];
        InfiniteCount = [.. Enumerable.Range(0, featureCount).Select(feature => (long)sums.InfiniteOf(feature))];
        WeightSum = [.. totals.Select(total => total.Weight)];
        Mean = [.. totals.Select(total => total.Mean)];
        PopulationVariance = [.. totals.Select(total => total.PopulationVariance)];
        SampleVariance = [.. totals.Select(total => total.SampleVariance)];
        PopulationStandardDeviation = ImmutableCollectionsMarshal.AsImmutableArray(populationDeviation);
        SampleStandardDeviation = ImmutableCollectionsMarshal.AsImmutableArray(sampleDeviation);
    }

    /// <summary>Per feature, the moments of all values, zeros of sparse rows included.</summary>
    public WeightedMoments[] Totals { get; }

    public ImmutableArray<long> Count { get; }

    public ImmutableArray<long> MissingCount { get; }

    public ImmutableArray<long> InfiniteCount { get; }

    public ImmutableArray<double> WeightSum { get; }

    public ImmutableArray<double> Mean { get; }

    public ImmutableArray<double> PopulationVariance { get; }

    public ImmutableArray<double> SampleVariance { get; }

    public ImmutableArray<double> PopulationStandardDeviation { get; }

    public ImmutableArray<double> SampleStandardDeviation { get; }

    public ImmutableArray<double> Minimum { get; }

    public ImmutableArray<double> Maximum { get; }
}
