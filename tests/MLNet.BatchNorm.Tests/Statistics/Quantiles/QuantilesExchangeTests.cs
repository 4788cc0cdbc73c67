using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics.Quantiles;

/// <summary>Quantiles as JSON and as bytes.</summary>
public class QuantilesExchangeTests
{
    private static readonly Dictionary<string, Func<FeatureQuantiles, FeatureQuantiles>> Ways = new()
    {
        ["json"] = quantiles => JsonSerializer.Deserialize<FeatureQuantiles>(JsonSerializer.Serialize(quantiles))!,
        ["bytes"] = quantiles => FeatureQuantiles.FromBytes(quantiles.ToBytes()),
    };

    public static TheoryData<string> AllWays => ["json", "bytes"];

    [Theory]
    [MemberData(nameof(AllWays))]
    public void What_comes_back_goes_on_as_if_it_had_never_been_away(string way) =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[0, 1500], Gen.Int[0, 1000], Gen.Bool).Sample(
            (width, rowCount, seed, isWeighted) =>
            {
                FeatureQuantiles stayed = Sample(width, rowCount, seed, isWeighted);

                FeatureQuantiles back = Ways[way](stayed);

                back.ToBytes().Should().Equal(stayed.ToBytes());
                back.Medians.Should().Equal(stayed.Medians);
                Enumerable.Range(0, width).Select(back.IsExact).Should().Equal(Enumerable.Range(0, width).Select(stayed.IsExact));
                Fill(stayed, 400, seed + 1, isWeighted);
                Fill(back, 400, seed + 1, isWeighted);
                back.Quantiles(0.3).Should().Equal(stayed.Quantiles(0.3));
                back.Count.Should().Equal(stayed.Count);
                back.MissingCount.Should().Equal(stayed.MissingCount);
                back.InfiniteCount.Should().Equal(stayed.InfiniteCount);
                back.Minimum.Should().Equal(stayed.Minimum);
                back.WeightSum.Should().Equal(stayed.WeightSum);
            },
            seed: "0000KOIPJ9j6",
            iter: 60);

    [Fact]
    public void Json_has_the_numbers_by_name()
    {
        var quantiles = new FeatureQuantiles(2, 128, seed: 5);
        quantiles.AddRows<double>([1, double.NaN, 2, double.PositiveInfinity], 2);

        JsonNode json = JsonNode.Parse(JsonSerializer.Serialize(quantiles))!;

        json["version"]!.GetValue<int>().Should().Be(1);
        json["size"]!.GetValue<int>().Should().Be(128);
        json["rows"]!.ToJsonString().Should().Be("""[1,"NaN",2,"Infinity"]""");
        json["features"]!.AsArray().Should().HaveCount(2);
        json["features"]![0]!["isExact"]!.GetValue<bool>().Should().BeTrue();
    }

    public static TheoryData<string, string, string> Damages => new()
    {
        { "version", "3", "*have version 3, and this one reads 1 to 2. Update MLNet.BatchNorm.*" },
        { "size", "5", "*cannot be right: their size is 5.*" },
        { "rows", "[1]", "*make no rows of 2 features*" },
        { "rowWeights", "[1]", "*0 rows under way have 1 weights*" },
        { "sparseRowCount", "-1", "*there are -1 sparse rows*" },
        { "sparseWeight", "3", "*0 sparse rows weigh 3*" },
        { "features", "[]", "*there are no features*" },
        { "features/0", "null", "*feature 0 is null*" },
        { "features/0/count", "-1", "*feature 0 counts less than nothing*" },
        { "features/0/count", "500", "*called exact, and has kept 256 of 500 values*" },
        { "features/0/isExact", "false", "" },
        { "features/0/givenCount", "1", "*sparse rows are said to give feature 0*" },
        { "features/0/givenWeight", "-1", "*sparse rows that give feature 0 weigh -1*" },
        { "features/0/weightSum", "0", "*values that weigh 0*" },
        { "features/0/minimum", "1e9", "*feature 0 goes from 1000000000 to*" },
        { "features/0/maximum", "0", "*goes from * to 0*" },
        { "features/0/levels", "[]", "*kept none of 256 values*" },
        { "features/0/levels/0", "null", "*levels of feature 0 are out of order*" },
        { "features/0/levels/0/exponent", "3", "*called exact, and has values for others*" },
        { "features/0/levels/0/exponent", "961", "*out of order*" },
        { "features/0/levels/0/values/0", "1e300", "*has a value of 1E+300*" },
        { "features/0/weights", "[1]", "*has 0 values with 1 weights*" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Json_that_contradicts_itself_is_refused(string path, string value, string message)
    {
        var quantiles = new FeatureQuantiles(2);
        quantiles.AddRows<double>(RandomData.Normal(1, 512, 10), 256);
        JsonNode json = JsonNode.Parse(JsonSerializer.Serialize(quantiles))!;
        string[] steps = path.Split('/');
        JsonNode parent = steps[..^1].Aggregate(json, (node, step) => node is JsonArray list ? list[int.Parse(step)]! : node[step]!);
        if (parent is JsonArray array)
        {
            array[int.Parse(steps[^1])] = JsonNode.Parse(value);
        }
        else
        {
            parent[steps[^1]] = JsonNode.Parse(value);
        }

        var read = FluentActions.Invoking(() => JsonSerializer.Deserialize<FeatureQuantiles>(json.ToJsonString()));
        if (message.Length == 0)
        {
            read.Should().NotThrow();
        }
        else
        {
            read.Should().Throw<JsonException>().WithMessage(message);
        }
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_hold_quantiles_that_work()
    {
        byte[] bytes = Sample(2, 700, 1, isWeighted: false).ToBytes();
        var random = new Random(1);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. bytes];
            int position = i < 200 ? i : random.Next(damaged.Length);
            damaged[position] ^= (byte)(1 << random.Next(8));
            if (i % 10 == 0)
            {
                damaged = damaged[..random.Next(damaged.Length)];
            }
            try
            {
                var quantiles = FeatureQuantiles.FromBytes(damaged);
                Fill(quantiles, 200, 2, isWeighted: false);
                _ = quantiles.Medians;
            }
            catch (InvalidDataException)
            {
                // What it should be.
            }
        }
        FluentActions.Invoking(() => FeatureQuantiles.FromBytes(new FeatureMoments(1).ToBytes())).Should().Throw<InvalidDataException>().WithMessage("*do not hold feature quantiles*");
        FluentActions.Invoking(() => FeatureQuantiles.FromBytes([.. bytes, 0])).Should().Throw<InvalidDataException>().WithMessage("*1 bytes are left over*");
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public void A_zero_of_weight_1_beside_a_weight_of_1e16_comes_back(string way)
    {
        var quantiles = new FeatureQuantiles(2);
        quantiles.AddSparse<double>([3], [0], weight: 1e16);
        quantiles.AddSparse<double>([3], [0], weight: 1);
        quantiles.AddSparse<double>([], [], weight: 2);

        FeatureQuantiles back = Ways[way](quantiles);

        back.ExportState().SparseWeightRemainder.Should().Be(1, "1e16 + 1 is rounded to 1e16, the even one of its neighbours, and 1e16 + 2 is a double");
        back.ToBytes().Should().Equal(quantiles.ToBytes());
        back.AddSparse<double>([], [], weight: 1);
        back.Count.Should().Equal(4, 4);
        back.Minimum.Should().Equal(0, 0);
        JsonNode.Parse(JsonSerializer.Serialize(quantiles))!["version"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public void Without_remainders_readers_of_version_1_can_read_it()
    {
        var quantiles = new FeatureQuantiles(2);
        quantiles.AddSparse<double>([3], [0], weight: 0.5);
        quantiles.AddSparse<double>([], [], weight: 2);

        JsonNode json = JsonNode.Parse(JsonSerializer.Serialize(quantiles))!;
        json["version"]!.GetValue<int>().Should().Be(1);
        json.ToJsonString().Should().NotContain("emainder");
        BitConverter.ToInt32(quantiles.ToBytes(), 4).Should().Be(1);
    }

    [Fact]
    public void Weights_that_are_no_double_together_are_not_saved()
    {
        var dense = new FeatureQuantiles(1);
        var sparse = new FeatureQuantiles(2);
        for (int i = 0; i < 130; i++)
        {
            dense.Add<double>([i], weight: 1e308);
        }
        sparse.AddSparse<double>([], [], weight: 1e308);
        sparse.AddSparse<double>([], [], weight: 1e308);

        foreach (FeatureQuantiles quantiles in (FeatureQuantiles[])[dense, sparse])
        {
            quantiles.Invoking(it => it.ToBytes()).Should().Throw<InvalidOperationException>().WithMessage("*weights is beyond the range of double*");
            quantiles.Invoking(it => JsonSerializer.Serialize(it)).Should().Throw<InvalidOperationException>().WithMessage("*beyond the range of double*");
            quantiles.Invoking(it => it.Medians).Should().Throw<InvalidOperationException>().WithMessage("*Divide the weights by a constant first.");
        }
    }

    // "FQUA", int: version; int: size; int: values of rows under way, those; int: weights, those; long: sparse rows; double: their weight; int: features;
    // 76 bytes of a feature; int: levels; int: values; int: weights.
    [Theory]
    [InlineData(8, 5, "their size is 5")]
    [InlineData(12, -1, "a list of -1 items of 8 bytes or more is announced, and 112 bytes are there")]
    [InlineData(12, 15, "a list of 15 items of 8 bytes or more is announced, and 112 bytes are there")]
    [InlineData(12, 14, "they end too early")]
    [InlineData(36, int.MaxValue, "a list of 2147483647 items of 88 bytes or more is announced, and 88 bytes are there")]
    [InlineData(36, 0, "88 bytes are left over")]
    [InlineData(116, 2, "a list of 2 items of 8 bytes or more is announced, and 8 bytes are there")]
    [InlineData(124, 1, "a list of 1 items of 8 bytes or more is announced, and 0 bytes are there")]
    public void Bytes_that_announce_what_is_not_there_are_refused(int position, int value, string fault)
    {
        byte[] bytes = new FeatureQuantiles(1).ToBytes();
        bytes.Should().HaveCount(128);
        BitConverter.TryWriteBytes(bytes.AsSpan(position), value);

        FluentActions.Invoking(() => FeatureQuantiles.FromBytes(bytes)).Should().Throw<InvalidDataException>()
            .WithMessage($"The bytes of the feature quantiles are damaged: {fault}.");
    }

    [Fact]
    public void Bytes_left_over_are_refused()
    {
        byte[] bytes = new FeatureQuantiles(1).ToBytes();

        FluentActions.Invoking(() => FeatureQuantiles.FromBytes([.. bytes, 1, 2, 3])).Should().Throw<InvalidDataException>()
            .WithMessage("The bytes of the feature quantiles are damaged: 3 bytes are left over.");
    }

    private static FeatureQuantiles Sample(int width, int rowCount, int seed, bool isWeighted)
    {
        var quantiles = new FeatureQuantiles(width, FeatureQuantiles.SmallestSize, seed);
        Fill(quantiles, rowCount, seed, isWeighted);
        return quantiles;
    }

    private static void Fill(FeatureQuantiles quantiles, int rowCount, int seed, bool isWeighted)
    {
        var random = new Random(seed);
        double[] values = RandomData.Normal(seed, rowCount * quantiles.FeatureCount);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.Next(60) switch { 0 => double.NaN, 1 => double.PositiveInfinity, _ => values[i] };
        }
        for (int row = 0; row < rowCount; row++)
        {
            double weight = isWeighted && row % 3 != 0 ? random.NextDouble() : 1;
            if (row % 7 == 6)
            {
                quantiles.AddSparse<double>(values.AsSpan(row * quantiles.FeatureCount, 1), [0], weight);
            }
            else
            {
                quantiles.Add<double>(values.AsSpan(row * quantiles.FeatureCount, quantiles.FeatureCount), weight);
            }
        }
    }
}
