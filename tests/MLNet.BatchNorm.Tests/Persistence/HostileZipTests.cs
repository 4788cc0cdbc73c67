using System.Buffers.Binary;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>Zips that were made to mislead or to cost: an error that says so, and little memory.</summary>
public class HostileZipTests
{
    private const string Root = "TransformerChain/";
    private static readonly MLContext Context = new(seed: 1);

    private static readonly IDataView Data = Context.Data.LoadFromEnumerable(
        [new Row { Image = [1, 2, 3, 4, 5, 6] }, new Row { Image = [3, 5, 1, 2, 8, 0] }]);

    [Fact]
    public void Forged_dimensions_are_refused_before_anything_is_made_for_them()
    {
        byte[] zip = Save(Context.Transforms.Standardize("Image", options: new StandardizationOptions { ChannelAxis = 0 }).Fit(Data));
        byte[] forged = ZipSurgery.Change(zip, Root + StatisticsEntry.Name, entry => Rehash(Replace(entry, [2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0], [2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 64, 0])));

        // Four bytes a slot, at the least.
        long room = ZipSurgery.Entries(zip).Where(entry => entry.Key.EndsWith("/Model.key", StringComparison.Ordinal)).Sum(entry => entry.Value.Length) / 4;
        CheckRefused(forged, $"*a column claims {2 << 22} slots where the stock form beside the entry has room for {room}.*", 2 << 20);
    }

    [Fact]
    public void Two_columns_that_write_one_output_are_refused()
    {
        byte[] zip = Save(Context.Transforms.Standardize([new("A", "Image"), new("B", "Image")]).Fit(Data));
        byte[] forged = ZipSurgery.Change(zip, Root + StatisticsEntry.Name, entry => Rehash(Replace(entry, [1, 0, 0, 0, (byte)'B'], [1, 0, 0, 0, (byte)'A'])));

        CheckRefused(forged, "*two of its columns write 'A'*", 2 << 20);
    }

    [Fact]
    public void Junk_is_not_unpacked()
    {
        byte[] zip = Save(Chain());
        byte[] bomb = ZipSurgery.Zip([.. ZipSurgery.Entries(zip), new("junk.bin", new byte[100 << 20]), new("TransformerChain/Transform_001/junk", new byte[340 << 20])]);

        long allocated = Allocated(() => Load(bomb).Should().NotBeNull());

        allocated.Should().BeLessThan(4 << 20);
    }

    [Fact]
    public void A_large_entry_that_does_not_start_like_one_costs_nothing()
    {
        byte[] zip = ZipSurgery.Change(Save(Chain()), Root + "Transform_000/" + StatisticsEntry.Name, _ => new byte[200 << 20]);

        CheckRefused(zip, "*'TransformerChain/Transform_000/MLNet.BatchNorm.statistics'*does not start*", 2 << 20);
    }

    [Fact]
    public void All_entries_together_have_one_budget()
    {
        using var zip = new MemoryStream(ZipSurgery.Zip([new("a/one", new byte[190 << 20]), new("a/two", new byte[190 << 20])]));
        ModelArchive archive = ModelArchive.TryOpen(zip, out var opened)!;
        using (opened)
        {
            archive.Read(archive.Find("a", "one")!).Length.Should().Be(190 << 20);
            ((Action)(() => archive.Read(archive.Find("a", "two")!))).Should().Throw<InvalidDataException>().WithMessage("*'a/two'*a file of this size may hold*");
        }
        new ReadBudget(1000).Left.Should().Be((320L << 20) + 64_000);
    }

    [Fact]
    public void Empty_entry_names_are_no_matter()
    {
        byte[] zip = Save(Chain());
        byte[] odd = ZipSurgery.Zip([.. ZipSurgery.Entries(zip), new("x", [1])]);
        foreach (int index in ZipSurgery.IndexesOf(odd, "PK\u0001\u0002").TakeLast(1))
        {
            // The last name, in the list of entries, becomes a folder's.
            odd[index + 46] = (byte)'/';
        }

        Load(odd).Stages<StandardizationTransformer>().Should().ContainSingle();
    }

    [Fact]
    public void An_entry_without_any_name_is_no_matter()
    {
        byte[] odd = ZipSurgery.Zip([.. ZipSurgery.Entries(Save(Chain())), new("x", [1])]);
        int index = ZipSurgery.IndexesOf(odd, "PK\u0001\u0002").Last();
        // The length of the last name, in the list of entries, is 0, and its byte counts as an extra field.
        BinaryPrimitives.WriteUInt16LittleEndian(odd.AsSpan(index + 28), 0);
        BinaryPrimitives.WriteUInt16LittleEndian(odd.AsSpan(index + 30), 1);
        using (var zip = new System.IO.Compression.ZipArchive(new MemoryStream(odd)))
        {
            zip.Entries.Should().ContainSingle(entry => entry.FullName.Length == 0);
        }

        Load(odd).Stages<StandardizationTransformer>().Should().ContainSingle();
    }

