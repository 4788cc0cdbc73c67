using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.MLNetContract;

public class ModelSaveLoadTests
{
    private static readonly MLContext Context = new(1);

    private static IDataView Data => Context.Data.LoadFromEnumerable(new[]
    {
        new Row { A = 1, B = [10, 20], Word = "x" },
        new Row { A = 3, B = [30, 20], Word = "y" },
    });

    [Fact]
    public void A_model_gives_the_same_values_after_loading()
    {
        var model = Context.Transforms.Concatenate("All", "A", "B").Append(Context.Transforms.NormalizeMeanVariance("All", fixZero: false)).Fit(Data);

        var loaded = RoundTrip(model, Data.Schema, out _);

        loaded.Transform(Data).GetColumn<float[]>("All").Should().BeEquivalentTo(
            model.Transform(Data).GetColumn<float[]>("All"), options => options.WithStrictOrdering());
    }

    [Fact]
    public void A_schema_keeps_its_types_annotations_and_hidden_columns()
    {
        var chain = Context.Transforms.Concatenate("All", "A", "B").Append(Context.Transforms.NormalizeMinMax("All"))
            .Append(Context.Transforms.Conversion.MapValueToKey("Key", "Word"));
        var schema = chain.Fit(Data).Transform(Data).Schema;

        RoundTrip(Context.Transforms.CopyColumns("C", "A").Fit(Data), schema, out var loaded);

        loaded.Select(column => (column.Name, column.Type, column.IsHidden)).Should().Equal(schema.Select(column => (column.Name, column.Type, column.IsHidden)));
        loaded["All"].IsNormalized().Should().BeTrue();
        SlotNames(loaded["All"]).Should().Equal("A", "", "");
        VBuffer<ReadOnlyMemory<char>> values = default;
        loaded["Key"].GetKeyValues(ref values);
        values.DenseValues().Select(value => value.ToString()).Should().Equal("x", "y");
    }

    [Fact]
    public void A_model_can_be_saved_without_a_schema()
    {
        RoundTrip(Context.Transforms.CopyColumns("C", "A").Fit(Data), null, out var schema).Transform(Data).GetColumn<float>("C").Should().Equal(1, 3);

        schema.Should().BeNull();
    }

    [Fact]
    public void An_empty_chain_passes_everything_through()
        => RoundTrip(new TransformerChain<ITransformer>(), Data.Schema, out _).Transform(Data).Schema.Count.Should().Be(3);

    [Fact]
    public void A_model_is_saved_to_and_loaded_from_a_file()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Context.Model.Save(Context.Transforms.CopyColumns("C", "A").Fit(Data), Data.Schema, path);

            Context.Model.Load(path, out _).Transform(Data).GetColumn<float>("C").Should().Equal(1, 3);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_chain_in_a_chain_is_saved_folder_in_folder()
    {
        var inner = Context.Transforms.NormalizeMinMax("B").Append(Context.Transforms.NormalizeMinMax("A")).Fit(Data);
        using var stream = new MemoryStream();

        Context.Model.Save(new TransformerChain<ITransformer>(inner), Data.Schema, stream);

        stream.Position = 0;
        using var zip = new ZipArchive(stream);
        zip.Entries.Select(entry => entry.FullName.Replace('\\', '/')).Should().Contain([
            "Schema", "TrainingInfo/Version.txt", "TransformerChain/Model.key", "TransformerChain/Transform_000/Model.key",
            "TransformerChain/Transform_000/Transform_001/Normalizer_000/Model.key"]);
    }

    [Fact]
    public void What_is_no_zip_is_an_error()
        => Context.Model.Invoking(catalog => catalog.Load(new MemoryStream(new byte[100]), out _)).Should().Throw<FormatException>();

    [Fact]
    public void A_damaged_model_stream_is_an_error()
    {
        using var stream = new MemoryStream();
        Context.Model.Save(Context.Transforms.NormalizeMinMax("A").Fit(Data), Data.Schema, stream);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = zip.Entries.Single(candidate => candidate.FullName.EndsWith("Normalizer_000/Model.key", StringComparison.Ordinal));
            using var content = entry.Open();
            content.Position = 0;
            content.Write(new byte[16]);
        }

        stream.Position = 0;
        Context.Model.Invoking(catalog => catalog.Load(stream, out _)).Should().Throw<Exception>()
            .Where(exception => Causes(exception).Any(cause => cause is FormatException));
    }

    [Fact]
    public void A_custom_mapping_without_a_contract_cannot_be_saved()
    {
        var model = Context.Transforms.CustomMapping<Row, Copied>((_, _) => { }, null).Fit(Data);

        Context.Model.Invoking(catalog => catalog.Save(model, Data.Schema, new MemoryStream())).Should().Throw<InvalidOperationException>();
    }

    private static ITransformer RoundTrip(ITransformer model, DataViewSchema? schema, out DataViewSchema loadedSchema)
    {
        using var stream = new MemoryStream();
        Context.Model.Save(model, schema, stream);
        stream.Position = 0;
        return Context.Model.Load(stream, out loadedSchema);
    }

    private static IEnumerable<Exception> Causes(Exception exception)
        => exception.InnerException is { } inner ? Causes(inner).Prepend(exception) : [exception];

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private sealed class Row
    {
        public float A { get; set; }

        [VectorType(2)]
        public float[] B { get; set; } = [];

        public string Word { get; set; } = "";
    }

    private sealed class Copied
    {
        public float Doubled { get; set; }
    }
}
