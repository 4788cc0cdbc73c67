using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

public class ModelWithStatisticsTests
{
    private static readonly MLContext Context = new(seed: 1);

    private static readonly IDataView Data = Context.Data.LoadFromEnumerable(
        [new Row { X = 1, Y = 10 }, new Row { X = 2, Y = 30 }, new Row { X = float.NaN, Y = -4 }]);

    [Fact]
    public void A_transformer_alone_comes_back_with_its_statistics()
    {
        var loaded = Load(Save(TestScaler.Of("X", "X", 0.1, 2, "alone")), out var schema);

        loaded.Should().BeOfType<TestScaler>().Which.Note.Should().Be("alone");
        schema!.Select(column => column.Name).Should().Equal("X", "Y");
    }

    [Fact]
    public void In_a_chain_the_stages_with_statistics_are_replaced_and_the_others_are_stock()
    {
        var model = Pipeline();

        var loaded = Load(Save(model), out _).Should().BeOfType<TransformerChain<ITransformer>>().Which.ToList();

        loaded[0].Should().BeOfType<TestScaler>().Which.Note.Should().Be("first");
        loaded[1].Should().BeOfType<ColumnConcatenatingTransformer>();
        loaded[2].Should().BeOfType<TestScaler>().Which.Note.Should().Be("second");
        loaded.Should().HaveCount(3);
        Features(loaded: new TransformerChain<ITransformer>([.. loaded])).Should().BeEquivalentTo(Features(model));
    }

    [Fact]
    public void Plain_MLNet_loads_the_same_model_without_any_type_of_this_library()
    {
        var model = Pipeline();

        var plain = new MLContext().Model.Load(new MemoryStream(Save(model)), out _);

        Stages(plain).Select(stage => stage.GetType().Assembly).Should().NotIntersectWith([typeof(StatisticsEntry).Assembly, typeof(TestScaler).Assembly]);
        Features(plain).Should().BeEquivalentTo(Features(model));
    }

    [Fact]
    public void Chains_nest()
    {
        var inner = new TransformerChain<ITransformer>(TestScaler.Of("X", "X", 1, 2, "inner"), Concatenate());
        var outer = new TransformerChain<ITransformer>(TestScaler.Of("Y", "Y", 3, 4, "outer"), new TransformerChain<ITransformer>(inner));

        var loaded = (TransformerChain<ITransformer>)Load(Save(outer), out _);

        Stages(loaded).OfType<TestScaler>().Select(scaler => scaler.Note).Should().Equal("outer", "inner");
        loaded.Last().Should().BeOfType<TransformerChain<ITransformer>>().Which.Single().Should().BeOfType<TransformerChain<ITransformer>>();
        Features(loaded).Should().BeEquivalentTo(Features(outer));
    }

    [Fact]
    public void Scopes_are_kept()
    {
        var model = new TransformerChain<ITransformer>(
            [TestScaler.Of("X", "X", 1, 2), Concatenate()], [TransformerScope.TrainTest, TransformerScope.Everything]);

        var loaded = (TransformerChain<ITransformer>)Load(Save(model), out _);

        loaded.GetModelFor(TransformerScope.Scoring).Should().ContainSingle().Which.Should().BeOfType<ColumnConcatenatingTransformer>();
        loaded.GetModelFor(TransformerScope.Training).Should().HaveCount(2);
    }

