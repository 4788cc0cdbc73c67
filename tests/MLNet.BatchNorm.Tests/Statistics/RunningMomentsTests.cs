namespace MLNet.BatchNorm.Tests.Statistics;

public class RunningMomentsTests
{
    // Batches {1, 3} and {10, 20}: means 2 and 15, population variances 1 and 25, sample variances 2 and 50.
    private static readonly double[][] Batches = [[1, 3], [10, 20]];

    [Fact]
    public void Zero_one_start_with_sample_variance_is_the_PyTorch_convention()
    {
        var running = new RunningMoments(1, 0.1, VarianceEstimator.Sample, RunningStart.ZeroOne);
        Update(running, Batches[0]);

        // 0.9 * 0 + 0.1 * 2; 0.9 * 1 + 0.1 * 2.
        running.Mean[0].Should().BeApproximately(0.2, 1e-16);
        running.Variance[0].Should().BeApproximately(1.1, 1e-15);

        Update(running, Batches[1]);

        // 0.9 * 0.2 + 0.1 * 15; 0.9 * 1.1 + 0.1 * 50.
        running.Mean[0].Should().BeApproximately(1.68, 1e-15);
        running.Variance[0].Should().BeApproximately(5.99, 1e-15);
    }

    [Fact]
    public void Zero_one_start_with_population_variance_is_the_Keras_convention()
    {
        // Keras's momentum 0.99 is the weight of the past: ours is 0.01.
        var running = new RunningMoments(1, 1 - 0.99, VarianceEstimator.Population, RunningStart.ZeroOne);
        Update(running, Batches[1]);

        running.Mean[0].Should().BeApproximately(0.15, 1e-15);
        running.Variance[0].Should().BeApproximately((0.99 * 1) + (0.01 * 25), 1e-15);
    }

    [Fact]
    public void The_debiased_start_is_a_weighted_mean_of_the_batches_alone()
    {
        var running = new RunningMoments(1, 0.1);
        Update(running, Batches[0]);

        running.Mean[0].Should().BeApproximately(2, 1e-15);
        running.Variance[0].Should().BeApproximately(1, 1e-15);

        Update(running, Batches[1]);

        // Weights 0.09 and 0.1, over 1 - 0.9^2 = 0.19.
        running.Mean[0].Should().BeApproximately(((0.09 * 2) + (0.1 * 15)) / 0.19, 1e-14);
        running.Variance[0].Should().BeApproximately(((0.09 * 1) + (0.1 * 25)) / 0.19, 1e-14);
    }

    [Fact]
    public void The_first_batch_start_takes_the_first_batch_whole()
    {
        var running = new RunningMoments(1, 0.25, runningStart: RunningStart.FirstBatch);
        Update(running, Batches[0]);
        Update(running, Batches[1]);

        running.Mean[0].Should().Be((0.75 * 2) + (0.25 * 15));
        running.Variance[0].Should().Be((0.75 * 1) + (0.25 * 25));
    }

    [Theory]
    [InlineData(RunningStart.Debiased)]
    [InlineData(RunningStart.FirstBatch)]
    [InlineData(RunningStart.ZeroOne)]
    public void Without_momentum_batches_weigh_alike_whatever_the_start(RunningStart start)
    {
        var running = new RunningMoments(1, null, runningStart: start);
        Update(running, Batches[0]);
        Update(running, Batches[1]);

        running.Mean[0].Should().Be(8.5);
        running.Variance[0].Should().Be(13);
    }

    [Theory]
    [InlineData(RunningStart.Debiased)]
    [InlineData(RunningStart.FirstBatch)]
    [InlineData(RunningStart.ZeroOne)]
    public void Momentum_one_keeps_the_last_batch_only(RunningStart start)
    {
        var running = new RunningMoments(1, 1, runningStart: start);
        Update(running, Batches[0]);
        Update(running, Batches[1]);

        running.Mean[0].Should().Be(15);
        running.Variance[0].Should().Be(25);
    }

    [Fact]
    public void Equal_batches_are_their_own_average_even_with_a_tiny_momentum()
    {
        var running = new RunningMoments(1, 1e-12);
        for (int batch = 0; batch < 100; batch++)
        {
            Update(running, Batches[1]);
        }

        running.Mean[0].Should().BeApproximately(15, 1e-12, "the divisor is gathered by the same rounded steps");
        running.Variance[0].Should().BeApproximately(25, 1e-12);
    }

