namespace MLNet.BatchNorm;

/// <summary>Puts a share of the rows aside, at least one, chosen by the seed.</summary>
internal static class ValidationSplit
{
    public static (NetworkData Training, NetworkData Validation) Split(NetworkData data, double share, int seed)
    {
        int count = Math.Max(1, (int)Math.Round(share * data.RowCount));
        if (count >= data.RowCount)
        {
            throw new InvalidOperationException(
                $"A validation fraction of {share} leaves none of the {data.RowCount} row(s) to train on. Give more rows, or a smaller fraction.");
        }

        int[] order = [.. Enumerable.Range(0, data.RowCount)];
        new Random(unchecked(seed + 0x7A11D)).Shuffle(order);
        return (data.Select(order.AsSpan(count)), data.Select(order.AsSpan(0, count)));
    }
}
