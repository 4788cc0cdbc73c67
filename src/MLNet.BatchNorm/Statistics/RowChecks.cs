namespace MLNet.BatchNorm;

/// <summary>What rows must be like to be added to statistics of so many features.</summary>
internal static class RowChecks
{
    public static void Length(int length, int rowCount, int featureCount)
    {
        if (length != (long)rowCount * featureCount)
        {
            throw new ArgumentException(
                $"Expected {rowCount} row(s) of {featureCount} feature(s), {(long)rowCount * featureCount} values in all, and found {length} values.");
        }
    }

    public static void Indices(ReadOnlySpan<int> indices, int valueCount, int featureCount)
    {
        if (valueCount != indices.Length)
        {
            throw new ArgumentException($"Expected one index per value, and found {valueCount} value(s) and {indices.Length} indices.");
        }

        int previous = -1;
        foreach (int index in indices)
        {
            if (index <= previous || index >= featureCount)
            {
                throw new ArgumentException(
                    $"Expected strictly increasing indices from 0 to {featureCount - 1}, and found {index} after {previous}.", nameof(indices));
            }

            previous = index;
        }
    }

    /// <param name="weights">One per row, or none.</param>
    /// <param name="rowCount">The rows.</param>
    /// <param name="firstRow">What the first of them is called in messages.</param>
    public static void Weights(ReadOnlySpan<double> weights, int rowCount, long firstRow)
    {
        if (!weights.IsEmpty && weights.Length != rowCount)
        {
            throw new ArgumentException($"Expected one weight per row, {rowCount}, and found {weights.Length}.", nameof(weights));
        }

        for (int row = 0; row < weights.Length; row++)
        {
            Weight(weights[row], firstRow + row);
        }
    }

    public static void Weight(double weight, long row)
    {
        if (!(weight >= 0 && double.IsFinite(weight)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(weight), weight, $"The weight of row {row} must be finite and not negative. Remove the row or give it weight 0.");
        }
    }
}
