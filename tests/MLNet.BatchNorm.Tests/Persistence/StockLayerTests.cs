using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

public class StockLayerTests
{
    private readonly StockLayer _layer = new([1, 2, 3, 4, 5, 6], [7, 8], "x => x");

    [Fact]
    public void Weights_are_rows_of_inputs_one_per_output()
    {
        (_layer.InputCount, _layer.OutputCount).Should().Be((3, 2));
        _layer.Rows(0, 2).ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
        _layer.Rows(1, 1).ToArray().Should().Equal(4, 5, 6);
        _layer.Rows(1, 0).ToArray().Should().BeEmpty();
    }

    [Fact]
    public void The_identity_gives_each_input_as_it_is()
    {
        var identity = StockLayer.Identity(3);
        identity.Weights.Should().Equal(1, 0, 0, 0, 1, 0, 0, 0, 1);
        identity.Bias.Should().Equal(0, 0, 0);
    }

    [Theory]
    [InlineData(3, 4, new float[] { 1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0 }, new float[] { 7, 8, 0, 0 })]
    [InlineData(4, 2, new float[] { 1, 2, 3, 0, 4, 5, 6, 0 }, new float[] { 7, 8 })]
    [InlineData(4, 3, new float[] { 1, 2, 3, 0, 4, 5, 6, 0, 0, 0, 0, 0 }, new float[] { 7, 8, 0 })]
    public void Padded_it_has_zeros_for_the_inputs_and_outputs_that_are_new(int inputs, int outputs, float[] weights, float[] bias)
    {
        var padded = _layer.Pad(inputs, outputs);
        padded.Weights.Should().Equal(weights);
        padded.Bias.Should().Equal(bias);
        padded.Activation.Should().Be("x => x");
    }

    [Fact]
    public void Of_the_same_size_it_is_the_layer_itself() => _layer.Pad(3, 2).Should().BeSameAs(_layer);
}
