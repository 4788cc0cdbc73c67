using Microsoft.ML;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;
using MLNet.BatchNorm.Tests.Scaling;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

/// <summary>A damaged or forged state ends in a clear error, whatever is wrong with it.</summary>
public class BatchNormStateTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly byte[] _state;

    public BatchNormStateTests()
    {
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: new() { BatchSize = 8, Gamma = new[] { 1.0, 2, 3 } })
            .Fit(Rows.Of(_context, Rows.Random(50, 3, seed: 1)));
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        BatchNormState.Instance.Write(new StatisticsWriter(writer), transformer.Options, transformer.Fitted);
        _state = stream.ToArray();
    }

    [Fact]
    public void Whole_it_reads() => Read(_state).Columns[0].BatchCount.Should().Equal(7, 7, 7);

    [Fact]
    public void Cut_short_anywhere_it_is_an_error()
    {
        for (int length = 0; length < _state.Length; length++)
        {
            this.Invoking(test => test.Read(test._state[..length])).Should().Throw<InvalidDataException>();
        }
    }

    [Fact]
    public void Any_byte_forged_gives_a_transformer_or_an_error_that_names_the_entry()
    {
        int refused = 0;
        for (int position = 0; position < _state.Length; position++)
        {
            foreach (byte mask in new byte[] { 0x01, 0x80, 0xFF })
            {
                byte[] forged = [.. _state];
                forged[position] ^= mask;
                try
                {
                    Read(forged);
                }
                catch (InvalidDataException exception)
                {
                    exception.Message.Should().Contain("'entry'");
                    refused++;
                }
            }
        }
        refused.Should().BeGreaterThan(_state.Length / 2);
    }

    private BatchNormTransformer Read(byte[] state)
    {
        byte[] entry = StatisticsEntry.Write(BatchNormState.Instance.Kind, BatchNormState.Instance.Version, writer =>
        {
            foreach (byte value in state)
            {
                writer.WriteBoolean(value != 0);
            }
        });
        // The writer writes no raw bytes: put them where the flags stand, and sign anew.
        state.CopyTo(entry, entry.Length - 32 - state.Length);
        System.Security.Cryptography.SHA256.HashData(entry.AsSpan(0, entry.Length - 32)).CopyTo(entry, entry.Length - 32);
        return (BatchNormTransformer)StatisticsEntry.Read(entry, "entry", StatisticsKinds.All, HostEnvironment.Of(_context.Transforms));
    }
}
