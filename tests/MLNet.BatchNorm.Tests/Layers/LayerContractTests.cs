using System.Numerics;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

/// <summary>What all layers promise: no allocation, and errors that say what to do.</summary>
public class LayerContractTests
{
    public static TheoryData<string> Layers => ["batch", "image", "ghost", "renorm", "row", "group", "groups of images", "rms"];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Floats_allocate_nothing_after_the_first_batch(string name) => CheckAllocation<float>(Create(name));

    [Theory]
    [MemberData(nameof(Layers))]
    public void Doubles_allocate_nothing_after_the_first_batch(string name) => CheckAllocation<double>(Create(name));

    [Theory]
    [MemberData(nameof(Layers))]
    public void Gamma_starts_at_1_and_beta_at_0(string name)
    {
        NormalizationLayer layer = Create(name);
        layer.Gamma.ToArray().Should().OnlyContain(value => value == 1);
        layer.Beta.ToArray().Should().OnlyContain(value => value == 0);
        layer.Epsilon.Should().Be(1e-5);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Spans_of_the_wrong_length_are_refused(string name)
    {
        NormalizationLayer layer = Create(name);
        var right = new double[2 * layer.RowLength];
        var wrong = new double[right.Length - 1];

        Action[] calls =
        [
            () => layer.Forward<double>(wrong, right, 2, training: true),
            () => layer.Forward<double>(right, wrong, 2, training: true),
            () => layer.Backward<double>(wrong, right, right, 2),
            () => layer.Backward<double>(right, wrong, right, 2),
            () => layer.Backward<double>(right, right, wrong, 2),
        ];
        foreach (Action call in calls)
        {
            call.Should().Throw<ArgumentException>()
                .WithMessage($"Expected 2 row(s) of {layer.RowLength} value(s), {right.Length} in all, and found {wrong.Length}*");
        }

        Action none = () => layer.Forward<double>([], [], 0, training: true);
        none.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("rowCount");
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Backward_needs_the_forward_pass_of_the_same_batch(string name)
    {
        NormalizationLayer layer = Create(name);
        var two = new double[2 * layer.RowLength];
        var three = new double[3 * layer.RowLength];

        Action backward = () => layer.Backward(two, two);
        backward.Should().Throw<InvalidOperationException>().WithMessage("Call Forward before Backward*");
        layer.Forward(three);
        backward.Should().Throw<InvalidOperationException>().WithMessage("Expected the 3 row(s) of the last Forward, and found 2*");
    }

    [Fact]
    public void Backward_after_a_refused_forward_pass_is_refused()
    {
        var layer = new BatchRenormLayer(2);
        layer.Forward([1.0, 2, 3, 4]);
        Action single = () => layer.Forward([1.0, 2]);
        Action backward = () => layer.Backward([1.0, 2, 3, 4], [1.0, 2, 3, 4]);

        single.Should().Throw<InvalidOperationException>().WithMessage("*1 row*");
        backward.Should().Throw<InvalidOperationException>();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1e-5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Epsilon_must_be_positive_and_finite(double epsilon)
    {
        Action[] calls =
        [
            () => _ = new BatchNormLayer(1, epsilon: epsilon),
            () => _ = new BatchRenormLayer(1, epsilon: epsilon),
            () => _ = new LayerNormLayer(1, epsilon),
            () => _ = new GroupNormLayer(2, 1, epsilon: epsilon),
            () => _ = new RMSNormLayer(1, epsilon),
        ];
        foreach (Action call in calls)
        {
            call.Should().Throw<ArgumentOutOfRangeException>().WithMessage("Epsilon must be positive and finite*");
        }
    }

    [Fact]
    public void Sizes_and_momentum_are_checked()
    {
        Action[] calls =
        [
            () => _ = new BatchNormLayer(0),
            () => _ = new BatchNormLayer(1, spatialSize: 0),
            () => _ = new BatchNormLayer(1, momentum: 0),
            () => _ = new BatchNormLayer(1, momentum: 1.01),
            () => _ = new BatchRenormLayer(0),
            () => _ = new BatchRenormLayer(1, spatialSize: -1),
            () => _ = new BatchRenormLayer(1, momentum: 0),
            () => _ = new LayerNormLayer(0),
            () => _ = new GroupNormLayer(0, 1),
            () => _ = new GroupNormLayer(4, 0),
            () => _ = new GroupNormLayer(4, 3),
            () => _ = new GroupNormLayer(4, 2, spatialSize: 0),
            () => _ = new RMSNormLayer(0),
            () => new BatchNormLayer(3).GhostBatchSize = 1,
            () => new BatchNormLayer(3, spatialSize: 2).GhostBatchSize = 0,
        ];
        foreach (Action call in calls)
        {
            call.Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    private static NormalizationLayer Create(string name) => name switch
    {
        "batch" => new BatchNormLayer(6),
        "ghost" => new BatchNormLayer(6) { GhostBatchSize = 3 },
        "group" => new GroupNormLayer(6, groupCount: 2),
        "groups of images" => new GroupNormLayer(4, groupCount: 2, spatialSize: 3),
        "rms" => new RMSNormLayer(6),
        "image" => new BatchNormLayer(3, spatialSize: 7),
        "renorm" => new BatchRenormLayer(6),
        "row" => new LayerNormLayer(6),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown layer."),
    };

    private static void CheckAllocation<T>(NormalizationLayer layer)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] input = [.. RandomData.Normal(1, 8 * layer.RowLength).Select(T.CreateChecked)];
        T[] output = [.. input];
        T[] gradient = [.. input];
        Run(layer, input, output, gradient, 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(layer, input, output, gradient, 10);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static void Run<T>(NormalizationLayer layer, T[] input, T[] output, T[] gradient, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < count; i++)
        {
            layer.Forward<T>(input, output, 8, training: true);
            layer.Backward<T>(input, output, gradient, 8);
            layer.Forward<T>(input, output, 8, training: false);
            layer.Backward<T>(input, output, gradient, 8);
        }
    }
}