    [Fact]
    public void Saved_again_it_is_the_same_model()
    {
        byte[] first = Save(Pipeline());

        byte[] second = Save(Load(first, out _));

        Entries(second).Where(entry => entry.Key.EndsWith("statistics", StringComparison.Ordinal) || entry.Key.EndsWith(".key", StringComparison.Ordinal))
            .Should().BeEquivalentTo(Entries(first).Where(entry => entry.Key.EndsWith("statistics", StringComparison.Ordinal) || entry.Key.EndsWith(".key", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_model_without_statistics_is_loaded_as_MLNet_loads_it()
    {
        var loaded = Load(Save(new TransformerChain<ITransformer>(Concatenate())), out var schema);

        loaded.Should().BeOfType<TransformerChain<ITransformer>>().Which.Single().Should().BeOfType<ColumnConcatenatingTransformer>();
        schema!.Should().HaveCount(2);
    }

    [Fact]
    public void A_model_saved_without_a_schema_has_none()
    {
        using var stream = new MemoryStream();
        Context.Model.Save(Pipeline(), null, stream);

        Load(stream.ToArray(), out var schema).Should().NotBeNull();

        schema.Should().BeNull();
    }

    [Fact]
    public void The_public_methods_read_files_and_streams_that_cannot_seek()
    {
        byte[] bytes = Save(new TransformerChain<ITransformer>(Concatenate()));
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(path, bytes);
        try
        {
            Context.Model.LoadWithStatistics(path, out var schema).Should().BeOfType<TransformerChain<ITransformer>>();
            schema.Should().HaveCount(2);
        }
        finally
        {
            File.Delete(path);
        }

        using var forward = new ForwardOnlyStream(bytes);
        Context.Model.LoadWithStatistics(forward, out _).Should().BeOfType<TransformerChain<ITransformer>>();
    }

    [Fact]
    public void The_stream_stays_open()
    {
        using var stream = new MemoryStream(Save(Pipeline()));

        ModelWithStatistics.Load(new MLContext().Model, stream, out _, [TestScaler.Kind]).Should().NotBeNull();

        stream.CanRead.Should().BeTrue();
    }

    [Fact]
    public void A_missing_file_and_a_file_that_is_no_model_are_MLNets_own_errors()
    {
        ((Action)(() => Context.Model.LoadWithStatistics("no/such/file.zip", out _))).Should().Throw<IOException>();
        ((Action)(() => Context.Model.LoadWithStatistics(new MemoryStream([1, 2, 3]), out _))).Should().Throw<FormatException>();
        ((Action)(() => Context.Model.LoadWithStatistics("", out _))).Should().Throw<ArgumentException>();
        ((Action)(() => Context.Model.LoadWithStatistics((Stream)null!, out _))).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void A_kind_that_only_a_later_version_knows_is_an_error_here_and_none_for_plain_MLNet()
    {
        byte[] bytes = Save(Pipeline());

        // The public method knows no kind "Test".
        var act = () => Context.Model.LoadWithStatistics(new MemoryStream(bytes), out _);

        act.Should().Throw<InvalidDataException>().WithMessage("*Transform_000/MLNet.BatchNorm.statistics*'Test'*");
        Context.Model.Load(new MemoryStream(bytes), out _).Should().NotBeNull();
    }

    [Fact]
    public void A_damaged_entry_is_an_error_that_names_it_and_leaves_the_stock_part_alone()
    {
        byte[] bytes = Change(Save(Pipeline()), (name, content) => name.EndsWith("Transform_002/" + StatisticsEntry.Name, StringComparison.Ordinal) ? content[..^9] : content);

        ((Action)(() => Load(bytes, out _))).Should().Throw<InvalidDataException>()
            .WithMessage("*'TransformerChain/Transform_002/MLNet.BatchNorm.statistics'*damaged*");
        Features(Context.Model.Load(new MemoryStream(bytes), out _)).Should().BeEquivalentTo(Features(Pipeline()));
    }

    [Fact]
    public void A_chain_that_claims_more_stages_than_it_has_is_an_error()
    {
        byte[] saved = Save(Pipeline());
        foreach (int count in new[] { 4, -1, int.MaxValue })
        {
            byte[] bytes = Change(saved, (name, content) => name == "TransformerChain/Model.key" ? [.. content[..256], .. BitConverter.GetBytes(count), .. content[260..]] : content);
            ((Action)(() => Load(bytes, out _))).Should().Throw<InvalidDataException>().WithMessage("*damaged*");
        }
    }

    [Fact]
    public void Backslashes_of_Windows_zips_are_understood()
    {
        byte[] bytes = Change(Save(Pipeline()), (_, content) => content, name => name.Replace('/', '\\'));

        Stages(Load(bytes, out _)).OfType<TestScaler>().Should().HaveCount(2);
    }

    [Fact]
    public void Loading_from_many_threads_at_once_works()
    {
        byte[] bytes = Save(Pipeline());

        var notes = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(4)
            .Select(thread => Stages(Load(bytes, out _)).OfType<TestScaler>().Count()).ToList();

        notes.Should().AllBeEquivalentTo(2);
    }

    private static TransformerChain<ITransformer> Pipeline() => new(
        TestScaler.Of("X", "X", 0.1, 2, "first"), Concatenate(), TestScaler.Of("Y", "Y", 3, 4, "second"));

    private static ColumnConcatenatingTransformer Concatenate() => Context.Transforms.Concatenate("Features", "X", "Y").Fit(Data);

    private static float[][] Features(ITransformer loaded) => [.. loaded.Transform(Data).GetColumn<float[]>("Features")];

    private static IEnumerable<ITransformer> Stages(ITransformer model) =>
        model is TransformerChain<ITransformer> chain ? chain.SelectMany(Stages) : [model];

    private static byte[] Save(ITransformer model)
    {
        using var stream = new MemoryStream();
        Context.Model.Save(model, Data.Schema, stream);
        return stream.ToArray();
    }

    private static ITransformer Load(byte[] bytes, out DataViewSchema? schema) =>
        ModelWithStatistics.Load(new MLContext().Model, new MemoryStream(bytes), out schema, [TestScaler.Kind]);

    private static Dictionary<string, byte[]> Entries(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return archive.Entries.ToDictionary(entry => entry.FullName.Replace('\\', '/'), entry =>
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            return content.ToArray();
        });
    }

    private static byte[] Change(byte[] zip, Func<string, byte[], byte[]> change, Func<string, string>? rename = null)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in Entries(zip))
            {
                using var target = archive.CreateEntry(rename?.Invoke(name) ?? name).Open();
                target.Write(change(name, content));
            }
        }
        return stream.ToArray();
    }

    private sealed class Row
    {
        public float X { get; set; }

        public float Y { get; set; }
    }

    private sealed class ForwardOnlyStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
    }
}
