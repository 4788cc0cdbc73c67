using System.Buffers.Binary;
using System.Text;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>Streams as their layout is documented, number by number.</summary>
public class StockModelStreamTests
{
    private const int ModelPosition = 0x10;
    private const int ModelSize = 0x18;
    private const int TailPosition = 0x80;
    private const int End = 0x88;
    private const int AssemblyPosition = 0x90;

    private static readonly StockComponent Component = new("AB CDEF", 0x00010003, 0x00010002, "SomeLoader", "Some.Assembly");

    private readonly byte[] _stream = Create();

    [Fact]
    public void All_parts_stand_where_the_header_says()
    {
        // The block is three numbers; the strings, each once, "ab" and "ä" and half a pair.
        const string Characters = "abä\uD800";
        Number(_stream, ModelPosition).Should().Be(256);
        Number(_stream, ModelSize).Should().Be(12);
        _stream[256..268].Should().Equal(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
        Number(_stream, 0x20).Should().Be(268);
        Number(_stream, 0x28).Should().Be(2 * 8);
        Number(_stream, 268).Should().Be(2 * 2, "there the characters of the first string end");
        Number(_stream, 276).Should().Be(2 * 4);
        Number(_stream, 0x30).Should().Be(284);
        Number(_stream, 0x38).Should().Be(8);
        _stream[284..292].Should().Equal(Characters.SelectMany(character => new[] { (byte)character, (byte)(character >> 8) }));
        Number(_stream, AssemblyPosition).Should().Be(292);
        BinaryPrimitives.ReadInt32LittleEndian(_stream.AsSpan(0x98)).Should().Be(26);
        Encoding.Unicode.GetString(_stream, 292, 26).Should().Be("Some.Assembly");
        Number(_stream, TailPosition).Should().Be(318);
        Number(_stream, End).Should().Be(326);
        _stream.Should().HaveCount(326);
        // A zero for the space in "ML MODEL", forwards and backwards.
        _stream[..8].Should().Equal("ML\0MODEL"u8.ToArray());
        _stream[^8..].Should().Equal("LEDOM\0LM"u8.ToArray());
        _stream[8..16].Should().Equal(2, 0, 1, 0, 2, 0, 1, 0);
        _stream[0x40..0x48].Should().Equal("AB\0CDEF\0"u8.ToArray());
        _stream[0x48..0x50].Should().Equal(3, 0, 1, 0, 2, 0, 1, 0);
        _stream[0x50..0x80].Should().Equal([.. "SomeLoader"u8, .. new byte[38]]);
        _stream[0x9C..0x100].Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Without_strings_there_is_no_table()
    {
        byte[] stream = StockModelStream.CreateChain([1, 7]);

        Number(stream, ModelSize).Should().Be(12);
        stream[256..268].Should().Equal(2, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0);
        stream[0x20..0x40].Should().OnlyContain(value => value == 0);
        Number(stream, AssemblyPosition).Should().Be(268);
        StockModelStream.IsWhole(stream).Should().BeTrue();
    }

    [Fact]
    public void A_stream_is_whole_only_as_it_was_written()
    {
        StockModelStream.IsWhole(_stream).Should().BeTrue();
        StockModelStream.IsWhole([]).Should().BeFalse();
        StockModelStream.IsWhole(_stream.AsSpan(0, 263)).Should().BeFalse();
        StockModelStream.IsWhole(_stream.AsSpan(0, _stream.Length - 1)).Should().BeFalse();
        StockModelStream.IsWhole([.. _stream, 0]).Should().BeFalse();
        foreach (int place in new[] { 0, 7, ModelPosition, TailPosition, End, _stream.Length - 8, _stream.Length - 1 })
        {
            StockModelStream.IsWhole(Flip(_stream, place)).Should().BeFalse($"byte {place} is another one");
        }
    }

    [Theory]
    [InlineData(0, true)]
    // Up to the tail, and beyond.
    [InlineData(318 - 256, true)]
    [InlineData(318 - 256 + 1, false)]
    [InlineData(-1, false)]
    [InlineData(long.MaxValue, false)]
    public void The_block_of_a_whole_stream_ends_before_the_tail(long size, bool isWhole) =>
        StockModelStream.IsWhole(With(_stream, ModelSize, size)).Should().Be(isWhole);

    [Fact]
    public void A_stream_as_short_as_can_be_is_whole()
    {
        byte[] stream = StockModelStream.Create(Component with { AssemblyName = "" }, (_, _) => { });
        stream.Should().HaveCount(264);
        StockModelStream.IsWhole(stream).Should().BeTrue();
        StockModelStream.HaveSameContent(stream, stream).Should().BeTrue();
    }

    [Fact]
    public void Content_is_the_same_whatever_assembly_is_named_and_in_no_other_case()
    {
        StockModelStream.HaveSameContent(_stream, Create()).Should().BeTrue();
        StockModelStream.HaveSameContent(_stream, Create(Component with { AssemblyName = "Some.Other.Assembly, Version=2" })).Should().BeTrue();

        StockModelStream.HaveSameContent(_stream, Create(number: 2)).Should().BeFalse();
        StockModelStream.HaveSameContent(_stream, Create(text: "ac")).Should().BeFalse();
        StockModelStream.HaveSameContent(_stream, Create(text: "abc")).Should().BeFalse();
        StockModelStream.HaveSameContent(_stream, Create(Component with { Signature = "AB CDEG" })).Should().BeFalse();
        StockModelStream.HaveSameContent(_stream, Create(Component with { VersionWritten = 0x00010004 })).Should().BeFalse();
        StockModelStream.HaveSameContent(_stream, Create(Component with { Loader = "OtherLoader" })).Should().BeFalse();
        StockModelStream.HaveSameContent(_stream, _stream.AsSpan(..^1)).Should().BeFalse();
        StockModelStream.HaveSameContent(_stream.AsSpan(..^1), _stream).Should().BeFalse();
        foreach (long end in new[] { -1L, 255, _stream.Length + 1, long.MaxValue })
        {
            byte[] forged = With(_stream, AssemblyPosition, end);
            StockModelStream.HaveSameContent(forged, forged).Should().BeFalse($"the strings end at {end}");
        }
        StockModelStream.HaveSameContent(_stream, With(_stream, AssemblyPosition, 291)).Should().BeFalse();
    }

    [Fact]
    public void The_block_is_that_of_the_component_asked_for_or_none()
    {
        StockModelStream.TryGetModel(_stream, Component)!.Value.ToArray().Should().Equal(_stream[256..268]);

        StockModelStream.TryGetModel(_stream, Component with { Signature = "AB CDEG" }).Should().BeNull();
        StockModelStream.TryGetModel(_stream, Component with { Signature = "AB CDE" }).Should().BeNull();
        StockModelStream.TryGetModel(_stream.AsMemory(0, 255), Component).Should().BeNull();
        StockModelStream.TryGetModel(Flip(_stream, 0), Component).Should().BeNull();
    }

    [Theory]
    [InlineData(256, 0, true)]
    [InlineData(256, 70, true)]
    [InlineData(256, 71, false)]
    [InlineData(326, 0, true)]
    [InlineData(327, 0, false)]
    [InlineData(327, -1, false)]
    [InlineData(255, 1, false)]
    [InlineData(256, -1, false)]
    [InlineData(long.MaxValue, 1, false)]
    [InlineData(256, long.MaxValue, false)]
    public void The_block_lies_behind_the_header_and_inside_of_the_stream(long position, long size, bool isInside)
    {
        var block = StockModelStream.TryGetModel(With(With(_stream, ModelPosition, position), ModelSize, size), Component);
        block.HasValue.Should().Be(isInside);
        (block?.Length ?? size).Should().Be(size);
    }

    private static byte[] Create(StockComponent? component = null, string text = "ab", int number = 0) =>
        StockModelStream.Create(component ?? Component, (writer, strings) =>
        {
            writer.Write(strings.IndexOf(text));
            writer.Write(strings.IndexOf("ä\uD800"));
            writer.Write(strings.IndexOf(text) + number);
        });

    private static long Number(byte[] stream, int position) => BinaryPrimitives.ReadInt64LittleEndian(stream.AsSpan(position));

    private static byte[] With(byte[] stream, int position, long number)
    {
        byte[] changed = [.. stream];
        BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(position), number);
        return changed;
    }

    private static byte[] Flip(byte[] stream, int position)
    {
        byte[] changed = [.. stream];
        changed[position] ^= 1;
        return changed;
    }
}
