using Xunit.Abstractions;

namespace MLNet.BatchNorm.Tests.Statistics.Quantiles;

/// <summary>
/// The error of ranks beyond the values that are kept: the share of all values below a result, against the share that was asked for. At the
/// default size it is promised to be less than 0.5% with a probability of 99%.
/// </summary>
public class QuantileErrorTests(ITestOutputHelper output)
{
    private const double Promised = 0.005;

    private static readonly double[] Probabilities = [0.01, 0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95, 0.99];

    public static TheoryData<string, int> Cases => new()
    {
        { "random", 11_000 },
        { "random", 22_000 },
        { "random", 45_000 },
        { "random", 150_000 },
        { "random", 600_000 },
        { "sorted", 60_000 },
        { "descending", 60_000 },
        { "alternating", 60_000 },
        { "repeating", 60_000 },
        { "missing", 60_000 },
        { "weighted", 60_000 },
        { "sparse", 60_000 },
        { "merged", 60_000 },
        { "merged unevenly", 60_000 },
        { "small", 60_000 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_a_hundred_ranks_one_is_off_by_half_a_percent_at_most(string order, int count)
    {
        const int Features = 32;
        // Each value is its own rank, so that the error of a result can be read off. A smaller sketch errs more, in proportion.
        int size = order == "small" ? 1024 : FeatureQuantiles.DefaultSize;
        double scale = (double)size / FeatureQuantiles.DefaultSize;
        var quantiles = Add(order, count, Features, size);

        var errors = new List<double>();
        for (int feature = 0; feature < Features; feature++)
        {
            quantiles.IsExact(feature).Should().BeFalse();
            quantiles.Minimum[feature].Should().Be(0);
            quantiles.Maximum[feature].Should().Be(count - 1);
            foreach (double probability in Probabilities)
            {
                errors.Add((TrueShare(order, quantiles.Quantile(feature, probability), count) - probability) * scale);
                double rank = Math.Floor(probability * count);
                errors.Add((quantiles.ShareAtMost(feature, rank) - TrueShare(order, rank + 1, count)) * scale);
            }
        }
        double deviation = Math.Sqrt(errors.Average(error => error * error));
        double[] sizes = [.. errors.Select(Math.Abs).Order()];
        output.WriteLine($"{order}, {count}: standard error {deviation:P3}, 99% {sizes[(int)(0.99 * sizes.Length)]:P3}, largest {sizes[^1]:P3}");
        sizes.Count(error => error > Promised).Should().BeLessThanOrEqualTo(sizes.Length / 100);
        // Off to neither side.
        Math.Abs(errors.Average()).Should().BeLessThan(0.001);
        int numbersPerValue = order == "weighted" ? 2 : 1;
        quantiles.ToBytes().Length.Should().BeLessThan(Features * (size + 256) * numbersPerValue * sizeof(double));
    }

    /// <summary>The share below a result; weights grow with the rank where there are some.</summary>
    private static double TrueShare(string order, double value, int count) =>
        order == "weighted" ? value * (value + 1) / ((double)count * (count + 1)) : value / count;

    private static FeatureQuantiles Add(string order, int count, int features, int size)
    {
        var quantiles = new FeatureQuantiles(features, size, seed: count);
        int[] ranks = [.. Enumerable.Range(0, count)];
        switch (order)
        {
            case "descending":
                Array.Reverse(ranks);
                break;
            case "alternating":
                ranks = [.. ranks.Select(i => i % 2 == 0 ? i / 2 : count - 1 - (i / 2))];
                break;
            case "repeating":
                // A stride that returns to its start: each block of rows looks like the others.
                ranks = [.. ranks.Select(i => (int)((i * 997L) % count))];
                break;
            case "sorted":
                break;
            default:
                new Random(count).Shuffle(ranks);
                break;
        }
        var row = new double[features];
        var part = new FeatureQuantiles(features, size, seed: 1);
        int parts = 1;
        for (int i = 0; i < count; i++)
        {
            row.AsSpan().Fill(ranks[i]);
            switch (order)
            {
                case "missing":
                    quantiles.Add<double>(row);
                    if (i % 50 == 0)
                    {
                        row.AsSpan().Fill(double.NaN);
                        quantiles.Add<double>(row);
                    }
                    break;
                case "weighted":
                    quantiles.Add<double>(row, 0.001 * (ranks[i] + 1));
                    break;
                case "sparse":
                    // The zero is not given.
                    quantiles.AddSparse<double>(ranks[i] == 0 ? [] : row, ranks[i] == 0 ? [] : [.. Enumerable.Range(0, features)]);
                    break;
                case "merged" or "merged unevenly":
                    part.Add<double>(row);
                    if (i % (order == "merged" ? 3000 : parts * 500) == 0)
                    {
                        quantiles.Merge(part);
                        part = new FeatureQuantiles(features, size, ++parts);
                    }
                    break;
                default:
                    quantiles.Add<double>(row);
                    break;
            }
        }
        quantiles.Merge(part);
        return quantiles;
    }
}
