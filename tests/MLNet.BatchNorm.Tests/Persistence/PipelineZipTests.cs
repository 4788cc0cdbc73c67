using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>Whole pipelines, with a trainer behind the scaling, as a user saves them: for plain ML.NET and for this library.</summary>
public class PipelineZipTests
{
    private const string Folder = "TransformerChain";

    private static readonly MLContext Context = new(seed: 1);

    private static readonly IDataView Data = Context.Data.LoadFromTextFile(
        Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer.csv"),
        [new TextLoader.Column("Features", DataKind.Single, 0, 29), new TextLoader.Column("Label", DataKind.Boolean, 30)],
        separatorChar: ',',
        hasHeader: true);

    // Three stages of ours, one of them in a chain in the chain, a stock stage between them, and a trainer behind.
    private static readonly ITransformer Model = Context.Transforms.Standardize("Scaled", "Features")
        .Append(Context.Transforms.CopyColumns("Copy", "Scaled")
            .Append(Context.Transforms.ScaleMinMax("Clipped", "Copy", new MinMaxScalingOptions { Minimum = -1, Clip = true })))
        .Append(Context.Transforms.BatchNormalize("Normalized", "Clipped", new BatchNormOptions { BatchSize = 64 }))
        .Append(Context.BinaryClassification.Trainers.LbfgsLogisticRegression(featureColumnName: "Normalized"))
        .Fit(Data);

    private static readonly byte[] Zip = Save(Model);

    [Fact]
    public void Plain_ML_NET_gives_the_same_scores_and_holds_no_type_of_this_library()
    {
        var plain = new MLContext().Model.Load(new MemoryStream(Zip), out _);

        Stages(plain).Select(stage => stage.GetType().Assembly).Should().NotContain(typeof(StandardizationTransformer).Assembly);
        // Probabilities; single precision, in which the stock form rounds a little otherwise.
        Probabilities(plain).Should().Equal(Probabilities(Model), (actual, expected) => Math.Abs(actual - expected) < 1e-6);
    }

    [Fact]
    public void With_statistics_the_stages_are_back_in_their_places_and_score_to_the_last_bit_alike()
    {
        var loaded = new MLContext().Model.LoadWithStatistics(new MemoryStream(Zip), out var schema);

        Stages(loaded).Select(stage => stage.GetType()).Should().Equal(Stages(Model).Select(stage => stage.GetType()));
        Stages(loaded).OfType<StandardizationTransformer>().Single().Columns[0].Statistics
            .Should().Equal(Stages(Model).OfType<StandardizationTransformer>().Single().Columns[0].Statistics);
        Probabilities(loaded).Should().Equal(Probabilities(Model));
        schema!.Select(column => column.Name).Should().Equal("Features", "Label");
    }

