using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>Zips of all kinds, damaged at random: what comes out is the model that was saved, or an exception that the documentation names.</summary>
public class ZipFuzzTests
{
    // No zip here takes more than that to load, damaged or not.
    private const long MostBytes = 24 << 20;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(15);
    private static readonly MLContext Context = new(seed: 1);

    private static readonly IDataView Data = Context.Data.LoadFromEnumerable(Enumerable.Range(0, 24).Select(i => new Row
    {
        Features = [i, (float)Math.Sin(i), i * i % 7, 4, i % 3, -i],
        Number = i * 0.1,
        Label = i % 2 == 0,
    }));

    private static readonly (string Name, ITransformer Model)[] Models =
    [
        ("standardized", Context.Transforms.Standardize([new("Features"), new("Number")]).Fit(Data)),
        ("clipped", Context.Transforms.ScaleMinMax("Features", options: new MinMaxScalingOptions { Clip = true, ChannelAxis = 0 }).Fit(Data)),
        ("batch-normalized", Context.Transforms.BatchNormalize("Features", options: new BatchNormOptions { BatchSize = 8 }).Fit(Data)),
        ("network", Context.BinaryClassification.Trainers.MultilayerPerceptron(
            new MultilayerPerceptronOptions { HiddenLayers = [4], Epochs = 1, Activation = ActivationFunction.LeakyReLU }).Fit(Data)),
        ("nested", Context.Transforms.CopyColumns("Copy", "Number")
            .Append(Context.Transforms.Standardize("Features").Append(Context.Transforms.ScaleMinMax("Copy")))
            .Append(Context.Transforms.Concatenate("All", "Features")).Fit(Data)),
    ];

    [Fact]
    public void Damaged_zips_give_the_saved_model_or_a_documented_exception()
    {
        var random = new Random(12);
        var zips = Models.Select(model => (model.Name, Zip: Save(model.Model), Expected: Outputs(model.Model))).ToArray();
        var watch = Stopwatch.StartNew();
        int loaded = 0;
        int refused = 0;
        for (int run = 0; watch.Elapsed < MostTime && run < 4000; run++)
        {
            (string name, byte[] zip, double[] expected) = zips[run % zips.Length];
            int seed = random.Next();
            byte[] damaged = Damage(zip, zips[(run + 1) % zips.Length].Zip, new Random(seed));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ITransformer model = Context.Model.LoadWithStatistics(new MemoryStream(damaged), out _);
                Outputs(model).Should().Equal(expected, IsClose, $"{name} with seed {seed} was loaded");
                loaded++;
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or FormatException or InvalidOperationException { Source: "Microsoft.ML.Core" })
            {
                refused++;
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(MostBytes, $"{name} with seed {seed}");
        }
        refused.Should().BeGreaterThan(20);
        loaded.Should().BePositive();
    }

    private static byte[] Damage(byte[] zip, byte[] other, Random random)
    {
        byte[] bytes = [.. zip];
        switch (random.Next(6))
        {
            case 0:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                return bytes[..random.Next(bytes.Length)];
            case 2:
                // In the list of entries, where every byte counts.
                int start = ZipSurgery.IndexesOf(zip, "PK\u0001\u0002").First();
                bytes[random.Next(start, bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 3:
                return Swap(zip, other, random);
            case 4:
                return Forge(zip, random);
            default:
                for (int i = 0; i < 4; i++)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }
                return bytes;
        }
    }

    // An entry of another model, or of another stage.
    private static byte[] Swap(byte[] zip, byte[] other, Random random)
    {
        var entries = ZipSurgery.Entries(zip);
        byte[][] others = [.. ZipSurgery.Entries(other).Concat(entries).Where(entry => entry.Key.EndsWith(StatisticsEntry.Name, StringComparison.Ordinal)).Select(entry => entry.Value)];
        string[] targets = [.. entries.Keys.Where(name => name.EndsWith(StatisticsEntry.Name, StringComparison.Ordinal))];
        entries[targets[random.Next(targets.Length)]] = others[random.Next(others.Length)];
        return ZipSurgery.Zip(entries);
    }

    // A number of a statistics entry, with a hash that fits.
    private static byte[] Forge(byte[] zip, Random random)
    {
        string[] names = [.. ZipSurgery.Entries(zip).Keys.Where(name => name.EndsWith(StatisticsEntry.Name, StringComparison.Ordinal))];
        return ZipSurgery.Change(zip, names[random.Next(names.Length)], entry =>
        {
            byte[] content = entry[..^32];
            int[] values = [-1, 0, 1, 2, 255, 1 << 20, 1 << 24, int.MaxValue, int.MinValue];
            BitConverter.TryWriteBytes(content.AsSpan(random.Next(16, content.Length - 4)), values[random.Next(values.Length)]);
            return [.. content, .. System.Security.Cryptography.SHA256.HashData(content)];
        });
    }

    private static byte[] Save(ITransformer model)
    {
        using var stream = new MemoryStream();
        Context.Model.Save(model, Data.Schema, stream);
        return stream.ToArray();
    }

    private static double[] Outputs(ITransformer model)
    {
        IDataView view = model.Transform(Data);
        string[] names = view.Schema.GetColumnOrNull("Score") is null ? ["Features", "Number"] : ["Score"];
        return [.. names.SelectMany(name => ProbeRows.Read(view, name).SelectMany(row => row))];
    }

    // Where the entry is gone, the plain form scores: in single precision, and in other steps.
    private static bool IsClose(double actual, double expected) => Math.Abs(actual - expected) <= 1e-4 * Math.Max(1, Math.Abs(expected));

    private sealed class Row
    {
        [VectorType(2, 3)]
        public float[] Features { get; set; } = [];

        public double Number { get; set; }

        public bool Label { get; set; }
    }
}
