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

    [Theory]
    [InlineData(RunningStart.Debiased, 0.4439 / 0.3439, 0.5878 / 0.3439)]
    [InlineData(RunningStart.FirstBatch, 1.1, 1.9)]
    [InlineData(RunningStart.ZeroOne, 1.1, 1.9)]
    public void Batch_renormalization_goes_on_from_statistics_of_batch_normalization(RunningStart start, double mean, double deviation)
    {
        var layer = new BatchRenormLayer(RunningMoments.FromStatistics([1, 10], [4, 0.25], batchCount: 3, momentum: 0.1, runningStart: start), epsilon: 1e-300);
        var scored = new double[2];
        layer.Forward<double>([5, 9.5], scored, 1, training: false);

        scored.Should().Equal(2, -1);
        layer.RunningMean.Should().Equal(1, 10);
        layer.RunningStandardDeviation.Should().Equal(2, 0.5);
        layer.BatchCount.Should().Be(3);

        // sigmaB = 1 and 0.5, so that r = 0.5 and 1; muB = 2 and 10, so that d = 0.5 and 0; nothing is clipped: training gives what inference did.
        layer.Forward<double>([1, 9.5, 3, 10.5], new double[4], 2, training: true);
        layer.R.ToArray().Should().Equal(0.5, 1);
        layer.D.ToArray().Should().Equal(0.5, 0);
        layer.BatchCount.Should().Be(4);
        layer.RunningMean.ShouldBeClose([mean, 10], 1e-14);
        layer.RunningStandardDeviation.ShouldBeClose([deviation, 0.5], 1e-14);
    }

    [Fact]
    public void Batch_renormalization_has_epsilon_in_its_deviations()
    {
        var layer = new BatchRenormLayer(RunningMoments.FromStatistics([1], [3.5], batchCount: 3), epsilon: 0.5);
        var scored = new double[1];
        layer.Forward<double>([5], scored, 1, training: false);

        layer.RunningStandardDeviation.Should().Equal(2);
        scored.Should().Equal(2);
    }

    [Fact]
    public void Batch_renormalization_from_moments_without_a_batch_is_a_new_layer_and_with_half_of_them_an_error()
    {
        new BatchRenormLayer(new RunningMoments(2)).RunningStandardDeviation.Should().Equal(1, 1);

        var half = new RunningMoments(2);
        var batch = new FeatureMoments(2);
        batch.AddRows<double>([1, double.NaN, 3, double.NaN], 2);
        half.Update(batch);
        FluentActions.Invoking(() => new BatchRenormLayer(half)).Should().Throw<ArgumentException>().WithMessage("*none of channel 1 after 1 batch*");
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
