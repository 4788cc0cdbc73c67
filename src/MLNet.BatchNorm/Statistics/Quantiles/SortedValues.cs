namespace MLNet.BatchNorm;

/// <summary>
/// The values of one feature in their order, with the running sums of their weights: what quantiles and ranks are read from. Value i is what
/// the feature has from sum i - 1 to sum i.
/// </summary>
/// <param name="values">Sorted.</param>
/// <param name="sums">The weight of all values up to each; null where all weigh 1.</param>
/// <param name="unit">The length over which a quantile is the average: 1, or the average weight of a row where that is less.</param>
internal sealed class SortedValues(double[] values, double[]? sums, double unit)
{
    public int Length => values.Length;

    private double Sum => sums is null ? values.Length : sums[^1];

    public double this[int place] => values[place];

    /// <summary>The share of the weight of the first values.</summary>
    public double ShareOfFirst(int count) => count == 0 ? 0 : (sums is null ? count : sums[count - 1]) / Sum;

    /// <summary>
    /// The average from p (W - unit) on, over a length of one unit: of values that weigh 1 each the linear interpolation between two
    /// neighbours, Hyndman and Fan's seventh definition, in the very operations of NumPy.
    /// </summary>
    public double Quantile(double probability)
    {
        if (values.Length == 0)
        {
            return double.NaN;
        }
        double start = probability * (Sum - unit);
        int first = sums is null ? Math.Min((int)start, values.Length - 1) : FirstBeyond(start);
        double rest = sums is null ? first + 1 : sums[first];
        double share = (start - (rest - unit)) / unit;
        if (first == values.Length - 1 || share <= 0)
        {
            return values[first];
        }
        return sums is null || sums[first + 1] >= rest + (share * unit)
            ? Between(values[first], values[first + 1], share)
            : Average(start, first);
    }

    /// <summary>The quantile at one half, where two values share the middle their plain average.</summary>
    public double Median()
    {
        if (sums is null && values.Length > 1 && values.Length % 2 == 0)
        {
            return Middle(values[(values.Length / 2) - 1], values[values.Length / 2]);
        }
        double start = 0.5 * (Sum - unit);
        if (sums is not null && FirstBeyond(start) is var first && first < values.Length - 1
            && sums[first] - start == 0.5 * unit && sums[first + 1] >= start + unit)
        {
            return Middle(values[first], values[first + 1]);
        }
        return Quantile(0.5);
    }

    /// <summary>The share of the weight of values up to a number, that number included or not.</summary>
    public double ShareUpTo(double value, bool isIncluded)
    {
        if (values.Length == 0)
        {
            return double.NaN;
        }
        return ShareOfFirst(CountUpTo(value, isIncluded));
    }

    private int CountUpTo(double value, bool isIncluded)
    {
        int low = 0;
        int high = values.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            bool isBelow = isIncluded ? values[middle] <= value : values[middle] < value;
            (low, high) = isBelow ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private int FirstBeyond(double sum)
    {
        int found = Array.BinarySearch(sums!, sum);
        int first = found < 0 ? ~found : found + 1;
        return Math.Min(first, values.Length - 1);
    }

    // Of weights less than a unit, more than two values make up one.
    private double Average(double start, int first)
    {
        double end = Math.Min(start + unit, Sum);
        double total = 0;
        double from = start;
        for (int i = first; i < values.Length && from < end; i++)
        {
            double to = Math.Min(sums![i], end);
            total += values[i] * (to - from);
            from = to;
        }
        return Math.Clamp(total / (end - start), values[first], values[^1]);
    }

    private static double Between(double low, double high, double share)
    {
        double difference = high - low;
        return double.IsInfinity(difference) ? (low * (1 - share)) + (high * share)
            : share < 0.5 ? low + (difference * share)
            : high - (difference * (1 - share));
    }

    private static double Middle(double low, double high) => double.IsInfinity(low + high) ? (low / 2) + (high / 2) : (low + high) / 2;
}
