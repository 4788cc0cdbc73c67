using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

/// <summary>A BatchNorm1d that PyTorch has trained for a while goes on here, from its state_dict, to the same numbers.</summary>
public class RestoredLayerTests
{
    private const int Channels = 4;
    private const int RowCount = 8;

    private static readonly GoldenCase Golden = GoldenFile.Case("batchnorm1d_state_dict.json", "state_dict");

    [Fact]
    public void It_goes_on_forward_backward_and_in_its_running_statistics()
    {
        var layer = Restore();
        foreach (var step in Golden.List("steps"))
        {
            var output = new double[RowCount * Channels];
            var inputGradient = new double[RowCount * Channels];

            layer.Forward<double>(step.Numbers("x"), output, RowCount, training: true);
            layer.Backward<double>(step.Numbers("x"), step.Numbers("grad_output"), inputGradient, RowCount);

            output.ShouldBeClose(step.Numbers("y"), 1e-12, floor: 1);
            inputGradient.ShouldBeClose(step.Numbers("grad_x"), 1e-12, floor: 1);
            layer.GammaGradient.ToArray().ShouldBeClose(step.Numbers("grad_weight"), 1e-12, floor: 1);
            layer.BetaGradient.ToArray().ShouldBeClose(step.Numbers("grad_bias"), 1e-12, floor: 1);
            layer.RunningMean.ShouldBeClose(step.Numbers("running_mean"), 1e-13);
            layer.RunningVariance.ShouldBeClose(step.Numbers("running_var"), 1e-13);
            Descend(layer.Gamma, layer.GammaGradient);
            Descend(layer.Beta, layer.BetaGradient);
            layer.Gamma.ToArray().ShouldBeClose(step.Numbers("weight"), 1e-12);
            layer.Beta.ToArray().ShouldBeClose(step.Numbers("bias"), 1e-12);
        }

        layer.RunningMoments.BatchCount.Should().Be(Golden.Integer("state", "num_batches_tracked") + 3);
        var scored = new double[6 * Channels];
        layer.Forward<double>(Golden.Numbers("x"), scored, 6, training: false);
        scored.ShouldBeClose(Golden.Numbers("inference"), 1e-12, floor: 1);
    }

    [Fact]
    public void BatchNormalize_scores_with_it()
    {
        var last = Golden.List("steps")[2];
        var context = new MLContext();
        var data = Rows.Of(context, Golden.Numbers("x").Chunk(Channels).ToArray());
        var scaler = context.Transforms.BatchNormalize(Rows.Column, options: BatchNormOptions.PyTorch with
        {
            RunningMean = last.Numbers("running_mean"),
            RunningVariance = last.Numbers("running_var"),
            Gamma = last.Numbers("weight"),
            Beta = last.Numbers("bias"),
        }).Fit(data);

        Rows.Read<double>(scaler.Transform(data)).SelectMany(row => row).ShouldBeClose(Golden.Numbers("inference"), 1e-12, floor: 1);
    }

    [Fact]
    public void The_layer_keeps_statistics_of_its_own()
    {
        var moments = RunningMoments.FromStatistics([1], [4], batchCount: 3);
        var layer = new BatchNormLayer(moments);

        layer.Forward<double>([5, 7], new double[2], 2, training: true);

        moments.Mean.Should().Equal(1);
        layer.RunningMean[0].Should().NotBe(1);
    }

    [Fact]
    public void The_presets_are_those_of_the_estimator()
    {
        foreach (var (layer, options) in new[] { (BatchNormLayer.PyTorch(3, 5), BatchNormOptions.PyTorch), (BatchNormLayer.Keras(3, 5), BatchNormOptions.Keras) })
        {
            (layer.ChannelCount, layer.SpatialSize, layer.Epsilon).Should().Be((3, 5, options.Epsilon));
            (layer.RunningMoments.Momentum, layer.RunningMoments.VarianceEstimator, layer.RunningMoments.RunningStart)
                .Should().Be((options.Momentum, options.VarianceEstimator, options.RunningStart));
        }
    }

    private static BatchNormLayer Restore()
    {
        var state = Golden.At("state");
        var layer = new BatchNormLayer(RunningMoments.FromStatistics(
            state.Numbers("running_mean"),
            state.Numbers("running_var"),
            state.Integer("num_batches_tracked"),
            momentum: 0.1,
            VarianceEstimator.Sample,
            RunningStart.ZeroOne));
        state.Numbers("weight").CopyTo(layer.Gamma);
        state.Numbers("bias").CopyTo(layer.Beta);
        return layer;
    }

    private static void Descend(Span<double> parameters, ReadOnlySpan<double> gradient)
    {
        for (int channel = 0; channel < parameters.Length; channel++)
        {
            parameters[channel] -= Golden.Number("learning_rate") * gradient[channel];
        }
    }
}
