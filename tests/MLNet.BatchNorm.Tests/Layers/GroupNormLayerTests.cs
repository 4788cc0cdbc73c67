using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

public class GroupNormLayerTests
{
    [Fact]
    public void Each_group_of_a_row_is_normalized_by_itself()
    {
        var layer = new GroupNormLayer(4, groupCount: 2, epsilon: 1e-12);
        layer.Gamma[1] = 3;
        layer.Beta[2] = 10;

        layer.Forward([1.0, 3, 500, 100, 7, 5, 0, 1]).ShouldBeClose([-1, 3, 11, -1, 1, -3, 9, 1], 1e-11);
    }

    [Fact]
    public void One_group_is_layer_normalization()
    {
        double[] input = RandomData.Normal(1, 5 * 6);
        double[] gradient = RandomData.Normal(2, 5 * 6);
        var group = new GroupNormLayer(6, groupCount: 1);
        var row = new LayerNormLayer(6);

        group.Forward(input).Should().Equal(row.Forward(input));
        group.Backward(input, gradient).Should().Equal(row.Backward(input, gradient));
        group.GammaGradient.ToArray().Should().Equal(row.GammaGradient.ToArray());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_not_finite_spreads_over_its_group_alone(double value)
    {
        double[] output = new GroupNormLayer(4, groupCount: 2).Forward([1.0, value, 3, 4]);

        output[..2].Should().OnlyContain(result => double.IsNaN(result));
        output[2..].Should().OnlyContain(result => double.IsFinite(result));
    }

    [Fact]
    public void A_constant_group_becomes_beta()
    {
        var layer = new GroupNormLayer(6, groupCount: 2);
        layer.Beta.Fill(0.25);

        layer.Forward([0.1, 0.1, 0.1, 1, 2, 3])[..3].Should().OnlyContain(value => value == 0.25);
    }
}
