using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

public class RMSNormLayerTests
{
    [Fact]
    public void Each_row_is_divided_by_its_root_mean_square()
    {
        var layer = new RMSNormLayer(2, epsilon: 1e-12);
        layer.Gamma[1] = 3;
        layer.Beta[0] = 10;

        layer.Forward([1.0, 7, -70, 10]).ShouldBeClose([10.2, 4.2, 8.6, 0.6], 1e-11);
        layer.Forward([-70.0, 10], training: false).ShouldBeClose([8.6, 0.6], 1e-11, because: "other rows do not matter");
    }

    [Fact]
    public void A_row_of_zeros_becomes_beta()
    {
        var layer = new RMSNormLayer(3);
        layer.Beta.Fill(0.25);

        layer.Forward([0.0, 0, 0]).Should().OnlyContain(value => value == 0.25);
    }

    [Fact]
    public void A_missing_value_spreads_over_its_row_alone()
    {
        double[] output = new RMSNormLayer(2).Forward([1.0, double.NaN, 3, 4]);

        output[..2].Should().OnlyContain(result => double.IsNaN(result));
        output[2..].Should().OnlyContain(result => double.IsFinite(result));
    }

    [Fact]
    public void A_mean_stays_where_it_is()
    {
        new RMSNormLayer(2, epsilon: 1e-12).Forward([1_000_000.0, 1_000_001])[0].Should().BeApproximately(1, 1e-6);
    }
}
