using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>
/// What sparse rows left unsaid: how many rows there were, and how many of them spoke of each feature. The rest are zeros, which are
/// counted in only when the moments are read.
/// </summary>
internal sealed class SparseTally(int featureCount)
{
    public double RowCount { get; set; }

    public double WeightSum { get; set; }

    /// <summary>Per feature, the number of sparse rows of positive weight that gave it a value, missing and infinite ones included.</summary>
    public double[] GivenCount { get; private init; } = new double[featureCount];

    public double[] GivenWeight { get; private init; } = new double[featureCount];

    public SparseTally Clone() => new(GivenCount.Length)
    {
        RowCount = RowCount,
        WeightSum = WeightSum,
        GivenCount = [.. GivenCount],
        GivenWeight = [.. GivenWeight],
    };

    /// <summary>Forgets all rows.</summary>
    public void Reset()
    {
        RowCount = 0;
        WeightSum = 0;
        GivenCount.AsSpan().Clear();
        GivenWeight.AsSpan().Clear();
    }

    /// <summary>Adds one row of positive weight; returns the first feature that is infinite in it, or -1.</summary>
    public int Add<T>(MomentSums sums, ReadOnlySpan<T> values, ReadOnlySpan<int> indices, double weight)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowCount++;
        WeightSum += weight;
        int firstInfinite = -1;
        for (int i = 0; i < values.Length; i++)
        {
            int feature = indices[i];
            double x = RowLoad.Widen(values[i]);
            GivenCount[feature]++;
            GivenWeight[feature] += weight;
            if (double.IsFinite(x))
            {
                sums.AddSparse(feature, x, weight);
            }
            else
            {
                sums.LeaveOut(feature, x);
                firstInfinite = firstInfinite < 0 && double.IsInfinity(x) ? feature : firstInfinite;
            }
        }

        return firstInfinite;
    }

    /// <summary>The moments of the zeros that the sparse rows implied for a feature.</summary>
    public WeightedMoments Zeros(int feature)
    {
        double count = RowCount - GivenCount[feature];
        // Weights that are not whole numbers may differ by a rounding error where every row gave the feature.
        return count > 0 ? WeightedMoments.Zeros(count, Math.Max(0, WeightSum - GivenWeight[feature])) : default;
    }

    public void Merge(SparseTally other)
    {
        RowCount += other.RowCount;
        WeightSum += other.WeightSum;
        for (int feature = 0; feature < GivenCount.Length; feature++)
        {
            GivenCount[feature] += other.GivenCount[feature];
            GivenWeight[feature] += other.GivenWeight[feature];
        }
    }
}
