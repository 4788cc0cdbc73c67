using Microsoft.ML;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>States that no save has written, past the checksum: an error that says so, and no memory for what is not there.</summary>
public class ForgedStateTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Any_byte_turned_gives_a_transformer_or_an_exception_that_means_damage()
    {
        var transformer = _context.Transforms.Standardize(Rows.Column, options: new() { ChannelAxis = 0 })
            .Fit(Rows.Of<float>(_context, [[1, 2, 3, 4], [5, 6, 7, 9]], null, 2, 2));
        byte[] state = StateOf(transformer);
        int refused = 0;
        for (int position = 0; position < state.Length; position++)
        {
            byte[] forged = [.. state];
            forged[position] ^= 0xFF;
            refused += IsRefused(forged) ? 1 : 0;
        }
        refused.Should().BeGreaterThan(state.Length / 2, "most of what is written is checked");
    }

    [Fact]
    public void A_state_cut_off_anywhere_is_refused()
    {
        byte[] state = StateOf(_context.Transforms.Standardize(Rows.Column).Fit(Rows.Of<float>(_context, [[1, 2], [5, 6]])));
        Enumerable.Range(0, state.Length).Where(length => !IsRefused(state[..length])).Should().BeEmpty();
    }

    [Fact]
    public void Dimensions_beyond_all_reason_allocate_nothing()
    {
        // One channel, and so one set of statistics, for 2^30 slots.
        byte[] state = Write(writer =>
        {
            StandardizationState.Instance.WriteHeader(writer, new StandardizationOptions { ChannelAxis = 0 });
            writer.WriteInt32(1);
            writer.WriteString("Out");
            writer.WriteString("In");
            writer.WriteBoolean(false);
            writer.WriteBoolean(true);
            writer.WriteInt32s([1, 1 << 30]);
            writer.WriteStrings([]);
            MomentsState.Write(writer, new FeatureMoments(1));
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        IsRefused(state).Should().BeTrue();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    private bool IsRefused(byte[] state)
    {
        try
        {
            var reader = new StatisticsReader(state, "test", StandardizationState.Instance.Version);
            StandardizationState.Instance.Restore(reader, HostEnvironment.Of(_context.Transforms));
            reader.CheckAtEnd();
            return false;
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            // What the transformer's own checks refuse as an argument, StatisticsEntry reports as damage, too.
            return true;
        }
    }

    private static byte[] StateOf(StandardizationTransformer transformer) => Write(
        writer => StandardizationState.Instance.Write(writer, transformer.Options, transformer.Fitted));

    private static byte[] Write(Action<StatisticsWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            write(new StatisticsWriter(writer));
        }
        return stream.ToArray();
    }
}
