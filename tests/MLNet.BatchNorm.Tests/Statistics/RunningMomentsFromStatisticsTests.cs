using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

public sealed class RunningMomentsFromStatisticsTests
{
    [Theory]
    [InlineData(0.1, RunningStart.Debiased)]
    [InlineData(1.0, RunningStart.Debiased)]
    [InlineData(0.1, RunningStart.FirstBatch)]
    [InlineData(0.1, RunningStart.ZeroOne)]
    [InlineData(null, RunningStart.Debiased)]
    public void They_go_on_as_if_they_had_never_been_elsewhere(double? momentum, RunningStart start)
    {
        var running = new RunningMoments(2, momentum, VarianceEstimator.Sample, start);
        for (int batch = 0; batch < 5; batch++)
        {
            running.Update(Batch(batch));
        }

        var restored = RunningMoments.FromStatistics(running.Mean, running.Variance, running.BatchCount, momentum, VarianceEstimator.Sample, start);
        restored.Mean.ShouldBeClose(running.Mean, 1e-15);
        running.Update(Batch(9));
        restored.Update(Batch(9));

        restored.Mean.ShouldBeClose(running.Mean, 1e-14);
        restored.Variance.ShouldBeClose(running.Variance, 1e-14);
        restored.BatchCount.Should().Be(6);
        restored.UpdateCount.Should().Equal(6, 6);
    }

    [Fact]
    public void A_layer_of_PyTorch_before_its_first_batch_starts_at_zero_and_one()
    {
        var layer = RunningMoments.FromStatistics([0], [1], 0, 0.1, VarianceEstimator.Sample, RunningStart.ZeroOne);
        var batch = new FeatureMoments(1);
        batch.AddRows<double>([1, 2, 3, 4], 4);

        layer.Update(batch);

        layer.Mean[0].Should().BeApproximately(0.25, 1e-15);
        layer.Variance[0].Should().BeApproximately(0.9 + (0.1 * 5 / 3), 1e-15);
    }

    [Fact]
    public void What_no_running_statistics_can_be_is_refused()
    {
        Restoring([], [], 1).Should().Throw<ArgumentException>().WithMessage("*at least one feature*");
        Restoring([1, 2], [1], 1).Should().Throw<ArgumentException>().WithMessage("*2 mean(s) and 1 variance(s)*");
        Restoring([double.NaN], [1], 1).Should().Throw<ArgumentException>().WithMessage("*NaN*feature 0*");
        Restoring([1, 1], [1, -1], 1).Should().Throw<ArgumentException>().WithMessage("*-1 for feature 1*");
        Restoring([1], [double.PositiveInfinity], 1).Should().Throw<ArgumentException>().WithMessage("*finite variance*");
        Restoring([1], [1], 0).Should().Throw<ArgumentOutOfRangeException>("there is no weight without a batch");
        Restoring([1], [1], (1L << 53) + 1).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("batchCount");
        Restoring([1], [1], 1L << 53).Should().NotThrow();
        Restoring(null!, [1], 1).Should().Throw<ArgumentNullException>().WithParameterName("mean");
        Restoring([1], null!, 1).Should().Throw<ArgumentNullException>().WithParameterName("variance");
        Restoring([1], [1], 1, momentum: 1.5).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Momentum*");

        static Action Restoring(double[] mean, double[] variance, long batchCount, double? momentum = 0.1) =>
            () => RunningMoments.FromStatistics(mean, variance, batchCount, momentum);
    }

    private static FeatureMoments Batch(int seed)
    {
        var batch = new FeatureMoments(2);
        batch.AddRows<double>(RandomData.Normal(seed, 40, 3, 2), 20);
        return batch;
    }
}
