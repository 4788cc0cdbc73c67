using Microsoft.ML;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>States of the version before the one that knows of quantiles.</summary>
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

    private TTransformer ReadEarlier<TTransformer, TOptions>(ScalingState<TTransformer, TOptions> state, TOptions options, TTransformer transformer)
        where TTransformer : ScalingTransformer
        where TOptions : ScalingOptions
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        state.Write(new StatisticsWriter(writer), options, transformer.Fitted);
        byte[] bytes = stream.ToArray();
        // Infinity policy and no channel axis; then the flag and the size of quantiles; at the end a flag for the one column.
        const int Shared = sizeof(int) + 1;
        byte[] old = [.. bytes[..Shared], .. bytes[(Shared + 1 + sizeof(int))..^1]];
        var reader = new StatisticsReader(old, "test", version: state.Version - 1);
        var read = state.Restore(reader, HostEnvironment.Of(_context.Transforms));
        reader.CheckAtEnd();
        return read;
    }
}
