using System.Numerics;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

/// <summary>Large batches on several threads.</summary>
public class LayerThreadsTests
{
    [Theory]
    [InlineData("batch", 2048, 100, 1, 2)]
    [InlineData("batch", 2048, 100, 1, 7)]
    [InlineData("batch", 70_000, 3, 1, 4)] // too few channels to divide, but many rows
    [InlineData("batch", 16, 40, 300, 3)]
    [InlineData("renorm", 1024, 129, 1, 3)]
    [InlineData("renorm", 1, 40, 6000, 2)] // one row
    public void The_results_are_the_same_bits_on_any_number_of_threads(string name, int rowCount, int channelCount, int spatialSize, int threadCount)
    {
        Compare<float>(name, rowCount, channelCount, spatialSize, threadCount);
        Compare<double>(name, rowCount, channelCount, spatialSize, threadCount);
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_batches()
    {
        var layer = new BatchNormLayer(64) { MaxDegreeOfParallelism = 4 };
        float[] input = RandomData.Normal(1, 64 * 4096).ToSingle();
        float[] output = [.. input];
        Train(layer, input, output, 3);
        // Handing a job to the thread pool allocates when other tests have filled the pool's queue: now and then, not in each of ten trials.
        Enumerable.Range(0, 10).Min(_ => AllocatedBytes(() => Train(layer, input, output, 3))).Should().Be(0);
    }

    [Fact]
    public async Task Many_layers_can_use_the_pool_at_once()
    {
        float[] input = RandomData.Normal(2, 64 * 2048).ToSingle();
        var expected = new BatchNormLayer(64);
        float[] output = expected.Forward(input);
        float[] gradient = expected.Backward(input, output);

        // More than the pool has threads: each must get along alone if need be.
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            var layer = new BatchNormLayer(64) { MaxDegreeOfParallelism = 4 };
            float[] mine = layer.Forward(input);
            return (Output: mine, Gradient: layer.Backward(input, mine));
        })));

        results.Should().AllSatisfy(result =>
        {
            result.Output.AsSpan().SequenceEqual(output).Should().BeTrue();
            result.Gradient.AsSpan().SequenceEqual(gradient).Should().BeTrue();
        });
    }

    [Fact]
    public void Less_than_one_thread_is_refused()
    {
        FluentActions.Invoking(() => new BatchNormLayer(1) { MaxDegreeOfParallelism = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new BatchRenormLayer(1) { MaxDegreeOfParallelism = -1 }).Should().Throw<ArgumentOutOfRangeException>();
        new BatchNormLayer(1).MaxDegreeOfParallelism.Should().Be(1);
    }

    private static void Compare<T>(string name, int rowCount, int channelCount, int spatialSize, int threadCount)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] input = [.. RandomData.Normal(4, rowCount * channelCount * spatialSize, 10, 3).Select(T.CreateTruncating)];
        T[] gradient = [.. RandomData.Normal(5, input.Length).Select(T.CreateTruncating)];
        var one = Create(name, channelCount, spatialSize, 1);
        var several = Create(name, channelCount, spatialSize, threadCount);
        for (int batch = 0; batch < 3; batch++)
        {
            several.Forward(input).AsSpan().SequenceEqual(one.Forward(input)).Should().BeTrue();
            several.Backward(input, gradient).AsSpan().SequenceEqual(one.Backward(input, gradient)).Should().BeTrue();
            several.GammaGradient.SequenceEqual(one.GammaGradient).Should().BeTrue();
            several.BetaGradient.SequenceEqual(one.BetaGradient).Should().BeTrue();
        }

        several.Forward(input, training: false).AsSpan().SequenceEqual(one.Forward(input, training: false)).Should().BeTrue();
        several.Backward(input, gradient).AsSpan().SequenceEqual(one.Backward(input, gradient)).Should().BeTrue();
    }

    private static NormalizationLayer Create(string name, int channelCount, int spatialSize, int threadCount) => name == "batch"
        ? new BatchNormLayer(channelCount, spatialSize) { MaxDegreeOfParallelism = threadCount }
        : new BatchRenormLayer(channelCount, spatialSize) { MaxDegreeOfParallelism = threadCount };

    private static long AllocatedBytes(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Train(NormalizationLayer layer, float[] input, float[] output, int count)
    {
        for (int i = 0; i < count; i++)
        {
            layer.Forward<float>(input, output, input.Length / layer.RowLength, training: true);
            layer.Backward<float>(input, output, output, input.Length / layer.RowLength);
        }
    }
}
