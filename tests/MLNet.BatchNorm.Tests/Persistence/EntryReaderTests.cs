using System.Buffers.Binary;
using System.IO.Compression;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>Entries that are not what the zip says of them: an error that names the entry and says what is wrong.</summary>
public class EntryReaderTests
{
    // In the header of an entry in the list at the end of a zip.
    private const int Checksum = 16;
    private const int PackedSize = 20;
    private const int Size = 24;

    private static readonly byte[] Content = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * i / 7))];
    private static readonly byte[] Zip = ZipSurgery.Zip([new("a/one", Content)]);
    private static readonly int Header = ZipSurgery.IndexesOf(Zip, "PK\u0001\u0002").Single();

    [Fact]
    public void An_intact_entry_is_read_as_long_as_it_may_be()
    {
        Read(Zip, Content.Length).Should().Equal(Content);
        Read(Zip, Content.Length, Content[..7]).Should().Equal(Content);
        Read(Zip, Content.Length, Content).Should().Equal(Content);
        Copy(Zip).Should().Equal(Content);
    }

    [Fact]
    public void Longer_than_a_block_it_is_copied_whole()
    {
        byte[] content = new byte[200_001];
        new Random(1).NextBytes(content);
        Copy(ZipSurgery.Zip([new("a/one", content)])).Should().Equal(content);
    }

    [Fact]
    public void One_byte_more_than_it_may_have_is_refused()
    {
        Refuses(() => Read(Zip, Content.Length - 1), "it claims 1000 bytes, and such an entry has 999 at most");
    }

    [Fact]
    public void One_byte_more_than_the_budget_holds_is_refused()
    {
        var budget = new ReadBudget(0);
        budget.TryTake(budget.Left - 999).Should().BeTrue();
        Refuses(() => Read(Zip, Content.Length, budget: budget), "it claims 1000 bytes where a file of this size may hold 999 more");

        budget = new ReadBudget(0);
        budget.TryTake(budget.Left - 1000).Should().BeTrue();
        Read(Zip, Content.Length, budget: budget).Should().Equal(Content);
        budget.Left.Should().Be(0);
    }

    [Fact]
    public void Another_start_than_asked_for_is_refused()
    {
        Refuses(() => Read(Zip, Content.Length, [.. Content[..6], 77]), "it does not start as such an entry does");
        Refuses(() => Read(Zip, Content.Length, [.. Content, 0]), "it does not start as such an entry does");
    }

    [Fact]
    public void Another_checksum_is_damage()
    {
        byte[] zip = Forge(Checksum, value => value ^ 1);
        Refuses(() => Read(zip, Content.Length), "its checksum in the zip does not match its content");
        Refuses(() => Copy(zip), "its checksum in the zip does not match its content");
    }

    [Fact]
    public void More_bytes_claimed_than_there_are_is_damage()
    {
        byte[] zip = Forge(Size, value => value + 1);
        Refuses(() => Read(zip, int.MaxValue), "it ends before the 1001 bytes that it claims");
        Refuses(() => Copy(zip), "it ends before the 1001 bytes that it claims");
    }

    [Fact]
    public void More_bytes_than_claimed_are_damage()
    {
        // Not compressed.
        using var stream = (MemoryStream)ModelArchive.Wrap([("a/one", Content)]);
        byte[] zip = stream.ToArray();
        int size = ZipSurgery.IndexesOf(zip, "PK\u0001\u0002").Single() + Size;
        BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(size), 999);
        Refuses(() => Read(zip, int.MaxValue), "it holds more than the 999 bytes that it claims");
        Refuses(() => Copy(zip), "it holds more than the 999 bytes that it claims");
    }

    [Fact]
    public void More_bytes_claimed_than_packed_ones_can_hold_is_damage()
    {
        byte[] zip = Forge(Size, _ => int.MaxValue);
        int packed = BinaryPrimitives.ReadInt32LittleEndian(zip.AsSpan(Header + PackedSize));
        Refuses(() => Read(zip, int.MaxValue), $"it claims 2147483647 bytes, which its {packed} packed bytes cannot hold");
    }

    [Fact]
    public void Packed_bytes_that_are_none_are_damage()
    {
        byte[] zip = [.. Zip];
        // The first block of the packed bytes, behind the entry's own header and name, is of the kind that does not exist.
        zip[30 + "a/one".Length] |= 0b110;
        Refuses(() => Read(zip, Content.Length), "it cannot be decompressed: *");
        Refuses(() => Copy(zip), "it cannot be decompressed: *");
    }

    [Fact]
    public void A_header_that_is_none_is_damage()
    {
        byte[] zip = [.. Zip];
        zip[0] ^= 1;
        Refuses(() => Read(zip, Content.Length), "it cannot be opened: *");
        Refuses(() => Copy(zip), "it cannot be opened: *");
    }

    private static void Refuses(Action read, string what) =>
        read.Should().Throw<InvalidDataException>().WithMessage($"The entry 'a/one' of the model file is damaged: {what}. *");

    private static byte[] Forge(int field, Func<int, int> change)
    {
        byte[] zip = [.. Zip];
        Span<byte> place = zip.AsSpan(Header + field);
        BinaryPrimitives.WriteInt32LittleEndian(place, change(BinaryPrimitives.ReadInt32LittleEndian(place)));
        return zip;
    }

    private static byte[] Read(byte[] zip, long maximum, byte[]? start = null, ReadBudget? budget = null)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        using var reader = new EntryReader(archive.Entries[0], budget ?? new ReadBudget(zip.Length), maximum);
        return reader.ReadAll(start);
    }

    private static byte[] Copy(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        using var reader = new EntryReader(archive.Entries[0], new ReadBudget(zip.Length), int.MaxValue);
        using var copy = new MemoryStream();
        reader.CopyTo(copy);
        return copy.ToArray();
    }
}
