using Microsoft.ML;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>States that earlier versions wrote.</summary>
public class EarlierStatesTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void A_standardization_from_before_quantiles_is_what_it_was()
    {
        var now = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, Rows.Random(50, 3, seed: 1)));
        var then = ReadEarlier(StandardizationState.Instance, now.Options, now);
        then.Options.Should().Be(now.Options);
        then.Columns[0].Scale.Should().Equal(now.Columns[0].Scale);
    }

    [Fact]
    public void A_standardization_from_before_given_statistics_is_what_it_was()
    {
        var now = _context.Transforms.Standardize(Rows.Column, options: new() { Epsilon = 0.5 }).Fit(Rows.Of(_context, Rows.Random(50, 3, seed: 1)));
        // The options ended before two lists, empty here.
        const int Lists = 2 * sizeof(int);
        byte[] bytes = WithoutQuantiles(StandardizationState.Instance, now.Options, now);
        int optionsEnd = Written(writer => StandardizationState.Instance.WriteHeader(writer, now.Options)).Length - 1 - sizeof(int);

        var then = Read(StandardizationState.Instance, [.. bytes[..(optionsEnd - Lists)], .. bytes[optionsEnd..]], version: 1);

        then.Options.Should().Be(now.Options);
        then.Columns[0].Scale.Should().Equal(now.Columns[0].Scale);
        then.Columns[0].Offset.Should().Equal(now.Columns[0].Offset);
    }

    [Fact]
    public void A_min_max_scaling_from_before_quantiles_is_what_it_was()
    {
        var now = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Clip = true }).Fit(Rows.Of(_context, Rows.Random(50, 3, seed: 1)));
        var then = ReadEarlier(MinMaxScalingState.Instance, now.Options, now);
        then.Options.Should().Be(now.Options);
        then.Columns[0].Scale.Should().Equal(now.Columns[0].Scale);
    }

    [Fact]
    public void A_batch_normalization_from_before_quantiles_is_what_it_was()
    {
        var now = _context.Transforms.BatchNormalize(Rows.Column, options: new() { BatchSize = 16 }).Fit(Rows.Of(_context, Rows.Random(50, 3, seed: 1)));
        var then = ReadEarlier(BatchNormState.Instance, now.Options, now);
        then.Options.Should().Be(now.Options);
        then.Columns[0].RunningVariance.Should().Equal(now.Columns[0].RunningVariance);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(null)]
    public void Running_sums_of_version_two_are_the_averages_of_today(double? momentum)
    {
        var options = new BatchNormOptions { BatchSize = 16, Momentum = momentum, TrackQuantiles = false };
        var now = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of(_context, Rows.Random(50, 3, seed: 1)));
        var state = ((RunningColumn)now.Fitted[0]).Running.ExportState();
        state.Weight.Should().OnlyContain(weight => weight > 0);
        byte[] bytes = WithoutQuantiles(BatchNormState.Instance, options, now);
        // Version 2 has weight times average where today's has the average.
        Replace(bytes, state.Mean, [.. state.Mean.Zip(state.Weight, (mean, weight) => mean * weight)]);
        Replace(bytes, state.Variance, [.. state.Variance.Zip(state.Weight, (variance, weight) => variance * weight)]);

        var then = Read(BatchNormState.Instance, bytes, version: 2);
        then.Options.Should().Be(options);
        then.Columns[0].RunningMean.ShouldBeClose(now.Columns[0].RunningMean, 1e-15);
        then.Columns[0].RunningVariance.ShouldBeClose(now.Columns[0].RunningVariance, 1e-15);
    }

    private TTransformer ReadEarlier<TTransformer, TOptions>(ScalingState<TTransformer, TOptions> state, TOptions options, TTransformer transformer)
        where TTransformer : ScalingTransformer
        where TOptions : ScalingOptions =>
        Read(state, WithoutQuantiles(state, options, transformer), state.Version - 1);

    private static byte[] WithoutQuantiles<TTransformer, TOptions>(ScalingState<TTransformer, TOptions> state, TOptions options, TTransformer transformer)
        where TTransformer : ScalingTransformer
        where TOptions : ScalingOptions
    {
        byte[] bytes = Written(writer => state.Write(writer, options, transformer.Fitted));
        // Infinity policy and no channel axis; then the flag and the size of quantiles; at the end a flag for the one column.
        const int Shared = sizeof(int) + 1;
        return [.. bytes[..Shared], .. bytes[(Shared + 1 + sizeof(int))..^1]];
    }

    private TTransformer Read<TTransformer, TOptions>(ScalingState<TTransformer, TOptions> state, byte[] bytes, int version)
        where TTransformer : ScalingTransformer
        where TOptions : ScalingOptions
    {
        var reader = new StatisticsReader(bytes, "test", version);
        var read = state.Restore(reader, HostEnvironment.Of(_context.Transforms));
        reader.CheckAtEnd();
        return read;
    }

    private static void Replace(Span<byte> bytes, double[] what, double[] with)
    {
        byte[] found = Written(writer => writer.WriteDoubles(what));
        int start = bytes.LastIndexOf(found);
        start.Should().BePositive();
        Written(writer => writer.WriteDoubles(with)).CopyTo(bytes[start..]);
    }

    private static byte[] Written(Action<StatisticsWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        write(new StatisticsWriter(writer));
        writer.Flush();
        return stream.ToArray();
    }
}
