using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

public class BatchRenormLayerTests
{
    /// <summary>Rounding of a handful of operations in double.</summary>
    private const double Rounding = 1e-14;

    // Mean 2, variance 2.25; with epsilon 1.75 sigmaB is 2. The running statistics start at mu 0 and sigma 1: r = 2, d = 2.
    private static readonly double[] Batch = [0.5, 3.5];

    [Fact]
    public void Algorithm_1_by_a_worked_example()
    {
        var layer = Example(rMax: 3, dMax: 5);

        layer.Forward(Batch).ShouldBeClose([0.5, 3.5], Rounding, because: "(x - 0) / 1, as at inference");

        layer.R.ToArray().Should().Equal(2);
        layer.D.ToArray().Should().Equal(2);
        layer.RunningMean.ShouldBeClose([1], Rounding);
        layer.RunningStandardDeviation.ShouldBeClose([1.5], Rounding);
        layer.Forward([4.0], training: false).ShouldBeClose([2], Rounding, because: "(4 - 1) / 1.5");
    }

    [Fact]
    public void Limits_clip_r_and_d()
    {
        var layer = Example(rMax: 1.5, dMax: 1);

        layer.Forward(Batch).ShouldBeClose([-0.125, 2.125], Rounding, because: "(x - 2) / 2 * 1.5 + 1");

        layer.R.ToArray().Should().Equal(1.5);
        layer.D.ToArray().Should().Equal(1);
    }

    [Fact]
    public void The_default_limits_are_the_final_ones_of_the_paper()
    {
        var layer = new BatchRenormLayer(1);
        layer.RMax.Should().Be(3);
        layer.DMax.Should().Be(5);
    }

    [Fact]
    public void Limits_of_1_and_0_are_batch_normalization()
    {
        double[] input = RandomData.Normal(1, 24, mean: 3, standardDeviation: 2);
        double[] gradient = RandomData.Normal(2, 24);
        var renorm = new BatchRenormLayer(3) { RMax = 1, DMax = 0 };
        var norm = new BatchNormLayer(3);
        for (int pass = 0; pass < 2; pass++)
        {
            renorm.Forward(input).ShouldBeClose(norm.Forward(input), Rounding, floor: 1);
            renorm.Backward(input, gradient).ShouldBeClose(norm.Backward(input, gradient), Rounding, floor: 1);
            renorm.GammaGradient.ToArray().ShouldBeClose(norm.GammaGradient.ToArray(), Rounding, floor: 1);
        }
    }

    [Fact]
    public void Unclipped_training_computes_what_inference_would_have()
    {
        double[] first = RandomData.Normal(1, 16);
        double[] second = RandomData.Normal(2, 16, mean: 1, standardDeviation: 2);
        var layer = new BatchRenormLayer(4) { RMax = double.PositiveInfinity, DMax = double.PositiveInfinity };
        layer.Forward(first);
        double[] inference = layer.Forward(second, training: false);

        layer.Forward(second).ShouldBeClose(inference, 1e-13, floor: 1);
    }

    [Fact]
    public void A_first_batch_has_nothing_to_be_corrected_to()
    {
        var layer = new BatchRenormLayer(1);
        layer.Forward([100.0, 300]).ShouldBeClose([-1, 1], 1e-9);
        layer.R.ToArray().Should().Equal(1);
        layer.D.ToArray().Should().Equal(0);
        layer.Forward([100.0, 300]);
        layer.R[0].Should().BeApproximately(1, Rounding);
        layer.D[0].Should().BeApproximately(0, Rounding);
    }

    [Fact]
    public void Floats_give_the_double_precision_results_rounded()
    {
        double[] input = [.. RandomData.Normal(1, 40).Select(value => (double)(float)value)];
        var single = Example(3, 5);
        var wide = Example(3, 5);
        float[] narrow = [.. input.Select(value => (float)value)];
        for (int pass = 0; pass < 2; pass++)
        {
            single.Forward(narrow).Should().Equal(wide.Forward(input).Select(value => (float)value));
            single.Backward(narrow, narrow).Should().Equal(wide.Backward(input, input).Select(value => (float)value));
        }
    }

    [Theory]
    [InlineData(0.99)]
    [InlineData(double.NaN)]
    public void A_limit_of_r_below_1_is_refused(double rMax)
    {
        Action set = () => _ = new BatchRenormLayer(1) { RMax = rMax };
        set.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*RMax must be at least 1*");
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(double.NaN)]
    public void A_negative_limit_of_d_is_refused(double dMax)
    {
        Action set = () => _ = new BatchRenormLayer(1) { DMax = dMax };
        set.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*DMax must not be negative*");
    }

    private static BatchRenormLayer Example(double rMax, double dMax) =>
        new(1, epsilon: 1.75, momentum: 0.5, runningStart: RunningStart.ZeroOne) { RMax = rMax, DMax = dMax };
}
