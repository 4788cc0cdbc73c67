using System.Buffers.Binary;
using System.IO.Compression;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

public class ModelArchiveTests
{
    private static readonly byte[] One = [1, 2, 3];
    private static readonly byte[] Two = [4, 5];

    [Fact]
    public void Two_entries_of_one_path_are_damage_also_where_one_is_of_Windows()
    {
        Open(Zip(("a/x", One), ("a/y", One))).Dispose();
        FluentActions.Invoking(() => Open(Zip(("a/x", One), ("a/x", Two)))).Should().Throw<InvalidDataException>()
            .WithMessage("The model file is damaged: it has two entries 'a/x'.");
        FluentActions.Invoking(() => Open(Zip(("a/x", One), ("a\\x", Two)))).Should().Throw<InvalidDataException>()
            .WithMessage("The model file is damaged: it has two entries 'a/x'.");
    }

    [Fact]
    public void Statistics_are_known_of_all_folders_above_them_and_of_no_others()
    {
        using var opened = Open(Zip(
            ($"a/b/c/{StatisticsEntry.Name}", One), ("a/d/x", One), ($"ab/{StatisticsEntry.Name}x", One), ($"/{StatisticsEntry.Name}", One)));
        foreach (string folder in new[] { "a", "a/b", "a/b/c" })
        {
            opened.Archive.HasStatistics(folder).Should().BeTrue();
        }
        foreach (string folder in new[] { "", "ab", "a/d", "a/b/c/d" })
        {
            opened.Archive.HasStatistics(folder).Should().BeFalse();
        }
    }

    [Fact]
    public void A_folders_streams_are_those_in_it_and_below_whether_or_not_it_has_an_entry_of_its_own()
    {
        // '.' stands before '/' in the order of characters, and '0' behind it.
        using var opened = Open(Zip(
            ("a/", []), ("a./Model.key", One), ("a/Model.key", One), ("a/b/Model.key", Two), ("a/b/Model.keys", Two), ("a0/Model.key", One)));
        opened.Archive.StockStreamCount("a").Should().Be(2);
        opened.Archive.StockByteCount("a").Should().Be(One.Length + Two.Length);
        opened.Archive.StockStreamCount("a/b").Should().Be(1);
        opened.Archive.StockStreamCount("b").Should().Be(0);

        using var first = Open(Zip(("a/", []), ("a/b/Model.key", Two)));
        first.Archive.StockStreamCount("a").Should().Be(1);
    }

    [Fact]
    public void What_stands_behind_the_prefix_of_a_stage_and_is_no_number_is_minus_one()
    {
        using var opened = Open(Zip(
            ("a/Transform_000/Model.key", One), ("a/Transform_012/b/Model.key", One), ("a/Transform_x/Model.key", One), ("a/Transform_-1/y", One),
            ("a/Transform_7", One), ("a/Other_3/x", One)));
        opened.Archive.StageNumbers("a").Should().BeEquivalentTo([0, 12, -1, -1, 7]);
    }

    [Fact]
    public void A_folder_wrapped_as_a_model_has_its_streams_and_neither_statistics_nor_folders()
    {
        using var opened = Open(Zip(
            ("a/b/", []), ("a/b/Model.key", One), ("a/b/c/", []), ("a/b/c/Model.key", Two),
            ($"a/b/{StatisticsEntry.Name}", One), ($"a/b/c/{StatisticsEntry.Name}", One), ("a/Model.key", Two)));
        using var wrapped = (MemoryStream)opened.Archive.Rewrap("a/b");

        var entries = ZipSurgery.Entries(wrapped.ToArray());
        entries.Keys.Should().BeEquivalentTo("TransformerChain/Model.key", "TransformerChain/c/Model.key");
        entries["TransformerChain/Model.key"].Should().Equal(One);
        entries["TransformerChain/c/Model.key"].Should().Equal(Two);
    }

    [Fact]
    public void A_model_that_claims_more_than_its_file_may_hold_is_refused_before_it_is_left_there()
    {
        byte[] zip = Zip(("a/one", One), ("a/two", Two));
        ModelArchive.RequireReadable(new MemoryStream(zip));

        // The second one's size, in the list of entries.
        BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(ZipSurgery.IndexesOf(zip, "PK\u0001\u0002").Last() + 24), int.MaxValue);
        long left = (320L << 20) + (64 * zip.Length) - One.Length;
        FluentActions.Invoking(() => ModelArchive.RequireReadable(new MemoryStream(zip))).Should().Throw<InvalidOperationException>().WithMessage(
            $"The model takes more than {left} bytes beyond those before entry 'a/two', which takes 2147483647: too much for a file of {zip.Length} bytes*");
    }

    private static Opened Open(byte[] zip)
    {
        var archive = ModelArchive.TryOpen(new MemoryStream(zip), out var opened);
        return new Opened(archive!, opened!);
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries) =>
        ZipSurgery.Zip(entries.Select(entry => KeyValuePair.Create(entry.Name, entry.Content)));

    private sealed record Opened(ModelArchive Archive, ZipArchive Zip) : IDisposable
    {
        public void Dispose() => Zip.Dispose();
    }
}
