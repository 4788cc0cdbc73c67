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

    /// <summary>What <see cref="WeightSum"/>, rounded, lacks: beside a weight of 1e16, one of 1 must not be lost.</summary>
    public double WeightRemainder { get; set; }

    /// <summary>Per feature, the number of sparse rows of positive weight that gave it a value, missing and infinite ones included.</summary>
    public double[] GivenCount { get; private init; } = new double[featureCount];

    public double[] GivenWeight { get; private init; } = new double[featureCount];

    /// <summary>What <see cref="GivenWeight"/>, rounded, lacks.</summary>
    public double[] GivenWeightRemainder { get; private init; } = new double[featureCount];

    public SparseTally Clone() => new(GivenCount.Length)
    {
        RowCount = RowCount,
        WeightSum = WeightSum,
        WeightRemainder = WeightRemainder,
        GivenCount = [.. GivenCount],
        GivenWeight = [.. GivenWeight],
        GivenWeightRemainder = [.. GivenWeightRemainder],
    };

    /// <summary>What the weights per feature lack, and behind them what their sum lacks; none where nothing lacks anything.</summary>
    public double[] Remainders() =>
        WeightRemainder == 0 && !GivenWeightRemainder.AsSpan().ContainsAnyExcept(0) ? [] : [.. GivenWeightRemainder, WeightRemainder];

    /// <summary>Takes over what <see cref="Remainders"/> gave.</summary>
    public void Restore(double[] remainders)
    {
        if (remainders.Length > 0)
        {
            remainders.AsSpan(0, remainders.Length - 1).CopyTo(GivenWeightRemainder);
            WeightRemainder = remainders[^1];
        }
    }

    /// <summary>Forgets all rows.</summary>
    public void Reset()
    {
        RowCount = 0;
        WeightSum = 0;
        WeightRemainder = 0;
        GivenCount.AsSpan().Clear();
        GivenWeight.AsSpan().Clear();
        GivenWeightRemainder.AsSpan().Clear();
    }

    /// <summary>Counts one row of positive weight that gives the features of these indices a value.</summary>
    public void Count(ReadOnlySpan<int> indices, double weight)
    {
        RowCount++;
        (WeightSum, WeightRemainder) = Add(WeightSum, WeightRemainder, weight);
        foreach (int feature in indices)
        {
            GivenCount[feature]++;
            (GivenWeight[feature], GivenWeightRemainder[feature]) = Add(GivenWeight[feature], GivenWeightRemainder[feature], weight);
        }
    }

    /// <summary>Adds one row of positive weight; returns the first feature that is infinite in it, or -1.</summary>
    public int Add<T>(MomentSums sums, ReadOnlySpan<T> values, ReadOnlySpan<int> indices, double weight)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Count(indices, weight);
        int firstInfinite = -1;
        for (int i = 0; i < values.Length; i++)
        {
            int feature = indices[i];
            double x = RowLoad.Widen(values[i]);
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
        double weight = WeightSum - GivenWeight[feature] + (WeightRemainder - GivenWeightRemainder[feature]);
        return count > 0 ? WeightedMoments.Zeros(count, Math.Max(0, weight)) : default;
    }

    public void Merge(SparseTally other)
    {
        RowCount += other.RowCount;
        (WeightSum, WeightRemainder) = Add(WeightSum, WeightRemainder + other.WeightRemainder, other.WeightSum);
        for (int feature = 0; feature < GivenCount.Length; feature++)
        {
            GivenCount[feature] += other.GivenCount[feature];
            (GivenWeight[feature], GivenWeightRemainder[feature]) = Add(
                GivenWeight[feature], GivenWeightRemainder[feature] + other.GivenWeightRemainder[feature], other.GivenWeight[feature]);
        }
    }

    /// <summary>A sum, and what it lacks: Knuth's TwoSum.</summary>
    private static (double Sum, double Remainder) Add(double sum, double remainder, double added)
    {
        double result = sum + added;
        double part = result - sum;
        double error = sum - (result - part) + (added - part);
        return (result, remainder + (double.IsFinite(error) ? error : 0));
    }
}
