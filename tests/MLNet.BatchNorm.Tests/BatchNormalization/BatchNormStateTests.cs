using Microsoft.ML;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

/// <summary>A damaged or forged state ends in a clear error, whatever is wrong with it.</summary>
public class BatchNormStateTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly byte[] _state;
    private readonly int _optionsLength;

    public BatchNormStateTests()
    {
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: new() { BatchSize = 8, Gamma = new[] { 1.0, 2, 3 } })
            .Fit(Rows.Of(_context, Rows.Random(50, 3, seed: 1)));
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        BatchNormState.Instance.WriteHeader(new StatisticsWriter(writer), transformer.Options);
        _optionsLength = (int)stream.Length;
        stream.SetLength(0);
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

    [Fact]
    public void A_state_of_version_1_knows_its_batches_as_of_equal_size()
    {
        // Its options ended before two lists, empty here, and its statistics before three lists of three numbers. Mean and variance, behind the number
        // of batches, were times the weight. Of quantiles it knew nothing: neither the flag and the size behind infinity policy and channel axis, nor
        // the flag at the end.
        const int Shared = sizeof(int) + 1;
        const int List = sizeof(int) + (3 * sizeof(double));
        const int Statistics = sizeof(long) + (6 * List) + (2 * sizeof(long));
        const int Behind = (3 * List) + 1;
        byte[] statistics = _state[^(Statistics + Behind)..^Behind];
        for (int feature = 0; feature < 3; feature++)
        {
            var mean = statistics.AsSpan(sizeof(long) + sizeof(int) + (feature * sizeof(double)));
            double weight = BitConverter.ToDouble(mean[(2 * List)..]);
            BitConverter.TryWriteBytes(mean, BitConverter.ToDouble(mean) * weight).Should().BeTrue();
            BitConverter.TryWriteBytes(mean[List..], BitConverter.ToDouble(mean[List..]) * weight).Should().BeTrue();
        }
        byte[] old =
        [
            .. _state[..Shared],
            .. _state[(Shared + 1 + sizeof(int))..(_optionsLength - (2 * sizeof(int)))],
            .. _state[_optionsLength..^(Statistics + Behind)],
            .. statistics,
        ];
        var running = Read(old, version: 1).Columns[0].Running;
        var now = Read(_state).Columns[0].Running;

        // 50 rows in seven batches; the weights of seven batches of momentum 0.1, over their sum.
        double[] weights = [.. Enumerable.Range(0, 7).Select(i => 0.1 * Math.Pow(0.9, i))];
        double values = 50 / 7.0;
        running.Batches.Precision.MeanError.ShouldBeClose(Enumerable.Repeat(weights.Sum(weight => weight * weight) / values, 3), 1e-12);
        running.Batches.Precision.VarianceError.ShouldBeClose(Enumerable.Repeat(weights.Sum(weight => weight * weight) / (values - 1), 3), 1e-12);
        running.Batches.Precision.Shortfall.ShouldBeClose(Enumerable.Repeat(weights.Sum() / values, 3), 1e-12);
        running.Running.Mean.ShouldBeClose(now.Running.Mean, 1e-15);
        running.Running.Variance.ShouldBeClose(now.Running.Variance, 1e-15);
        // What is saved now knows that the last batch had two rows.
        now.Batches.Precision.MeanError.ShouldBeClose(
            Enumerable.Repeat(weights.Select((weight, i) => weight * weight / (i == 0 ? 2 : 8)).Sum(), 3), 1e-12);
    }

    [Theory]
    [InlineData(0, 0.0, 0, 0)]
    [InlineData(50, 1.0, 3, 3)]
    [InlineData(7, 1.0, 1, 5)]
    public void A_tally_that_batches_may_have_left_reads(long groups, double squares, long leftOutBatches, long leftOutRows)
    {
        // As many batches as values are of one value each.
        var read = Restore(Tally(groups, squares, leftOutBatches, leftOutRows));

        read.Batches.GroupCount.Should().Equal(7, 7, groups);
        read.Batches.SquaredDeviations[2].Should().Be(squares);
        (read.Batches.LeftOutBatchCount, read.Batches.LeftOutRowCount).Should().Be((leftOutBatches, leftOutRows));
    }

    [Theory]
    [InlineData(-1, 1.0, 0, 0, "feature 2 of column 'Features' has -1 batches of 50 values, with squared deviations 1")]
    [InlineData(51, 1.0, 0, 0, "feature 2 of column 'Features' has 51 batches of 50 values, with squared deviations 1")]
    [InlineData(7, double.NaN, 0, 0, "feature 2 of column 'Features' has 7 batches of 50 values, with squared deviations NaN")]
    [InlineData(7, double.PositiveInfinity, 0, 0, "feature 2 of column 'Features' has 7 batches of 50 values, with squared deviations *")]
    [InlineData(7, -1.0, 0, 0, "feature 2 of column 'Features' has 7 batches of 50 values, with squared deviations -1")]
    [InlineData(7, 1.0, -1, 0, "0 rows are said to have been left out in -1 batches")]
    [InlineData(7, 1.0, 3, 2, "2 rows are said to have been left out in 3 batches")]
    public void A_tally_that_no_batches_can_have_left_is_damage(long groups, double squares, long leftOutBatches, long leftOutRows, string what)
    {
        this.Invoking(test => test.Restore(Tally(groups, squares, leftOutBatches, leftOutRows))).Should().Throw<InvalidDataException>()
            .WithMessage($"*'entry'*{what}*");
    }

    [Fact]
    public void Errors_of_running_statistics_are_shares_from_0_to_1()
    {
        double[] whole = [0, 1, 0.5];
        var read = Restore(Tally(7, 1, 0, 0, RunningPrecision.FromState(whole, whole, whole))).Batches.Precision;
        read.MeanError.Should().Equal(whole);
        read.VarianceError.Should().Equal(whole);
        read.Shortfall.Should().Equal(whole);

        foreach (double wrong in new[] { -1, 2, double.NaN })
        {
            foreach (double[] list in new double[][] { [wrong, 0, 0], [0, 0, wrong] })
            {
                int feature = Array.IndexOf(list, wrong);
                Refuse(RunningPrecision.FromState(list, whole, whole), $"the mean error of feature {feature} of column 'Features' is {wrong}");
                Refuse(RunningPrecision.FromState(whole, list, whole), $"the variance error of feature {feature} of column 'Features' is {wrong}");
                Refuse(RunningPrecision.FromState(whole, whole, list), $"the shortfall of feature {feature} of column 'Features' is {wrong}");
            }
        }

        void Refuse(RunningPrecision precision, string what) =>
            this.Invoking(test => test.Restore(Tally(7, 1, 0, 0, precision))).Should().Throw<InvalidDataException>().WithMessage($"*'entry'*{what}*");
    }

    /// <summary>Of three features, two of them as they may be.</summary>
    private static BatchTally Tally(long groups, double squares, long leftOutBatches, long leftOutRows, RunningPrecision? precision = null) =>
        BatchTally.FromState([7, 7, groups], [1, 1, squares], precision ?? new RunningPrecision(3), leftOutBatches, leftOutRows);

    private RunningColumn Restore(BatchTally batches)
    {
        var transformer = Read(_state);
        byte[] entry = StatisticsEntry.Write(BatchNormState.Instance.Kind, BatchNormState.Instance.Version, writer => BatchNormState.Instance.Write(
            writer, transformer.Options, [transformer.Columns[0].Running with { Batches = batches }]));
        var read = (BatchNormTransformer)StatisticsEntry.Read(entry, "entry", StatisticsKinds.All, HostEnvironment.Of(_context.Transforms));
        return read.Columns[0].Running;
    }

    private BatchNormTransformer Read(byte[] state, int? version = null)
    {
        byte[] entry = StatisticsEntry.Write(BatchNormState.Instance.Kind, version ?? BatchNormState.Instance.Version, writer =>
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