    [Fact]
    public void Before_any_batch_normalization_is_the_identity()
    {
        var running = new RunningMoments(2);

        running.Mean.Should().Equal(0, 0);
        running.Variance.Should().Equal(1, 1);
        running.BatchCount.Should().Be(0);
        running.UpdateCount.Should().Equal(0, 0);
    }

    [Fact]
    public void A_feature_without_a_value_in_a_batch_keeps_its_state_and_its_own_debiasing()
    {
        var running = new RunningMoments(2, 0.1);
        Update(running, [1, double.NaN, 3, double.NaN]);
        Update(running, [10, 5, 20, 7]);

        running.BatchCount.Should().Be(2);
        running.UpdateCount.Should().Equal(2, 1);
        running.Mean[1].Should().BeApproximately(6, 1e-15, "its first batch is the second one");
        running.Variance[1].Should().BeApproximately(1, 1e-15);
    }

    [Fact]
    public void With_the_sample_variance_one_value_is_no_update()
    {
        var running = new RunningMoments(1, 0.1, VarianceEstimator.Sample);
        Update(running, [4]);

        running.UpdateCount.Should().Equal(0);
        running.BatchCount.Should().Be(1);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Momentum_is_between_0_and_1(double momentum)
    {
        FluentActions.Invoking(() => new RunningMoments(1, momentum)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Wrong_options_and_batches_are_refused()
    {
        FluentActions.Invoking(() => new RunningMoments(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RunningMoments(1, 0.1, (VarianceEstimator)9)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RunningMoments(1, 0.1, runningStart: (RunningStart)9)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RunningMoments(2).Update(new FeatureMoments(3))).Should().Throw<ArgumentException>()
            .WithMessage("Expected a batch of 2 feature(s), as here, and found 3.*");
    }

    [Theory]
    [InlineData(0.1, RunningStart.Debiased)]
    [InlineData(0.1, RunningStart.FirstBatch)]
    [InlineData(0.1, RunningStart.ZeroOne)]
    [InlineData(null, RunningStart.Debiased)]
    public void Restored_moments_go_on_to_the_last_bit(double? momentum, RunningStart start)
    {
        var uninterrupted = new RunningMoments(1, momentum, runningStart: start);
        var running = new RunningMoments(1, momentum, runningStart: start);
        running = RunningMoments.FromState(running.ExportState());
        Update(running, Batches[0]);
        running = RunningMoments.FromState(running.ExportState());
        Update(running, Batches[1]);
        foreach (double[] batch in Batches)
        {
            Update(uninterrupted, batch);
        }

        running.ExportState().Should().BeEquivalentTo(uninterrupted.ExportState());
        running.Mean.Should().Equal(uninterrupted.Mean);
        running.Variance.Should().Equal(uninterrupted.Variance);
    }

    public static TheoryData<string> Damages => [.. Damaged.Keys];

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_state_is_refused(string damage)
    {
        var running = new RunningMoments(1);
        Update(running, Batches[0]);

        var (change, message) = Damaged[damage];

        FluentActions.Invoking(() => RunningMoments.FromState(change(running.ExportState()))).Should().Throw<InvalidDataException>()
            .WithMessage($"The saved running moments are damaged: {message}.");
    }

    [Fact]
    public void The_largest_number_of_batches_is_2_to_the_53()
    {
        var running = new RunningMoments(1);
        Update(running, Batches[0]);

        RunningMoments restored = RunningMoments.FromState(running.ExportState() with { BatchCount = 1L << 53 });

        restored.BatchCount.Should().Be(1L << 53);
        FluentActions.Invoking(() => RunningMoments.FromState(null!)).Should().Throw<ArgumentNullException>();
        running.Invoking(it => it.Update(null!)).Should().Throw<ArgumentNullException>().WithParameterName("batch");
    }

    [Fact]
    public void A_copy_goes_on_where_the_other_stands()
    {
        var other = new RunningMoments(1, 0.2);
        Update(other, Batches[0]);
        Update(other, Batches[1]);
        var copy = new RunningMoments(1, 0.2);
        Update(copy, [100, 200]);

        copy.CopyFrom(other);

        copy.ExportState().Should().BeEquivalentTo(other.ExportState());
    }

    [Fact]
    public void Only_plain_averages_of_one_kind_and_width_are_merged()
    {
        var plain = new RunningMoments(2, momentum: null);
        Update(plain, [1, 2, 3, 4]);
        foreach ((RunningMoments into, RunningMoments from) in new[]
        {
            (plain, new RunningMoments(2, 0.1)),
            (new RunningMoments(2, 0.1), plain),
            (plain, new RunningMoments(3, momentum: null)),
            (plain, new RunningMoments(2, momentum: null, VarianceEstimator.Sample)),
        })
        {
            into.Invoking(it => it.Merge(from)).Should().Throw<ArgumentException>()
                .WithMessage("Only plain averages (momentum null) of the same kind over the same features can be merged.*");
        }
        plain.BatchCount.Should().Be(1);
    }

    [Fact]
    public void A_feature_without_a_batch_on_either_side_stays_without_one()
    {
        var first = new RunningMoments(2, momentum: null);
        Update(first, [1, double.NaN, 3, double.NaN]);
        var second = first.Clone();
        Update(second, [7, double.NaN, 9, double.NaN]);

        first.Merge(second);

        first.BatchCount.Should().Be(3);
        first.UpdateCount.Should().Equal(3, 0);
        first.Mean[0].Should().BeApproximately((2 + 2 + 8) / 3.0, 1e-15);
        first.Mean[1].Should().Be(0);
        first.Variance[1].Should().Be(1);
        first.HasStarted(1).Should().BeFalse();
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Statistics_that_are_restored_whole_have_forgotten_the_start(double momentum)
    {
        var running = new RunningMoments(3, momentum, runningStart: RunningStart.ZeroOne);

        running.Restore([5, double.NaN, 7], [4, 2, double.NaN]);

        running.Mean.Should().Equal(5, 0, 0);
        running.Variance.Should().Equal(4, 1, 1);
        running.UpdateCount.Should().Equal(running.BatchCount, 0, 0);
        // (1 - momentum)^t is below 2^-53 for the first time.
        Math.Pow(1 - momentum, running.BatchCount).Should().BeLessThan(1.0000001 * Math.Pow(2, -53));
        Math.Pow(1 - momentum, running.BatchCount - 1).Should().BeGreaterThanOrEqualTo(0.9999999 * Math.Pow(2, -53));
        new RunningMoments(1, momentum).Invoking(it => it.Restore([1], [1])).Should().NotThrow();
    }

    private static readonly Dictionary<string, (Func<RunningMomentsState, RunningMomentsState> Change, string Message)> Damaged = new()
    {
        ["no features"] = (state => state with { Mean = [] }, "they have no features"),
        ["lengths differ"] = (state => state with { Weight = [0.1, 0.1] }, "their arrays have 1, 1, 2 and 1 numbers"),
        ["a variance too many"] = (state => state with { Variance = [1, 1] }, "their arrays have 1, 2, 1 and 1 numbers"),
        ["no count of updates"] = (state => state with { UpdateCount = [] }, "their arrays have 1, 1, 1 and 0 numbers"),
        ["momentum 0"] = (state => state with { Momentum = 0 }, "their momentum is 0"),
        ["momentum above 1"] = (state => state with { Momentum = 1.5 }, "their momentum is 1.5"),
        ["unknown start"] = (state => state with { RunningStart = (RunningStart)7 }, "their start is 7"),
        ["unknown variance"] = (state => state with { VarianceEstimator = (VarianceEstimator)7 }, "their kind of variance is 7"),
        ["negative batches"] = (state => state with { BatchCount = -1 }, "their batch count is -1"),
        ["too many batches"] = (state => state with { BatchCount = (1L << 53) + 1 }, "their batch count is 9007199254740993"),
        ["more updates than batches"] = (state => state with { UpdateCount = [2] }, "feature 0 had 2 of 1 batches"),
        ["less than no updates"] = (state => state with { UpdateCount = [-1] }, "feature 0 had -1 of 1 batches"),
        ["mean NaN"] = (state => state with { Mean = [double.NaN] }, "the mean of feature 0 is NaN"),
        ["variance negative"] = (state => state with { Variance = [-1] }, "the variance of feature 0 is -1"),
        ["variance NaN"] = (state => state with { Variance = [double.NaN] }, "the variance of feature 0 is NaN"),
        ["weight above one"] = (state => state with { Weight = [2] }, "the weight of feature 0 is 2 after 1 batches"),
        ["no weight after a batch"] = (state => state with { Weight = [0] }, "the weight of feature 0 is 0 after 1 batches"),
        ["weight without a batch"] = (state => state with { UpdateCount = [0] }, "the weight of feature 0 is 0.1 after 0 batches"),
        ["weight NaN"] = (state => state with { Weight = [double.NaN] }, "the weight of feature 0 is NaN after 1 batches"),
    };

    private static void Update(RunningMoments running, double[] values)
    {
        var batch = new FeatureMoments(running.FeatureCount);
        batch.AddRows<double>(values, values.Length / running.FeatureCount);
        running.Update(batch);
    }
}
