using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

public class BatchNormLayerTests
{
    /// <summary>Rounding of a handful of operations in double.</summary>
    private const double Rounding = 1e-14;

    [Fact]
    public void Keras_conventions_by_a_worked_example()
    {
        // BatchNormalization(momentum=0.99, epsilon=1e-3) on 1, 2, 3, 4: batch mean 2.5, population variance 1.25;
        // moving mean 0.99 * 0 + 0.01 * 2.5, moving variance 0.99 * 1 + 0.01 * 1.25.
        var layer = new BatchNormLayer(1, epsilon: 1e-3, momentum: 1 - 0.99, runningStart: RunningStart.ZeroOne);
        double[] input = [1, 2, 3, 4];

        layer.Forward(input).ShouldBeClose([-1.3411045, -0.4470348, 0.4470348, 1.3411045], 1e-7);

        layer.RunningMean.ShouldBeClose([0.025], Rounding);
        layer.RunningVariance.ShouldBeClose([1.0025], Rounding);
        layer.Forward(input, training: false).ShouldBeClose([0.9732982, 1.9715528, 2.9698073, 3.9680618], 1e-7);
    }

    [Fact]
    public void Debiased_running_statistics_equal_the_first_batch_after_it()
    {
        var layer = new BatchNormLayer(2);
        layer.RunningMean.Should().Equal(0, 0);
        layer.RunningVariance.Should().Equal(1, 1);

        layer.Forward([1.0, 10, 3, 30]);

        layer.RunningMean.ShouldBeClose([2, 20], Rounding);
        layer.RunningVariance.ShouldBeClose([1, 100], Rounding);
        layer.BatchCount.Should().Be(1);
    }

