using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

public class StatisticsEntryTests
{
    private static readonly HostEnvironment Host = HostEnvironment.Of(new MLContext().Model);

    private static readonly byte[] Entry = StatisticsEntry.Write(TestScaler.KindName, 2, TestScaler.Of("X", "X", 1, 2, "a note").Write);

    [Fact]
    public void An_intact_entry_gives_the_transformer_back()
    {
        var scaler = Read(Entry).Should().BeOfType<TestScaler>().Which;

        scaler.Note.Should().Be("a note");
        scaler.Column.Center.Should().Equal(1);
    }

    [Fact]
    public void The_frame_is_as_documented()
    {
        byte[] entry = StatisticsEntry.Write("AB", 3, writer => writer.WriteInt32(0x04030201));

        entry[..34].Should().Equal(
            (byte)'M', (byte)'L', (byte)'B', (byte)'N', (byte)'S', (byte)'T', (byte)'A', (byte)'T',
            1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, (byte)'A', (byte)'B', 3, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4);
        entry[34..].Should().Equal(SHA256.HashData(entry.AsSpan(0, 34)));
    }

    [Fact]
    public void An_entry_cut_off_anywhere_is_an_error_that_says_so()
    {
        for (int length = 0; length < Entry.Length; length++)
        {
            var act = () => Read(Entry.AsMemory(0, length));
            act.Should().Throw<InvalidDataException>($"it ends after {length} bytes").WithMessage("*'folder/entry'*mlContext.Model.Load*");
        }
    }

    [Fact]
    public void An_entry_with_any_bit_flipped_is_an_error()
    {
        for (int bit = 0; bit < Entry.Length * 8; bit++)
        {
            byte[] damaged = [.. Entry];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var act = () => Read(damaged);
            act.Should().Throw<InvalidDataException>($"bit {bit} is flipped");
        }
    }

    [Fact]
    public void Forged_content_under_a_right_checksum_ends_in_the_same_exception_and_allocates_little()
    {
        // Every 32-bit number at every place of the content becomes extreme in turn, and the checksum is made to fit.
        int[] extremes = [-1, int.MaxValue, int.MinValue, 1 << 27];
        int refused = 0;
        for (int position = 8; position + 4 <= Entry.Length - 32; position++)
        {
            foreach (int extreme in extremes)
            {
                byte[] forged = [.. Entry];
                BinaryPrimitives.WriteInt32LittleEndian(forged.AsSpan(position), extreme);
                SHA256.HashData(forged.AsSpan(0, forged.Length - 32), forged.AsSpan(forged.Length - 32));
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    Read(forged).Should().BeOfType<TestScaler>("a forged number may be a legal one");
                }
                catch (InvalidDataException)
                {
                    refused++;
                }
                (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 22);
            }
        }
        refused.Should().BeGreaterThan(extremes.Length);
    }

    [Fact]
    public void A_later_version_of_the_state_asks_for_an_update()
    {
        var act = () => Read(StatisticsEntry.Write(TestScaler.KindName, 3, _ => { }));

        act.Should().Throw<InvalidDataException>().WithMessage("*later version*'Test' has version 3*reads up to 2*Update*");
    }

    [Fact]
    public void A_later_version_of_the_frame_asks_for_an_update_before_anything_else_is_read()
    {
        byte[] entry = [.. Entry.AsSpan(0, 12), 2, 0, 0, 0, 1, 2, 3];

        var act = () => Read(entry);

        act.Should().Throw<InvalidDataException>().WithMessage("*later version*format has version 2*reads up to 1*Update*");
        ((Action)(() => Read(entry.AsMemory(0, 16)))).Should().Throw<InvalidDataException>("nothing more is needed").WithMessage("*later version*");
        ((Action)(() => Read(entry.AsMemory(0, 15)))).Should().Throw<InvalidDataException>().WithMessage("*does not start like a statistics entry*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Versions_of_a_state_start_with_1(int version)
    {
        byte[] entry = StatisticsEntry.Write(TestScaler.KindName, version, TestScaler.Of("X", "X", 1, 2, "a note").Write);

        ((Action)(() => Read(entry))).Should().Throw<InvalidDataException>().WithMessage($"*'folder/entry'*it claims version {version} of kind 'Test'.*");
    }

    [Fact]
    public void A_state_longer_than_its_kind_reads_is_damage()
    {
        byte[] entry = StatisticsEntry.Write(TestScaler.KindName, 2, writer =>
        {
            TestScaler.Of("X", "X", 1, 2, "a note").Write(writer);
            writer.WriteBoolean(true);
        });

        ((Action)(() => Read(entry))).Should().Throw<InvalidDataException>().WithMessage("*'folder/entry'*1 bytes are left over.*");
    }

    [Fact]
    public void A_later_frame_that_this_version_can_read_is_read()
    {
        byte[] entry = [.. Entry];
        entry[8] = 2;
        SHA256.HashData(entry.AsSpan(0, entry.Length - 32), entry.AsSpan(entry.Length - 32));

        Read(entry).Should().BeOfType<TestScaler>();
    }

    [Fact]
    public void An_unknown_kind_is_named_with_those_that_are_known()
    {
        var act = () => Read(StatisticsEntry.Write("Other", 1, _ => { }));

        act.Should().Throw<InvalidDataException>().WithMessage("*'Other'*does not know*Test*");
    }

    [Fact]
    public void What_the_transformer_itself_refuses_is_damage_to_the_entry()
    {
        var kind = new StatisticsKind("Test", 2, (_, _) => throw new ArgumentOutOfRangeException("epsilon", "Expected a positive number."));

        var act = () => StatisticsEntry.Read(Entry, "folder/entry", [kind], Host);

        act.Should().Throw<InvalidDataException>().WithMessage("*'folder/entry'*Expected a positive number*")
            .WithInnerException<ArgumentOutOfRangeException>();
    }

    private static ITransformer Read(ReadOnlyMemory<byte> entry) => StatisticsEntry.Read(entry, "folder/entry", [TestScaler.Kind], Host);
}
