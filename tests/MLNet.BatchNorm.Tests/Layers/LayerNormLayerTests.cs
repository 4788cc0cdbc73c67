using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

public class LayerNormLayerTests
{
    [Fact]
    public void Each_row_is_normalized_by_itself()
    {
        var layer = new LayerNormLayer(2, epsilon: 1e-12);
        layer.Gamma[1] = 3;
        layer.Beta[0] = 10;

        layer.Forward([1.0, 3, 500, 100]).ShouldBeClose([9, 3, 11, -3], 1e-11);
        layer.Forward([500.0, 100], training: false).ShouldBeClose([11, -3], 1e-11, because: "other rows do not matter");
    }

    [Fact]
    public void A_constant_row_becomes_beta()
    {
        var layer = new LayerNormLayer(5);
        layer.Beta.Fill(0.25);
        layer.Forward([0.1, 0.1, 0.1, 0.1, 0.1]).Should().OnlyContain(value => value == 0.25);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_not_finite_spreads_over_its_row_alone(double value)
    {
        double[] output = new LayerNormLayer(3).Forward([1.0, value, 3, 4, 5, 9]);
        output[..3].Should().OnlyContain(result => double.IsNaN(result));
        output[3..].Should().OnlyContain(result => double.IsFinite(result));
    }

    [Fact]
    public void Floats_far_from_zero_keep_their_variance()
    {
        float[] input = [999_999, 1_000_001, 999_999, 1_000_001, 1_000_000];
        double unit = 1 / Math.Sqrt(0.8 + 1e-5);
        new LayerNormLayer(5).Forward(input).ToDouble().ShouldBeClose([-unit, unit, -unit, unit, 0], 6e-8);
    }

    [Fact]
    public void Wide_rows_give_what_plain_loops_give()
    {
        const int length = 1003;
        double[] input = RandomData.Normal(1, length, mean: 5, standardDeviation: 2);
        double[] gradient = RandomData.Normal(2, length);
        var layer = new LayerNormLayer(length);
        double mean = input.Average();
        double deviation = Math.Sqrt(input.Average(value => (value - mean) * (value - mean)) + 1e-5);
        double[] normalized = [.. input.Select(value => (value - mean) / deviation)];
        double product = gradient.Zip(normalized, (a, b) => a * b).Average();

        layer.Forward(input).ShouldBeClose(normalized, 1e-12, floor: 1);
        layer.Backward(input, gradient).ShouldBeClose(
            gradient.Zip(normalized, (a, b) => (a - gradient.Average() - (b * product)) / deviation), 1e-12, floor: 1);
    }
}
