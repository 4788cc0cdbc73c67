using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

/// <summary>Values near the ends of their type: normalized values do not depend on the unit, and gradients only by it.</summary>
public class EnormousValueTests
{
    private static readonly double[] Small = [-1, 0, 2, 5, 3, -4, 0.5, 1];

    public static TheoryData<double> Units => [1e150, 1e160, 1e200, 1e300, 3e307];

    [Theory]
    [MemberData(nameof(Units))]
    public void Rows_of_doubles_are_normalized_in_any_unit(double unit) => CheckUnit(() => new LayerNormLayer(4, epsilon: 1e-300), unit);

    [Theory]
    [MemberData(nameof(Units))]
    public void Groups_of_doubles_are_normalized_in_any_unit(double unit) => CheckUnit(() => new GroupNormLayer(4, groupCount: 2, epsilon: 1e-300), unit);

    [Theory]
    [MemberData(nameof(Units))]
    public void Sizes_of_doubles_are_normalized_in_any_unit(double unit) => CheckUnit(() => new RMSNormLayer(4, epsilon: 1e-300), unit);

    [Theory]
    [MemberData(nameof(Units))]
    public void Channels_of_doubles_are_normalized_in_any_unit(double unit) => CheckUnit(() => new BatchNormLayer(2, epsilon: 1e-300), unit);

    [Theory]
    [MemberData(nameof(Units))]
    public void Images_of_doubles_are_normalized_in_any_unit(double unit) => CheckUnit(() => new BatchNormLayer(2, spatialSize: 2, epsilon: 1e-300), unit);

    [Theory]
    [MemberData(nameof(Units))]
    public void Channels_of_doubles_are_renormalized_in_any_unit(double unit) => CheckUnit(() => new BatchRenormLayer(2, epsilon: 1e-300), unit);