    [Fact]
    public void A_damaged_entry_of_any_kind_is_named_and_leaves_the_stock_scores_alone()
    {
        string[] entries = [.. EntryNames(Zip).Where(name => name.EndsWith(StatisticsEntry.Name, StringComparison.Ordinal))];
        entries.Should().Equal(
            $"{Folder}/Transform_000/{StatisticsEntry.Name}",
            $"{Folder}/Transform_001/Transform_001/{StatisticsEntry.Name}",
            $"{Folder}/Transform_002/{StatisticsEntry.Name}");

        foreach (string entry in entries)
        {
            byte[] damaged = Rewrite(Zip, (name, content) => name == entry ? [.. content[..^1], (byte)(content[^1] ^ 1)] : content);
            ((Action)(() => new MLContext().Model.LoadWithStatistics(new MemoryStream(damaged), out _)))
                .Should().Throw<InvalidDataException>().WithMessage($"*'{entry}'*damaged*mlContext.Model.Load*");
            Probabilities(new MLContext().Model.Load(new MemoryStream(damaged), out _)).Should().HaveCount(569);
        }
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_read_with_its_statistics()
    {
        using var compressed = new MemoryStream();
        using (var writer = new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            writer.Write(Zip);
        }
        compressed.Position = 0;

        using var forward = new BrotliStream(compressed, CompressionMode.Decompress);
        var loaded = new MLContext().Model.LoadWithStatistics(forward, out _);

        Stages(loaded).OfType<BatchNormTransformer>().Should().ContainSingle();
    }

    [Fact]
    public void Loaded_and_saved_again_the_statistics_are_the_same_bytes()
    {
        byte[] again = Save(new MLContext().Model.LoadWithStatistics(new MemoryStream(Zip), out _));

        Statistics(again).Should().BeEquivalentTo(Statistics(Zip));
    }

    [Fact]
    public void Values_far_from_zero_are_scaled_alike_in_plain_ML_NET()
    {
        // N(1e6, 1) in float, multiples of 1/16 around a mean that no float holds.
        var rows = RandomData.Normal(seed: 5, 5_000, 1e6, 1).Select(value => new Row { X = (float)value }).ToArray();
        var data = Context.Data.LoadFromEnumerable(rows);
        var ours = Context.Transforms.Standardize("X").Fit(data);

        var plain = new MLContext().Model.Load(new MemoryStream(Save(ours)), out _);

        var expected = ours.Transform(data).GetColumn<float>("X").ToArray();
        var actual = plain.Transform(data).GetColumn<float>("X").ToArray();
        // The last bit of a float between 2 and 4.
        actual.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second)).Should().BeLessThanOrEqualTo(2.4e-7f);
    }

    [Fact]
    public void A_model_saved_with_its_data_loader_comes_back_with_its_statistics()
    {
        var loader = Context.Data.CreateTextLoader(
            [new TextLoader.Column("Features", DataKind.Single, 0, 29), new TextLoader.Column("Label", DataKind.Boolean, 30)], separatorChar: ',', hasHeader: true);
        using var stream = new MemoryStream();
        Context.Model.Save(Model, loader, stream);

        var loaded = new MLContext().Model.LoadWithStatistics(stream, out var schema);

        Stages(loaded).Select(stage => stage.GetType()).Should().Equal(Stages(Model).Select(stage => stage.GetType()));
        loaded.Should().BeOfType<TransformerChain<ITransformer>>().Which.Should().HaveCount(4);
        Probabilities(loaded).Should().Equal(Probabilities(Model));
        schema!.Select(column => column.Name).Should().Equal("Features", "Label");
    }

    [Fact]
    public void A_single_transformer_saved_with_its_data_loader_comes_back_as_itself()
    {
        var loader = Context.Data.CreateTextLoader([new TextLoader.Column("Features", DataKind.Single, 0, 29)], separatorChar: ',', hasHeader: true);
        using var stream = new MemoryStream();
        Context.Model.Save(Context.Transforms.Standardize("Features").Fit(Data), loader, stream);

        new MLContext().Model.LoadWithStatistics(stream, out _).Should().BeOfType<StandardizationTransformer>();
    }

    private static float[] Probabilities(ITransformer model) => [.. model.Transform(Data).GetColumn<float>("Probability")];

    private static IEnumerable<ITransformer> Stages(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Stages) : [model];

    private static byte[] Save(ITransformer model)
    {
        using var stream = new MemoryStream();
        Context.Model.Save(model, Data.Schema, stream);
        return stream.ToArray();
    }

    private static Dictionary<string, byte[]> Statistics(byte[] zip)
    {
        var found = new Dictionary<string, byte[]>();
        Rewrite(zip, (name, content) =>
        {
            if (name.EndsWith(StatisticsEntry.Name, StringComparison.Ordinal))
            {
                found.Add(name, content);
            }
            return content;
        });
        return found;
    }

    private static IEnumerable<string> EntryNames(byte[] zip) => Statistics(zip).Keys.Order(StringComparer.Ordinal);

    private static byte[] Rewrite(byte[] zip, Func<string, byte[], byte[]> change)
    {
        using var source = new ZipArchive(new MemoryStream(zip));
        using var stream = new MemoryStream();
        using (var target = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries)
            {
                using var content = new MemoryStream();
                using (var reader = entry.Open())
                {
                    reader.CopyTo(content);
                }
                string name = entry.FullName.Replace('\\', '/');
                using var writer = target.CreateEntry(name).Open();
                writer.Write(change(name, content.ToArray()));
            }
        }
        return stream.ToArray();
    }

    private sealed class Row
    {
        public float X { get; set; }
    }
}
