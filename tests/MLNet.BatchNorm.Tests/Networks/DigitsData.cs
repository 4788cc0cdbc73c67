using System.Globalization;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>The digits, pixels / 16, in a training part and a test part of a fifth, as the seed splits them.</summary>
internal static class DigitsData
{
    private static readonly Lazy<NetworkData> All = new(Load);

    public static (NetworkData Training, NetworkData Test) Split(int seed)
    {
        int[] order = [.. Enumerable.Range(0, All.Value.RowCount)];
        new Random(seed).Shuffle(order);
        int testCount = order.Length / 5;
        return (All.Value.Select(order.AsSpan(testCount)), All.Value.Select(order.AsSpan(0, testCount)));
    }

    private static NetworkData Load()
    {
        float[][] rows =
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "digits.csv")).Skip(1)
                .Select(line => line.Split(',').Select(field => float.Parse(field, CultureInfo.InvariantCulture)).ToArray()),
        ];
        return new NetworkData([.. rows.SelectMany(row => row.SkipLast(1).Select(pixel => pixel / 16))], 64, [.. rows.Select(row => row[^1])], null);
    }
}