    [Fact]
    public void Inference_on_a_constant_that_float_just_holds_gives_beta()
    {
        var layer = new BatchNormLayer(1);
        float[] batch = [.. Enumerable.Repeat(3e38f, 8)];
        var output = new float[8];
        for (int i = 0; i < 20; i++)
        {
            layer.Forward<float>(batch, output, 8, training: true);
            output.Should().OnlyContain(value => value == 0);
        }

        layer.Forward<float>(batch, output, 8, training: false);

        output.Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Renormalization_of_such_a_constant_gives_beta_too()
    {
        var layer = new BatchRenormLayer(1);
        double[] batch = [.. Enumerable.Repeat(3e300, 8)];
        var output = new double[8];
        for (int i = 0; i < 20; i++)
        {
            layer.Forward<double>(batch, output, 8, training: true);
        }

        layer.Forward<double>(batch, output, 8, training: false);

        output.Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Floats_at_both_ends_are_normalized()
    {
        float[] values = [float.MinValue, float.MaxValue, 0, 0];
        foreach (NormalizationLayer layer in new NormalizationLayer[] { new LayerNormLayer(4), new GroupNormLayer(4, 1), new RMSNormLayer(4), new BatchNormLayer(1), new BatchRenormLayer(1) })
        {
            var output = new float[4];
            layer.Forward<float>(values, output, 4 / layer.RowLength, training: true);
            output.Should().Equal([-1.4142135f, 1.4142135f, 0, 0], (actual, expected) => Math.Abs(actual - expected) < 2e-7f, layer.GetType().Name);
        }
    }

    [Fact]
    public void A_variance_beyond_double_leaves_the_running_statistics_as_they_are()
    {
        var layer = new BatchNormLayer(2);
        layer.Forward<double>([1, 1, 3, 5], new double[4], 2, training: true);
        layer.Forward<double>([1e200, 2, -1e200, 6], new double[4], 2, training: true);

        layer.RunningMean[0].Should().Be(2);
        layer.RunningVariance[0].Should().Be(1);
        // Debiased: weights 0.09 and 0.1 over 0.19.
        layer.RunningMean[1].Should().BeApproximately(((0.09 * 3) + (0.1 * 4)) / 0.19, 1e-14);
        layer.BatchCount.Should().Be(2);
    }

    [Fact]
    public void A_variance_that_double_just_holds_is_averaged_in_though_the_sum_of_squares_overflows()
    {
        var layer = new BatchNormLayer(1);
        layer.Forward<double>([0, 2.4e154, 0, 2.4e154, 0, 2.4e154, 0, 2.4e154], new double[8], 8, training: true);

        // Debiased, the first batch counts alone: deviations of 1.2e154 each, whose squares are 1.44e308.
        layer.RunningMean[0].Should().BeApproximately(1.2e154, 1e140);
        layer.RunningVariance[0].Should().BeApproximately(1.44e308, 1e294);
    }

    [Fact]
    public void One_enormous_value_anywhere_makes_its_own_channel_small_and_leaves_the_other_alone()
    {
        const int Channels = 2;
        const int Spatial = 2;
        double[] ordinary = [1, 2, 3, 4, -1, 0, 2, 7, 5, 3, 0, -2];
        for (int position = 0; position < ordinary.Length; position++)
        {
            double[] input = [.. ordinary];
            input[position] = Math.ScaleB(1, 600);
            double[] expected = new double[input.Length];
            foreach (var channel in Enumerable.Range(0, input.Length).GroupBy(i => i / Spatial % Channels))
            {
                double unit = channel.Contains(position) ? Math.ScaleB(1, 600) : 1;
                double[] values = [.. channel.Select(i => input[i] / unit)];
                double mean = values.Average();
                double variance = values.Average(value => (value - mean) * (value - mean));
                foreach (int i in channel)
                {
                    expected[i] = ((input[i] / unit) - mean) / Math.Sqrt(variance);
                }
            }

            foreach (NormalizationLayer layer in new NormalizationLayer[]
                { new BatchNormLayer(Channels, Spatial, epsilon: 1e-300), new BatchRenormLayer(Channels, Spatial, epsilon: 1e-300) })
            {
                var output = new double[input.Length];
                layer.Forward<double>(input, output, 3, training: true);
                output.ShouldBeClose(expected, 1e-13, floor: 1);
            }
        }
    }

    [Fact]
    public void Epsilon_counts_in_the_units_of_the_values()
    {
        // The variance, 1.96e308, overflows, and so does its sum with epsilon: sigma = 1e154 sqrt(1.96 + 1.64).
        foreach (NormalizationLayer layer in new NormalizationLayer[] { new BatchNormLayer(1, epsilon: 1.64e308), new BatchRenormLayer(1, epsilon: 1.64e308) })
        {
            var output = new double[2];
            layer.Forward<double>([-1.4e154, 1.4e154], output, 2, training: true);
            output.ShouldBeClose([-1.4 / Math.Sqrt(3.6), 1.4 / Math.Sqrt(3.6)], 1e-14);
        }
    }

    [Fact]
    public void Renormalization_compares_a_batch_that_was_made_small_with_running_statistics_in_units_of_the_input()
    {
        var layer = new BatchRenormLayer(RunningMoments.FromStatistics([0], [1e308], batchCount: 1), epsilon: 1e-300);
        var output = new double[2];
        layer.Forward<double>([0, 4e154], output, 2, training: true);

        // muB = sigmaB = 2e154, mu = 0, sigma = 1e154.
        layer.R.ToArray().ShouldBeClose([2], 1e-14);
        layer.D.ToArray().ShouldBeClose([2], 1e-14);
        output.ShouldBeClose([0, 4], 1e-14, floor: 1);
    }

    [Fact]
    public void At_inference_an_enormous_mean_takes_no_digits_from_another_channel()
    {
        double[] mean = [3e-308, 1e308];
        double[] variance = [1e-310, 1e300];
        double[] deviation = [Math.Sqrt(1e-310), 1e150];
        double[] input = [5e-308, -1.7e308, -4e-308, 1e308];
        double[] expected = [2e-308 / deviation[0], -2.7e158, -7e-308 / deviation[0], 0];
        var layers = new NormalizationLayer[]
        {
            new BatchNormLayer(RunningMoments.FromStatistics(mean, variance, 1), spatialSize: 1, epsilon: 1e-320),
            new BatchRenormLayer(RunningMoments.FromStatistics(mean, variance, 1), epsilon: 1e-320),
        };
        foreach (NormalizationLayer layer in layers)
        {
            var output = new double[4];
            layer.Forward<double>(input, output, 2, training: false);
            output.ShouldBeClose(expected, 1e-9);
        }
    }

    [Fact]
    public void Inference_far_from_an_enormous_mean_is_finite()
    {
        var running = RunningMoments.FromStatistics([-1e308], [1e300], 1);
        var layer = new BatchNormLayer(running, spatialSize: 1, epsilon: 1e-5);
        var output = new double[2];
        layer.Forward<double>([1.7e308, -1e308], output, 2, training: false);

        output.ShouldBeClose([2.7e158, 0], 1e-14);
        var gradient = new double[2];
        layer.Backward<double>([1.7e308, -1e308], [1e150, 2e150], gradient, 2);
        gradient.ShouldBeClose([1, 2], 1e-14);
    }

    [Fact]
    public void Missing_and_infinite_values_spread_as_ever()
    {
        var output = new double[4];
        new BatchNormLayer(2).Forward<double>([1e200, double.PositiveInfinity, -1e200, 1], output, 2, training: true);
        output.Should().Equal(1, double.NaN, -1, double.NaN);
        new LayerNormLayer(2).Forward<double>([1e200, double.NaN, -1e200, 1e200], output, 2, training: true);
        output.Should().Equal(double.NaN, double.NaN, -1, 1);
    }

    private static void CheckUnit(Func<NormalizationLayer> create, double unit)
    {
        (double[] output, double[] gradient, double[] gamma, double[] beta) = Run(create(), Small);
        (double[] enormous, double[] enormousGradient, double[] enormousGamma, double[] enormousBeta) = Run(create(), [.. Small.Select(value => value * unit)]);

        enormous.ShouldBeClose(output, 1e-13, floor: 1);
        enormousGamma.ShouldBeClose(gamma, 1e-13, floor: 1);
        enormousBeta.Should().Equal(beta);
        enormousGradient.Select(value => value * unit).ShouldBeClose(gradient, 1e-12, floor: 1);
    }

    private static (double[] Output, double[] Gradient, double[] Gamma, double[] Beta) Run(NormalizationLayer layer, double[] input)
    {
        int rowCount = input.Length / layer.RowLength;
        var output = new double[input.Length];
        layer.Forward<double>(input, output, rowCount, training: true);
        double[] outputGradient = [.. Enumerable.Range(0, input.Length).Select(i => Math.Sin(i) + 2)];
        var gradient = new double[input.Length];
        layer.Backward<double>(input, outputGradient, gradient, rowCount);
        return (output, gradient, layer.GammaGradient.ToArray(), layer.BetaGradient.ToArray());
    }
}