    [Fact]
    public void Inference_does_not_depend_on_the_batch_and_changes_no_statistics()
    {
        var layer = new BatchNormLayer(2);
        layer.Forward([1.0, 10, 3, 30, 4, 50]);
        double[] mean = [.. layer.RunningMean];
        double[] alone = layer.Forward([2.0, 20], training: false);
        double[] inCompany = layer.Forward([2.0, 20, 1000, -1000], training: false);

        inCompany[..2].Should().Equal(alone);
        layer.RunningMean.Should().Equal(mean);
        layer.BatchCount.Should().Be(1);
    }

    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(9, 4, 1)]
    [InlineData(3, 5, 1)]
    [InlineData(700, 7, 1)]
    [InlineData(40, 300, 1)]
    [InlineData(6, 1, 5)]
    [InlineData(4, 3, 2)]
    [InlineData(3, 2, 9)]
    public void Any_shape_gives_what_plain_loops_give(int rows, int channels, int spatial)
    {
        var layer = new BatchNormLayer(channels, spatial);
        double[] gamma = RandomData.Normal(1, channels);
        double[] beta = RandomData.Normal(2, channels);
        gamma.CopyTo(layer.Gamma);
        beta.CopyTo(layer.Beta);
        double[] input = RandomData.Normal(3, rows * channels * spatial, mean: 1, standardDeviation: 3);
        double[] gradient = RandomData.Normal(4, input.Length);
        double[] output = layer.Forward(input);
        double[] inputGradient = layer.Backward(input, gradient);

        for (int channel = 0; channel < channels; channel++)
        {
            int[] positions = [.. Enumerable.Range(0, input.Length).Where(i => i / spatial % channels == channel)];
            double[] x = [.. positions.Select(i => input[i])];
            double[] g = [.. positions.Select(i => gradient[i])];
            double mean = x.Average();
            double deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + 1e-5);
            double[] normalized = [.. x.Select(value => (value - mean) / deviation)];
            double product = g.Zip(normalized, (a, b) => a * b).Sum();
            positions.Select(i => output[i]).ShouldBeClose(normalized.Select(value => (gamma[channel] * value) + beta[channel]), 1e-12, floor: 1);
            positions.Select(i => inputGradient[i]).ShouldBeClose(
                g.Zip(normalized, (a, b) => gamma[channel] / deviation * (a - g.Average() - (b * product / x.Length))), 1e-12, floor: 1);
            layer.GammaGradient[channel].Should().BeApproximately(product, 1e-11);
            layer.BetaGradient[channel].Should().BeApproximately(g.Sum(), 1e-11);
        }
    }

    [Fact]
    public void Floats_far_from_zero_keep_their_variance()
    {
        // Mean 1,000,000 and deviations of 1: single precision sums of squares would keep no digit of the variance.
        float[] input = [999_999, 1_000_001, 999_999, 1_000_001];
        var layer = new BatchNormLayer(1);

        layer.Forward(input).Should().Equal(-0.999995f, 0.999995f, -0.999995f, 0.999995f);
        layer.RunningVariance.ShouldBeClose([1], Rounding);
    }

    [Fact]
    public void An_outlier_in_the_first_row_costs_no_accuracy()
    {
        // Deviations are first taken from the first row, 447 standard deviations off here: without a second look that would cost 5 digits.
        double[] input = RandomData.Normal(1, 200_000);
        input[0] = 1e9;
        var layer = new BatchNormLayer(1);
        layer.Forward(input);
        double mean = input.Average();

        layer.RunningMean.ShouldBeClose([mean], 1e-12);
        layer.RunningVariance.ShouldBeClose([input.Average(value => (value - mean) * (value - mean))], 1e-12);
    }

    [Fact]
    public void A_constant_channel_becomes_beta()
    {
        var layer = new BatchNormLayer(2);
        layer.Beta.Fill(0.25);
        double[] output = layer.Forward([0.1, 1, 0.1, 2, 0.1, 3]);

        new[] { output[0], output[2], output[4] }.Should().OnlyContain(value => value == 0.25);
    }

    [Fact]
    public void Not_a_number_spreads_over_its_channel_and_not_into_the_running_statistics()
    {
        var layer = new BatchNormLayer(2);
        layer.Forward([1.0, 10, 3, 30]);
        double[] output = layer.Forward([double.NaN, 10, 3, 30, 7, 50]);

        output.Where((_, i) => i % 2 == 0).Should().OnlyContain(value => double.IsNaN(value));
        output.Where((_, i) => i % 2 == 1).Should().OnlyContain(value => double.IsFinite(value));
        layer.RunningMean[0].Should().BeApproximately(2, Rounding);
        layer.RunningMean[1].Should().NotBe(20);
        layer.Forward([double.PositiveInfinity, 10, 3, 30]);
        layer.RunningMean[0].Should().BeApproximately(2, Rounding);
        layer.RunningVariance[0].Should().BeApproximately(1, Rounding);
    }

    [Fact]
    public void Held_statistics_do_not_move()
    {
        var layer = new BatchNormLayer(1) { UpdateRunningStatistics = false };
        layer.Forward([1.0, 3]).ShouldBeClose([-0.999995, 0.999995], 1e-10);
        layer.BatchCount.Should().Be(0);
        layer.RunningMean.Should().Equal(0);
    }

    [Fact]
    public void The_input_gradient_may_take_the_place_of_the_output_gradient()
    {
        var layer = new BatchNormLayer(3);
        double[] input = RandomData.Normal(1, 12);
        double[] gradient = RandomData.Normal(2, 12);
        layer.Forward(input);
        double[] apart = layer.Backward(input, gradient);
        layer.Backward<double>(input, gradient, gradient, 4);

        gradient.Should().Equal(apart);
    }

    [Fact]
    public void It_goes_on_from_given_running_statistics()
    {
        var layer = new BatchNormLayer(1);
        var parted = new BatchNormLayer(1);
        layer.Forward([1.0, 3]);
        parted.Forward([1.0, 3]);
        var resumed = new BatchNormLayer(RunningMoments.FromState(parted.RunningMoments.ExportState()), spatialSize: 1, epsilon: 1e-5);
        layer.Forward([5.0, 9]);
        resumed.Forward([5.0, 9]);

        resumed.RunningMean.Should().Equal(layer.RunningMean);
        resumed.RunningVariance.Should().Equal(layer.RunningVariance);
    }
}
