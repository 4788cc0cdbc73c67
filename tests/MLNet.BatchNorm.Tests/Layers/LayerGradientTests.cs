using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

/// <summary>Gradients against central finite differences of the loss L = sum of output * weight.</summary>
public class LayerGradientTests
{
    private const double Step = 1e-5;

    /// <summary>Central differences are off by Step^2 times a third derivative, and by rounding / Step: some 1e-9 here.</summary>
    private const double Tolerance = 1e-7;

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(3, 1, true)]
    [InlineData(6, 1, true)]
    [InlineData(6, 1, false)]
    [InlineData(2, 5, true)]
    [InlineData(2, 5, false)]
    public void Of_batch_normalization(int channelCount, int spatialSize, bool training)
    {
        var layer = new BatchNormLayer(channelCount, spatialSize, epsilon: 1e-3);
        layer.Forward(RandomData.Normal(1, 8 * layer.RowLength, mean: 3, standardDeviation: 2));
        layer.UpdateRunningStatistics = false;
        Check(layer, training);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Of_layer_normalization(int featureCount) => Check(new LayerNormLayer(featureCount, epsilon: 1e-3), training: true);

    [Theory]
    [InlineData(6, 2, 1)]
    [InlineData(6, 6, 1)]
    [InlineData(4, 2, 5)]
    [InlineData(4, 1, 3)]
    public void Of_group_normalization(int channelCount, int groupCount, int spatialSize) =>
        Check(new GroupNormLayer(channelCount, groupCount, spatialSize, epsilon: 1e-3), training: true);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Of_root_mean_square_normalization(int featureCount) => Check(new RMSNormLayer(featureCount, epsilon: 1e-3), training: true);

    [Theory]
    [InlineData(3, 1, 2)]
    [InlineData(6, 1, 3)]
    [InlineData(2, 5, 1)]
    [InlineData(1, 4, 2)]
    public void Of_ghost_batches(int channelCount, int spatialSize, int ghostBatchSize)
    {
        var layer = new BatchNormLayer(channelCount, spatialSize, epsilon: 1e-3) { GhostBatchSize = ghostBatchSize };
        layer.Forward(RandomData.Normal(1, 8 * layer.RowLength, mean: 3, standardDeviation: 2));
        layer.UpdateRunningStatistics = false;
        Check(layer, training: true);
        Check(layer, training: false);
    }

    [Theory]
    [InlineData(1, 0, 6, 1)]
    [InlineData(1.01, 0.01, 6, 1)]
    [InlineData(1.01, 0.01, 2, 5)]
    public void Of_batch_renormalization_where_r_and_d_are_clipped(double rMax, double dMax, int channelCount, int spatialSize)
    {
        // At their limits r and d do not move with the input: the whole layer can be differenced.
        var layer = Renorm(channelCount, spatialSize, rMax, dMax);
        Check(layer, training: true);
        layer.R.ToArray().Should().OnlyContain(r => r == rMax || r == 1 / rMax);
        layer.D.ToArray().Should().OnlyContain(d => Math.Abs(d) == dMax);
    }

    [Fact]
    public void Of_batch_renormalization_takes_r_and_d_for_constants()
    {
        const int rows = 5;
        const int channels = 3;
        const double epsilon = 1e-3;
        var layer = Renorm(channels, 1, rMax: 100, dMax: 100);
        double[] input = RandomData.Normal(2, rows * channels);
        double[] weight = RandomData.Normal(3, rows * channels);
        layer.Forward(input);
        double[] r = layer.R.ToArray();
        double[] d = layer.D.ToArray();
        r.Should().OnlyContain(ratio => Math.Abs(ratio - 1) > 0.1 && ratio < 100);
        double[] gamma = layer.Gamma.ToArray();

        double Loss(double[] x)
        {
            double loss = 0;
            for (int channel = 0; channel < channels; channel++)
            {
                double[] values = [.. Enumerable.Range(0, rows).Select(row => x[(row * channels) + channel])];
                double mean = values.Average();
                double deviation = Math.Sqrt(epsilon + values.Average(value => (value - mean) * (value - mean)));
                for (int row = 0; row < rows; row++)
                {
                    loss += weight[(row * channels) + channel] * gamma[channel] * (((values[row] - mean) / deviation * r[channel]) + d[channel]);
                }
            }

            return loss;
        }

        layer.Backward(input, weight).ShouldBeClose(Differences(input, () => Loss(input)), Tolerance, floor: 1);
    }

    [Fact]
    public void Of_batch_renormalization_at_inference() => Check(Renorm(3, 2, rMax: 3, dMax: 5), training: false);

    private static BatchRenormLayer Renorm(int channelCount, int spatialSize, double rMax, double dMax)
    {
        var layer = new BatchRenormLayer(channelCount, spatialSize, epsilon: 1e-3) { RMax = rMax, DMax = dMax };
        layer.Forward(RandomData.Normal(1, 8 * layer.RowLength, mean: 3, standardDeviation: 2));
        layer.UpdateRunningStatistics = false;
        return layer;
    }

    private static void Check(NormalizationLayer layer, bool training)
    {
        double[] input = RandomData.Normal(2, 5 * layer.RowLength);
        double[] weight = RandomData.Normal(3, input.Length);
        double[] gamma = RandomData.Normal(4, layer.Gamma.Length);
        double[] beta = RandomData.Normal(5, layer.Beta.Length);

        double Loss()
        {
            gamma.CopyTo(layer.Gamma);
            beta.CopyTo(layer.Beta);
            return layer.Forward(input, training).Zip(weight, (output, factor) => output * factor).Sum();
        }

        double[] byInput = Differences(input, Loss);
        double[] byGamma = Differences(gamma, Loss);
        double[] byBeta = Differences(beta, Loss);
        Loss();
        layer.Backward(input, weight).ShouldBeClose(byInput, Tolerance, floor: 1);
        layer.GammaGradient.ToArray().ShouldBeClose(byGamma, Tolerance, floor: 1);
        layer.BetaGradient.ToArray().ShouldBeClose(byBeta, Tolerance, floor: 1);
    }

    private static double[] Differences(double[] variables, Func<double> loss)
    {
        var slopes = new double[variables.Length];
        for (int i = 0; i < variables.Length; i++)
        {
            double value = variables[i];
            variables[i] = value + Step;
            double above = loss();
            variables[i] = value - Step;
            double below = loss();
            variables[i] = value;
            slopes[i] = (above - below) / (2 * Step);
        }

        return slopes;
    }
}
