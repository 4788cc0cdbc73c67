using System.Text;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

public class StatisticsReaderTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        var reader = Reader(writer =>
        {
            writer.WriteBoolean(true);
            writer.WriteInt32(-7);
            writer.WriteInt64(1L << 60);
            writer.WriteDouble(double.NegativeInfinity);
            writer.WriteEnum(DayOfWeek.Friday);
            writer.WriteOptional<double>(0.5, writer.WriteDouble);
            writer.WriteOptional<double>(null, writer.WriteDouble);
            writer.WriteString("größe");
            writer.WriteString(null);
            writer.WriteDoubles([1.5, double.NaN]);
            writer.WriteInt64s([]);
            writer.WriteInt32s([3, -1]);
            writer.WriteStrings(["", "b"]);
            writer.WriteStrings(null);
        });

        reader.ReadBoolean().Should().BeTrue();
        reader.ReadInt32().Should().Be(-7);
        reader.ReadInt64().Should().Be(1L << 60);
        reader.ReadDouble().Should().Be(double.NegativeInfinity);
        reader.ReadEnum<DayOfWeek>().Should().Be(DayOfWeek.Friday);
        reader.ReadOptional(reader.ReadDouble).Should().Be(0.5);
        reader.ReadOptional(reader.ReadDouble).Should().BeNull();
        reader.ReadString().Should().Be("größe");
        reader.ReadStringOrNull().Should().BeNull();
        reader.ReadDoubles().Should().Equal(1.5, double.NaN);
        reader.ReadInt64s(expectedCount: 0).Should().BeEmpty();
        reader.ReadInt32s(expectedCount: 2).Should().Equal(3, -1);
        reader.ReadStringsOrNull().Should().Equal("", "b");
        reader.ReadStringsOrNull().Should().BeNull();
        reader.CheckAtEnd();
    }

    [Fact]
    public void Numbers_are_little_endian_and_texts_are_counted_in_bytes()
    {
        Bytes(writer =>
        {
            writer.WriteInt32(1);
            writer.WriteString("ä");
            writer.WriteDoubles([1]);
        }).Should().Equal(1, 0, 0, 0, 2, 0, 0, 0, 0xC3, 0xA4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1000)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_count_beyond_the_bytes_that_are_left_is_refused_before_anything_is_allocated(int count)
    {
        byte[] bytes = Bytes(writer =>
        {
            writer.WriteInt32(count);
            writer.WriteDouble(1);
        });
        Action<StatisticsReader>[] reads =
        [
            reader => reader.ReadDoubles(), reader => reader.ReadInt64s(), reader => reader.ReadInt32s(), reader => reader.ReadCount(8),
            reader => reader.ReadString(), reader => (reader.ReadStringsOrNull() ?? throw reader.Damaged("missing")).ToString(),
        ];

        foreach (var read in reads)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var act = () => read(new StatisticsReader(bytes, "entry", 1));
            act.Should().Throw<InvalidDataException>().WithMessage("*'entry'*damaged*mlContext.Model.Load*");
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
        }
    }

    [Fact]
    public void Another_count_than_expected_is_refused()
    {
        var act = () => Reader(writer => writer.WriteDoubles([1, 2])).ReadDoubles(expectedCount: 3);

        act.Should().Throw<InvalidDataException>().WithMessage("*2 items, expected 3*");
    }

    [Fact]
    public void Numbers_that_are_no_member_no_flag_or_no_text_are_refused()
    {
        ((Action)(() => Reader(writer => writer.WriteInt32(7)).ReadEnum<DayOfWeek>())).Should().Throw<InvalidDataException>().WithMessage("*7 is no DayOfWeek*");
        ((Action)(() => Reader(writer => writer.WriteInt32(2)).ReadBoolean())).Should().Throw<InvalidDataException>().WithMessage("*2*neither*");
        ((Action)(() => new StatisticsReader(new byte[] { 1, 0, 0, 0, 0xFF }, "entry", 1).ReadString())).Should().Throw<InvalidDataException>().WithMessage("*UTF-8*");
    }

    [Fact]
    public void Bytes_that_nothing_reads_are_refused()
    {
        var act = () => Reader(writer => writer.WriteInt32(7)).CheckAtEnd();

        act.Should().Throw<InvalidDataException>().WithMessage("*4 bytes are left over*");
    }

    [Fact]
    public void A_text_too_long_to_be_read_is_not_written()
    {
        var act = () => Bytes(writer => writer.WriteString(new string('x', StatisticsWriter.MaximumStringBytes + 1)));

        act.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_text_of_the_largest_length_is_written_and_read()
    {
        string text = new('x', StatisticsWriter.MaximumStringBytes);

        Reader(writer => writer.WriteString(text)).ReadString().Should().Be(text);
    }

    [Fact]
    public void A_list_that_claims_more_than_is_left_is_refused_by_its_count()
    {
        byte[] bytes = Bytes(writer =>
        {
            writer.WriteInt32(2);
            writer.WriteDouble(1);
        });

        ((Action)(() => new StatisticsReader(bytes, "entry", 1).ReadDoubles())).Should().Throw<InvalidDataException>()
            .WithMessage("*a list claims 2 items of 8 bytes or more where 8 bytes are left.*");
    }

    [Fact]
    public void Columns_take_their_slots_off_those_of_the_stock_form()
    {
        var reader = new StatisticsReader(Array.Empty<byte>(), "entry", 1, slotLimit: 8);
        reader.TakeSlots(5);
        reader.Invoking(r => r.TakeSlots(4)).Should().Throw<InvalidDataException>()
            .WithMessage("*a column claims 4 slots where the stock form beside the entry has room for 3.*");
        reader.TakeSlots(3);
        reader.Invoking(r => r.TakeSlots(1)).Should().Throw<InvalidDataException>();
    }

    private static StatisticsReader Reader(Action<StatisticsWriter> write) => new(Bytes(write), "entry", 1);

    private static byte[] Bytes(Action<StatisticsWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            write(new StatisticsWriter(writer));
        }
        return stream.ToArray();
    }
}
