using System.Globalization;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>The digits, pixels / 16, in a training part and a test part of a fifth, split by a fixed seed.</summary>
internal static class DigitsData
{
    private static readonly Lazy<(NetworkData Training, NetworkData Test)> Split = new(Load);

    public static NetworkData Training => Split.Value.Training;

    public static NetworkData Test => Split.Value.Test;

    private static (NetworkData Training, NetworkData Test) Load()
    {
        float[][] rows =
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "digits.csv")).Skip(1)
                .Select(line => line.Split(',').Select(field => float.Parse(field, CultureInfo.InvariantCulture)).ToArray()),
        ];
        var data = new NetworkData([.. rows.SelectMany(row => row.SkipLast(1).Select(pixel => pixel / 16))], 64, [.. rows.Select(row => row[^1])], null);
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        new Random(0).Shuffle(order);
        int testCount = rows.Length / 5;
        return (data.Select(order.AsSpan(testCount)), data.Select(order.AsSpan(0, testCount)));
    }
}
