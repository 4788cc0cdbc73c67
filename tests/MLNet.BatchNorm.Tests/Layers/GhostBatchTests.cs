using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

/// <summary>Ghost batches: parts of a batch, each as if it were one.</summary>
public class GhostBatchTests
{
    private const int Channels = 3;

    [Theory]
    [InlineData(8, 4, new[] { 4, 4 })]
    [InlineData(9, 4, new[] { 4, 5 })]
    [InlineData(11, 4, new[] { 4, 7 })]
    [InlineData(3, 4, new[] { 3 })]
    [InlineData(8, 8, new[] { 8 })]
    public void Each_part_is_what_a_batch_of_its_rows_is(int rowCount, int ghostBatchSize, int[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        double[] input = RandomData.Normal(1, rowCount * Channels, mean: 5);
        double[] gradient = RandomData.Normal(2, input.Length);
        var ghosts = new BatchNormLayer(Channels) { GhostBatchSize = ghostBatchSize };
        var batches = new BatchNormLayer(Channels);
        ghosts.Gamma[1] = batches.Gamma[1] = 2;

        double[] output = ghosts.Forward(input);
        double[] inputGradient = ghosts.Backward(input, gradient);

        double[] gammaGradient = new double[Channels];
        double[] betaGradient = new double[Channels];
        int start = 0;
        foreach (int rows in parts)
        {
            Range part = (start * Channels)..((start + rows) * Channels);
            output[part].Should().Equal(batches.Forward(input[part]));
            inputGradient[part].Should().Equal(batches.Backward(input[part], gradient[part]));
            for (int channel = 0; channel < Channels; channel++)
            {
                gammaGradient[channel] += batches.GammaGradient[channel];
                betaGradient[channel] += batches.BetaGradient[channel];
            }
            start += rows;
        }
        ghosts.GammaGradient.ToArray().ShouldBeClose(gammaGradient, 1e-14, 1);
        ghosts.BetaGradient.ToArray().ShouldBeClose(betaGradient, 1e-14, 1);
        ghosts.RunningMean.Should().Equal(batches.RunningMean);
        ghosts.RunningVariance.Should().Equal(batches.RunningVariance);
        ghosts.BatchCount.Should().Be(parts.Length);
    }

    [Fact]
    public void Inference_knows_no_parts()
    {
        double[] input = RandomData.Normal(1, 8 * Channels);
        var ghosts = new BatchNormLayer(Channels) { GhostBatchSize = 2 };
        ghosts.Forward(input);

        double[] together = ghosts.Forward(input, training: false);

        together[..Channels].Should().Equal(ghosts.Forward(input[..Channels], training: false));
    }
}
