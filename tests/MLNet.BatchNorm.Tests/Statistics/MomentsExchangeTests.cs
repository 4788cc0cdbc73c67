using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>Moments as JSON and as bytes.</summary>
public sealed class MomentsExchangeTests
{
    private static readonly Dictionary<string, Func<FeatureMoments, FeatureMoments>> Ways = new()
    {
        ["json"] = moments => JsonSerializer.Deserialize<FeatureMoments>(JsonSerializer.Serialize(moments))!,
        ["bytes"] = moments => FeatureMoments.FromBytes(moments.ToBytes()),
    };

    private static readonly Dictionary<string, Func<RunningMoments, RunningMoments>> RunningWays = new()
    {
        ["json"] = moments => JsonSerializer.Deserialize<RunningMoments>(JsonSerializer.Serialize(moments))!,
        ["bytes"] = moments => RunningMoments.FromBytes(moments.ToBytes()),
    };

    public static TheoryData<string> AllWays => ["json", "bytes"];

    [Theory]
    [MemberData(nameof(AllWays))]
    public void Feature_moments_come_back_to_the_bit(string way) =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[0, 700], Gen.Int[0, 1000], Gen.Bool).Sample(
            (width, rowCount, seed, isSparse) =>
            {
                FeatureMoments moments = Moments(width, rowCount, seed, isSparse);

                FeatureMoments back = Ways[way](moments);

                back.Statistics.Should().Equal(moments.Statistics);
                back.RowCount.Should().Be(moments.RowCount);
                back.FirstInfinity.Should().Be(moments.FirstInfinity);
                Ways[way](back).ToBytes().Should().Equal(back.ToBytes());
            },
            seed: "0000KOIPJ9j6",
            iter: 100);

    [Theory]
    [MemberData(nameof(AllWays))]
    public void Sixty_four_parts_that_traveled_merge_to_the_whole(string way)
    {
        const int Width = 5;
        double[] values = RandomData.Normal(5, Width * 64 * 300, 1e9, 1e-3);
        var whole = new FeatureMoments(Width);
        whole.AddRows<double>(values, values.Length / Width);

        var merged = new FeatureMoments(Width);
        foreach (double[] part in values.Chunk(Width * 300))
        {
            var moments = new FeatureMoments(Width);
            moments.AddRows<double>(part, 300);
            merged.Merge(Ways[way](moments));
        }

        merged.Mean.ShouldBeClose(whole.Mean, 1e-15);
        merged.PopulationVariance.ShouldBeClose(whole.PopulationVariance, 1e-12);
        merged.Minimum.Should().Equal(whole.Minimum);
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public void Running_moments_go_on_to_the_bit(string way)
    {
        foreach (double? momentum in new double?[] { 0.05, 1, null })
        {
            foreach (RunningStart start in Enum.GetValues<RunningStart>())
            {
                var running = new RunningMoments(3, momentum, VarianceEstimator.Sample, start);
                running.Update(Moments(3, 20, 1, isSparse: false));
                running.Update(Moments(3, 20, 2, isSparse: false));

                RunningMoments back = RunningWays[way](running);
                running.Update(Moments(3, 20, 3, isSparse: false));
                back.Update(Moments(3, 20, 3, isSparse: false));

                back.ExportState().Should().BeEquivalentTo(running.ExportState());
            }
        }
    }

    [Fact]
    public void The_JSON_is_what_the_documentation_says()
    {
        var moments = new FeatureMoments(2);
        moments.AddRows<double>([1, double.NaN, 3, double.NaN], 2);

        JsonSerializer.Serialize(moments).Should().Be(
            """{"version":1,"rowCount":2,"firstInfinity":null,"features":[{"count":2,"missingCount":0,"infiniteCount":0,"weightSum":2,"mean":2,"meanRemainder":0,"squaredDeviations":2,"minimum":1,"maximum":3},{"count":0,"missingCount":2,"infiniteCount":0,"weightSum":0,"mean":null,"meanRemainder":null,"squaredDeviations":null,"minimum":null,"maximum":null}]}""");
        JsonSerializer.Serialize(new RunningMoments(1, null)).Should().Be(
            """{"version":1,"momentum":null,"varianceEstimator":"Population","runningStart":"Debiased","batchCount":0,"features":[{"mean":0,"variance":1,"weight":0,"updateCount":0}]}""");
    }

    [Fact]
    public void Names_do_not_depend_on_the_options_and_moments_can_stand_in_other_objects()
    {
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper, WriteIndented = true };
        var shards = new Dictionary<string, FeatureMoments?> { ["a"] = Moments(2, 10, 1, isSparse: false), ["b"] = null };

        var back = JsonSerializer.Deserialize<Dictionary<string, FeatureMoments?>>(JsonSerializer.Serialize(shards, options), options)!;

        back["a"]!.Statistics.Should().Equal(shards["a"]!.Statistics);
        back["b"].Should().BeNull();
    }

    public static TheoryData<string, string, string> DamagedJson => new()
    {
        { "\"version\":1", "\"version\":2", "The feature moments in the JSON have version 2, and this one reads 1 to 1. Update MLNet.BatchNorm." },
        { "\"version\":1", "\"version\":0", "The feature moments in the JSON have version 0, and this one reads 1 to 1." },
        { "\"version\":1,", "", "*version*" },
        { "\"rowCount\":2", "\"rowCount\":-2", "*the row count is -2." },
        { "\"rowCount\":2", "\"rowCount\":0", "*feature 0: it has values, and there are no rows." },
        { "\"rowCount\":2", "\"rowCount\":\"2\"", "*" },
        { "\"rowCount\":2", "\"rowCount\":2,\"rowCount\":3", "*rowCount*" },
        { "\"rowCount\":2", "\"rowCount\":2,\"rows\":3", "*rows*" },
        { "\"firstInfinity\":null", "\"firstInfinity\":{\"row\":0,\"feature\":0}", "*the first infinity is said to be at row 0, feature 0." },
        { "\"mean\":2", "\"mean\":null", "*feature 0 has 2 value(s), and lacks statistics of them." },
        { "\"minimum\":1", "\"minimum\":null", "*feature 0 has 2 value(s), and lacks statistics of them." },
        { "\"mean\":2", "\"mean\":7", "*feature 0: the mean is 7, of values from 1 to 3." },
        { "\"mean\":2", "\"mean\":\"NaN\"", "*" },
        { "\"mean\":2", "\"mean\":1e999", "*" },
        { "\"count\":2", "\"count\":0", "*feature 0 has 0 value(s), and has statistics of them." },
        { "\"count\":2", "\"count\":2.5", "*" },
        { "\"weightSum\":2", "\"weightSum\":0", "*feature 0: the weight of 2 value(s) is 0." },
        { "\"squaredDeviations\":2", "\"squaredDeviations\":200", "*the variance is 100, and values from 1 to 3 with mean 2 have one of at most 1.00*" },
        { "\"features\":[", "\"features\":[null,", "The feature moments in the JSON cannot be right: feature 0 is null." },
        { "\"features\":[", "\"features\":[],\"f\":[", "*" },
        { "\"features\":[", "\"features\":null,\"f\":[", "*" },
    };

    [Theory]
    [MemberData(nameof(DamagedJson))]
    public void Damaged_JSON_is_refused(string sound, string damaged, string message)
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([1, 3], 2);
        string json = JsonSerializer.Serialize(moments);
        json.Should().Contain(sound);

        FluentActions.Invoking(() => JsonSerializer.Deserialize<FeatureMoments>(json.Replace(sound, damaged, StringComparison.Ordinal)))
            .Should().Throw<JsonException>().WithMessage(message);
    }

    [Fact]
    public void JSON_of_no_features_and_of_statistics_without_values_is_refused()
    {
        FluentActions.Invoking(() => JsonSerializer.Deserialize<FeatureMoments>("""{"version":1,"rowCount":0,"features":[]}"""))
            .Should().Throw<JsonException>().WithMessage("The feature moments in the JSON cannot be right: there are no features.");
        string empty = JsonSerializer.Serialize(new FeatureMoments(1));
        FluentActions.Invoking(() => JsonSerializer.Deserialize<FeatureMoments>(empty.Replace("\"weightSum\":0", "\"weightSum\":3", StringComparison.Ordinal)))
            .Should().Throw<JsonException>().WithMessage("*feature 0: it has no values, and statistics of them.");
        FluentActions.Invoking(() => JsonSerializer.Deserialize<RunningMoments>(
                """{"version":1,"momentum":null,"varianceEstimator":"Population","runningStart":"Debiased","batchCount":0,"features":[null]}"""))
            .Should().Throw<JsonException>().WithMessage("The running moments in the JSON cannot be right: a feature is null.");
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public void Moments_of_nothing_come_back(string way)
    {
        var missing = new FeatureMoments(2);
        missing.AddRows<double>([double.NaN, double.PositiveInfinity], 1);

        Ways[way](missing).Statistics.Should().Equal(missing.Statistics);
        Ways[way](missing).FirstInfinity.Should().Be(new ValueLocation(0, 1));
        FeatureMoments back = Ways[way](new FeatureMoments(1));
        back.RowCount.Should().Be(0);
        back.Add<double>([5]);
        back.Minimum.Should().Equal(5);
    }

    // After the head of 8 bytes: long: rows; long: row and int: feature of the first infinity.
    [Theory]
    [InlineData(-1, 1)]
    [InlineData(3, 1)]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 2)]
    [InlineData(0, 0)] // is finite
    public void A_first_infinity_where_there_can_be_none_is_refused(long row, int feature)
    {
        var moments = new FeatureMoments(2);
        moments.AddRows<double>([1, double.PositiveInfinity, 2, 3, 4, 5], 3);
        byte[] bytes = moments.ToBytes();
        FeatureMoments.FromBytes(bytes).FirstInfinity.Should().Be(new ValueLocation(0, 1));
        BitConverter.TryWriteBytes(bytes.AsSpan(16), row);
        BitConverter.TryWriteBytes(bytes.AsSpan(24), feature);

        FluentActions.Invoking(() => FeatureMoments.FromBytes(bytes)).Should().Throw<InvalidDataException>()
            .WithMessage($"The bytes of the feature moments are damaged: the first infinity is said to be at row {row}, feature {feature}.");
    }

    [Fact]
    public void Bytes_that_end_with_their_head_end_too_early()
    {
        byte[] sound = Moments(1, 5, 4, isSparse: false).ToBytes();

        FluentActions.Invoking(() => FeatureMoments.FromBytes(sound.AsSpan(0, 8))).Should().Throw<InvalidDataException>()
            .WithMessage("The bytes of the feature moments are damaged: they end too early.");
        FluentActions.Invoking(() => FeatureMoments.FromBytes(sound.AsSpan(0, 7))).Should().Throw<InvalidDataException>()
            .WithMessage("The bytes do not hold feature moments: they do not start as those do.");
        sound[4] = 0;
        FluentActions.Invoking(() => FeatureMoments.FromBytes(sound)).Should().Throw<InvalidDataException>()
            .WithMessage("The bytes hold feature moments of version 0, and this one reads 1 to 1.");
    }

    [Fact]
    public void Converters_write_no_null()
    {
        using var writer = new Utf8JsonWriter(Stream.Null);

        FluentActions.Invoking(() => new FeatureMomentsJsonConverter().Write(writer, null!, JsonSerializerOptions.Default))
            .Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new FeatureQuantilesJsonConverter().Write(writer, null!, JsonSerializerOptions.Default))
            .Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new RunningMomentsJsonConverter().Write(writer, null!, JsonSerializerOptions.Default))
            .Should().Throw<ArgumentNullException>();
    }

    [Theory]
    [InlineData("momentum", 2)]
    [InlineData("version", 3)]
    [InlineData("batchCount", 0)]
    [InlineData("runningStart", 7)]
    public void Damaged_JSON_of_running_moments_is_refused(string name, int value)
    {
        var running = new RunningMoments(1);
        running.Update(Moments(1, 10, 1, isSparse: false));
        JsonNode json = JsonSerializer.SerializeToNode(running)!;
        json[name] = value;

        FluentActions.Invoking(() => json.Deserialize<RunningMoments>()).Should().Throw<JsonException>();
    }

    [Fact]
    public void Bytes_of_version_1_hold_sums_that_are_divided_by_the_weight()
    {
        var running = new RunningMoments(1, 0.5);
        running.Update(Moments(1, 20, 1, isSparse: false));
        running.Update(Moments(1, 20, 2, isSparse: false));
        byte[] old = running.ToBytes();
        BitConverter.TryWriteBytes(old.AsSpan(4), 1);
        foreach (int place in new[] { old.Length - 32, old.Length - 24 })
        {
            // Two batches of momentum 0.5 weigh 0.75.
            BitConverter.TryWriteBytes(old.AsSpan(place), 0.75 * BitConverter.ToDouble(old, place));
        }

        RunningMoments back = RunningMoments.FromBytes(old);

        back.Mean.ShouldBeClose(running.Mean, 1e-15);
        back.Variance.ShouldBeClose(running.Variance, 1e-15);
    }

    [Fact]
    public void Bytes_of_version_1_of_no_batch_have_no_weight_to_divide_by()
    {
        byte[] old = new RunningMoments(1).ToBytes();
        BitConverter.TryWriteBytes(old.AsSpan(4), 1);
        BitConverter.TryWriteBytes(old.AsSpan(old.Length - 24), 0.0);

        RunningMoments back = RunningMoments.FromBytes(old);

        back.Mean.Should().Equal(0);
        back.Variance.Should().Equal(1);
        back.UpdateCount.Should().Equal(0);
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_never_crash()
    {
        byte[] sound = Moments(3, 50, 4, isSparse: false).ToBytes();
        byte[] running = RunningBytes();
        FluentActions.Invoking(() => FeatureMoments.FromBytes(running)).Should().Throw<InvalidDataException>().WithMessage("*do not hold feature moments*");
        FluentActions.Invoking(() => RunningMoments.FromBytes(sound)).Should().Throw<InvalidDataException>().WithMessage("*do not hold running moments*");
        FluentActions.Invoking(() => FeatureMoments.FromBytes([.. sound, 0])).Should().Throw<InvalidDataException>().WithMessage("*3 feature(s)*");
        byte[] later = [.. sound];
        later[4] = 9;
        FluentActions.Invoking(() => FeatureMoments.FromBytes(later)).Should().Throw<InvalidDataException>().WithMessage("*version 9*Update*");

        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]).Sample(
            (position, value, length) =>
            {
                byte[] damaged = sound[..length];
                if (position < length)
                {
                    damaged[position] = value;
                }

                OnlyInvalidData(() => FeatureMoments.FromBytes(damaged));
                byte[] damagedRunning = running[..Math.Min(length, running.Length)];
                if (position < damagedRunning.Length)
                {
                    damagedRunning[position] = value;
                }

                OnlyInvalidData(() => RunningMoments.FromBytes(damagedRunning));
            },
            seed: "0000KOIPJ9j6",
            iter: 3000);
    }

    [Fact]
    public void Features_are_not_allocated_for_before_their_bytes_are_there()
    {
        byte[] bytes = Moments(1, 5, 4, isSparse: false).ToBytes();
        BitConverter.TryWriteBytes(bytes.AsSpan(28), int.MaxValue);

        FluentActions.Invoking(() => FeatureMoments.FromBytes(bytes)).Should().Throw<InvalidDataException>().WithMessage("*2147483647 feature(s)*");
    }

    [Fact]
    public void Overflowed_sums_are_not_written()
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([-1e300, 1e300], 2);

        FluentActions.Invoking(moments.ToBytes).Should().Throw<InvalidOperationException>().WithMessage("*overflow*");
        FluentActions.Invoking(() => JsonSerializer.Serialize(moments)).Should().Throw<InvalidOperationException>().WithMessage("*overflow*");
    }

    private static void OnlyInvalidData(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException)
        {
        }
    }

    private static byte[] RunningBytes()
    {
        var running = new RunningMoments(3);
        running.Update(Moments(3, 20, 1, isSparse: false));
        return running.ToBytes();
    }

    private static FeatureMoments Moments(int width, int rowCount, int seed, bool isSparse)
    {
        double[] values = RandomData.Normal(seed, width * rowCount, 1e6, 3);
        for (int i = 3; i < values.Length; i += 17)
        {
            values[i] = i % 3 == 0 ? double.NaN : double.NegativeInfinity;
        }

        var moments = new FeatureMoments(width);
        moments.AddRows<double>(values, rowCount);
        if (isSparse)
        {
            moments.AddSparse<double>([5], [width - 1], weight: 0.5);
        }

        return moments;
    }
}
