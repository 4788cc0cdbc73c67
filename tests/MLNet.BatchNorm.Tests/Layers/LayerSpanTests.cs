namespace MLNet.BatchNorm.Tests.Layers;

/// <summary>What layers refuse: memory that overlaps in part, sizes that no array holds, and parameters of the wrong number.</summary>
public class LayerSpanTests
{
    public static TheoryData<NormalizationLayer> Layers => [new BatchNormLayer(2), new BatchRenormLayer(2), new LayerNormLayer(2)];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Spans_that_overlap_in_part_are_refused_and_named(NormalizationLayer layer)
    {
        var memory = new double[32];
        Action forward = () => layer.Forward<double>(memory.AsSpan(8, 8), memory.AsSpan(9, 8), 4, training: true);
        forward.Should().Throw<ArgumentException>().WithMessage("input and output may be the same memory or apart, but here output begins 1 value(s) after input*");

        layer.Forward<double>(memory.AsSpan(8, 8), memory.AsSpan(16, 8), 4, training: true);
        Action byInput = () => layer.Backward<double>(memory.AsSpan(8, 8), memory.AsSpan(24, 8), memory.AsSpan(7, 8), 4);
        Action byGradient = () => layer.Backward<double>(memory.AsSpan(0, 8), memory.AsSpan(16, 8), memory.AsSpan(20, 8), 4);
        byInput.Should().Throw<ArgumentException>().WithMessage("input and inputGradient *");
        byGradient.Should().Throw<ArgumentException>().WithMessage("outputGradient and inputGradient *begins 4 value(s) after outputGradient*");
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_same_memory_gives_what_apart_gives(NormalizationLayer layer)
    {
        double[] values = [1, -2, 3, 5, 8, 13, 21, 34];
        var apart = new double[8];
        layer.SetGamma([2, -3]);
        layer.Forward<double>(values, apart, 4, training: false);
        layer.Forward<double>(values, values, 4, training: false);

        values.Should().Equal(apart);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Setters_of_gamma_and_beta_take_all_values_or_none(NormalizationLayer layer)
    {
        layer.SetGamma([2, 3]);
        layer.SetBeta([-1, 1]);
        layer.Gamma.ToArray().Should().Equal(2, 3);
        layer.Beta.ToArray().Should().Equal(-1, 1);

        layer.Invoking(l => l.SetGamma([1])).Should().Throw<ArgumentException>().WithMessage("Gamma: expected 2 value(s), one per parameter, and found 1.*");
        layer.Invoking(l => l.SetBeta([1, 2, 3])).Should().Throw<ArgumentException>().WithMessage("Beta: expected 2 value(s), one per parameter, and found 3.*");
        layer.Invoking(l => l.SetBeta([5, double.NaN])).Should().Throw<ArgumentException>().WithMessage("Beta: expected finite numbers, and found NaN.*");
        layer.Beta.ToArray().Should().Equal(-1, 1);
    }

    [Fact]
    public void Sizes_are_named_as_the_constructor_names_them()
    {
        Refused(() => new BatchNormLayer(0), "channelCount");
        Refused(() => new BatchNormLayer(int.MaxValue), "channelCount");
        Refused(() => new BatchNormLayer(1 << 20, 1 << 20), "spatialSize");
        Refused(() => new BatchNormLayer(2, -1), "spatialSize");
        Refused(() => new BatchRenormLayer(0), "channelCount");
        Refused(() => new BatchRenormLayer(int.MaxValue), "channelCount");
        Refused(() => new BatchRenormLayer(1 << 20, 1 << 20), "spatialSize");
        Refused(() => new LayerNormLayer(0), "featureCount");
        Refused(() => new LayerNormLayer(int.MaxValue), "featureCount");
        Refused(() => new FeatureMoments(0), "featureCount");
        Refused(() => new FeatureMoments(int.MaxValue), "featureCount");
        Refused(() => new RunningMoments(0), "featureCount");
        Refused(() => new RunningMoments(int.MaxValue), "featureCount");
    }

    private static void Refused(Func<object> create, string parameter) =>
        create.Should().Throw<ArgumentOutOfRangeException>().WithParameterName(parameter);
}