    [Fact]
    public void Sizes_of_2_to_the_62_are_damage()
    {
        byte[] zip = Save(Chain());
        int entry = ZipSurgery.IndexesOf(zip, "PK\u0001\u0002").First(index => Name(zip, index).EndsWith(StatisticsEntry.Name, StringComparison.Ordinal));
        byte[] extra = [1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 64];
        int nameEnd = entry + 46 + BinaryPrimitives.ReadUInt16LittleEndian(zip.AsSpan(entry + 28));
        byte[] forged = [.. zip[..nameEnd], .. extra, .. zip[nameEnd..]];
        BinaryPrimitives.WriteUInt32LittleEndian(forged.AsSpan(entry + 24), uint.MaxValue);
        BinaryPrimitives.WriteUInt16LittleEndian(forged.AsSpan(entry + 30), (ushort)extra.Length);
        int end = ZipSurgery.IndexesOf(forged, "PK\u0005\u0006").Last();
        BinaryPrimitives.WriteInt32LittleEndian(forged.AsSpan(end + 12), BinaryPrimitives.ReadInt32LittleEndian(forged.AsSpan(end + 12)) + extra.Length);

        CheckRefused(forged, "*damaged*", 2 << 20);
    }

    [Fact]
    public void A_chain_that_claims_fewer_stages_than_there_are_folders_is_refused()
    {
        foreach (int count in new[] { 0, 1 })
        {
            byte[] zip = ZipSurgery.Change(Save(Chain()), "TransformerChain/Model.key", _ => StockModelStream.CreateChain([.. Enumerable.Repeat(7, count)]));
            CheckRefused(zip, $"*'TransformerChain/Model.key'*claims {count} stages, and the file holds others*", 2 << 20);
        }
    }

    [Fact]
    public void A_chain_that_lacks_a_stage_or_its_folder_is_refused_with_what_is_missing()
    {
        byte[] zip = Save(Chain());
        byte[] three = ZipSurgery.Change(zip, "TransformerChain/Model.key", _ => StockModelStream.CreateChain([7, 7, 7]));
        CheckRefused(three, "*'TransformerChain/Model.key'*claims 3 stages, and the folder 'TransformerChain/Transform_002' is missing.*", 2 << 20);

        byte[] second = ZipSurgery.Zip(ZipSurgery.Entries(Save(Reversed()))
            .Where(entry => !entry.Key.StartsWith("TransformerChain/Transform_000", StringComparison.Ordinal)));
        CheckRefused(second, "*'TransformerChain/Model.key'*claims 2 stages, and the folder 'TransformerChain/Transform_000' is missing.*", 2 << 20);
    }

    [Theory]
    [InlineData("Transform_x/Model.key")]
    [InlineData("Transform_002/Model.key")]
    [InlineData("Transform_002")]
    public void What_looks_like_a_stage_and_is_none_of_the_chains_is_refused(string name)
    {
        byte[] zip = ZipSurgery.Zip([.. ZipSurgery.Entries(Save(Chain())), new(Root + name, [1])]);
        CheckRefused(zip, "*'TransformerChain/Model.key'*claims 2 stages, and the file holds others beside them.*", 2 << 20);
    }

    [Fact]
    public void A_chain_without_a_number_of_stages_or_with_a_scope_that_is_none_is_refused()
    {
        byte[] zip = Save(Chain());
        CheckRefused(
            ZipSurgery.Change(zip, Root + "Model.key", _ => StockModelStream.Create(StockComponent.Chain, (_, _) => { })),
            "*'TransformerChain/Model.key'*the chain claims -1 stages in a block of 0 bytes.*", 2 << 20);
        CheckRefused(
            ZipSurgery.Change(zip, Root + "Model.key", _ => StockModelStream.CreateChain([7, 8])), "*'TransformerChain/Model.key'*stage 1 has the scope 8.*", 2 << 20);
    }

    [Fact]
    public void Entries_for_folders_are_no_matter()
    {
        var entries = ZipSurgery.Entries(Save(Chain()));
        byte[] zip = ZipSurgery.Zip(
            [new("TransformerChain/", []), new("TransformerChain/Transform_000/", []), new("TransformerChain/Transform_001/", []), .. entries]);

        Load(zip).Stages<StandardizationTransformer>().Should().ContainSingle();
    }

    [Fact]
    public void Chains_are_followed_a_hundred_deep()
    {
        ITransformer model = Context.Transforms.Standardize("Image").Fit(Data);
        for (int depth = 0; depth < 100; depth++)
        {
            model = new TransformerChain<ITransformer>(model);
        }
        byte[] deepest = Save(model);
        byte[] tooDeep = Save(new TransformerChain<ITransformer>(model));

        Load(deepest).Should().BeOfType<TransformerChain<ITransformer>>();
        FluentActions.Invoking(() => Load(tooDeep)).Should().Throw<InvalidDataException>()
            .WithMessage("The model file is damaged: its chains are nested more than 100 deep.");
    }

    [Fact]
    public void A_checksum_of_the_zip_that_does_not_match_is_damage()
    {
        byte[] zip = Save(Chain());
        foreach (int entry in ZipSurgery.IndexesOf(zip, "PK\u0001\u0002").Where(index => Name(zip, index).EndsWith("Transform_001/Model.key", StringComparison.Ordinal)))
        {
            byte[] damaged = [.. zip];
            damaged[entry + 16] ^= 1;
            CheckRefused(damaged, "*Transform_001/Model.key*checksum*", 4 << 20);
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_column_name_is_kept()
    {
        const string Name = "a\uD83Db\uDC00";
        var data = Context.Transforms.CopyColumns(Name, "Image").Fit(Data).Transform(Data);
        byte[] zip = Save(Context.Transforms.Standardize(Name).Fit(data));

        var loaded = (StandardizationTransformer)Load(zip);

        loaded.Columns[0].InputColumnName.Should().Be(Name);
        loaded.Transform(data).GetColumn<float[]>(Name).Should().HaveCount(2);
    }

    [Fact]
    public void What_is_no_zip_is_named()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(path, "no zip");
        try
        {
            ((Action)(() => Context.Model.LoadWithStatistics(path, out _))).Should().Throw<FormatException>().WithMessage($"*'{path}'*");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_inverse_does_not_count_as_normalized_in_plain_ML_NET()
    {
        var inverse = Context.Transforms.Standardize("Image").Fit(Data).Inverse();

        var plain = new MLContext().Model.Load(new MemoryStream(Save(inverse)), out _);

        plain.GetOutputSchema(Data.Schema)["Image"].IsNormalized().Should().BeFalse();
        plain.Transform(Data).GetColumn<float[]>("Image").SelectMany(row => row)
            .Should().Equal(inverse.Transform(Data).GetColumn<float[]>("Image").SelectMany(row => row), (actual, expected) => Math.Abs(actual - expected) < 1e-5);
    }

    private static TransformerChain<ITransformer> Chain() =>
        new(Context.Transforms.Standardize("Image").Fit(Data), Context.Transforms.CopyColumns("Copy", "Image").Fit(Data));

    private static TransformerChain<ITransformer> Reversed() =>
        new(Context.Transforms.CopyColumns("Copy", "Image").Fit(Data), Context.Transforms.Standardize("Image").Fit(Data));

    private static byte[] Save(ITransformer model)
    {
        using var stream = new MemoryStream();
        Context.Model.Save(model, Data.Schema, stream);
        return stream.ToArray();
    }

    private static ITransformer Load(byte[] zip) => new MLContext().Model.LoadWithStatistics(new MemoryStream(zip), out _);

    private static void CheckRefused(byte[] zip, string message, long mostBytes)
    {
        Exception? thrown = null;
        long allocated = Allocated(() =>
        {
            try
            {
                Load(zip);
            }
            catch (InvalidDataException exception)
            {
                thrown = exception;
            }
        });
        thrown.Should().BeOfType<InvalidDataException>().Which.Message.Should().Match(message);
        allocated.Should().BeLessThan(mostBytes);
    }

    private static long Allocated(Action run)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Name(byte[] zip, int header) =>
        System.Text.Encoding.UTF8.GetString(zip, header + 46, BinaryPrimitives.ReadUInt16LittleEndian(zip.AsSpan(header + 28)));

    private static byte[] Replace(byte[] bytes, byte[] found, byte[] with)
    {
        int index = bytes.AsSpan().LastIndexOf(found);
        index.Should().BePositive();
        return [.. bytes[..index], .. with, .. bytes[(index + found.Length)..]];
    }

    private static byte[] Rehash(byte[] entry) => [.. entry[..^32], .. System.Security.Cryptography.SHA256.HashData(entry[..^32])];

    private sealed class Row
    {
        [VectorType(2, 3)]
        public float[] Image { get; set; } = [];
    }
}
