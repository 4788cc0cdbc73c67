using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

/// <summary>Which of several features a warning speaks of, and of which of them its numbers are.</summary>
public class BatchNormWarningsTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void The_share_of_sorted_rows_is_the_largest_one()
    {
        // All of the first feature's variance lies between batches, and about two thirds of the second's.
        double[] noise = RandomData.Normal(1, 2000);
        double[][] rows = [.. noise.Select((value, i) => new[] { i / 100 % 2, value + (3 * (i / 100 % 2)) })];

        Messages(ScalingWarningKind.SortedRows, new() { BatchSize = 100 }, rows).Should().ContainSingle()
            .Which.Should().Contain("differ by more than chance allows: up to 100 % of the variance lies between them");
    }

    [Fact]
    public void The_numbers_of_small_batches_are_those_of_the_smallest()
    {
        // Four batches of eight rows, in every other of which the second feature is missing: 1 / 4, and sqrt(2 / 3 / 4) = 0.408.
        double[] noise = RandomData.Normal(1, 32);
        double[][] rows = [.. noise.Select((value, i) => new[] { value, i % 2 == 0 ? value : double.NaN })];

        Messages(ScalingWarningKind.SmallBatches, new() { BatchSize = 8, Momentum = null }, rows).Should().ContainSingle().Which.Should()
            .Contain("batches of 4 values: each batch variance is too small by 25 % on average, and the running variance is uncertain by about 41 %");
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public void A_batch_variance_may_be_too_small_by_a_tenth(int batchSize, bool warns)
    {
        double[][] rows = [.. RandomData.Normal(1, 100 * batchSize).Select(value => new[] { value })];
        Messages(ScalingWarningKind.SmallBatches, new() { BatchSize = batchSize, Momentum = null }, rows).Should().HaveCount(warns ? 1 : 0);
    }

    [Theory]
    [InlineData(50, true)]
    // sqrt(2 / 50) = 0.2.
    [InlineData(51, false)]
    public void A_running_variance_may_be_uncertain_by_a_fifth(int batchSize, bool warns)
    {
        double[][] rows = [.. RandomData.Normal(1, batchSize).Select(value => new[] { value })];
        Messages(ScalingWarningKind.SmallBatches, new() { BatchSize = batchSize, Momentum = null }, rows).Should().HaveCount(warns ? 1 : 0);
    }

    [Fact]
    public void A_feature_without_a_value_has_no_batches_that_could_be_too_small_or_too_few()
    {
        double[][] rows = [.. RandomData.Normal(1, 2000).Select(value => new[] { value, double.NaN })];
        Messages(ScalingWarningKind.SmallBatches, new() { BatchSize = 100 }, rows).Should().BeEmpty();
        Messages(ScalingWarningKind.FewBatches, BatchNormOptions.PyTorch with { BatchSize = 100, Epochs = 10 }, rows).Should().BeEmpty();
    }

    [Fact]
    public void Given_running_statistics_have_no_batches_that_could_be_too_small()
    {
        Messages(ScalingWarningKind.SmallBatches, new() { RunningMean = 3, RunningVariance = 4 }, [[1, 2]]).Should().BeEmpty();
    }

    [Fact]
    public void The_batches_and_the_weight_of_a_start_are_those_of_the_feature_with_the_fewest()
    {
        // 16 batches; in every other of them the second feature is missing. 0.9^16 = 0.185 and 0.9^8 = 0.43.
        double[][] rows = [.. RandomData.Normal(1, 1600).Select((value, i) => new[] { value, i / 100 % 2 == 0 ? value : double.NaN })];

        Messages(ScalingWarningKind.FewBatches, BatchNormOptions.PyTorch with { BatchSize = 100 }, rows).Should().ContainSingle().Which.Should()
            .Be("Column 'Features': 2 of 2 slots (0, 1) have running statistics of 8 batch(es) only, in which the start at mean 0 and variance 1 "
                + "still weighs 43 %. Use more epochs or smaller batches, or RunningStart = Debiased.");
    }

    [Fact]
    public void The_share_of_a_start_in_small_variances_is_the_largest_one_and_a_constant_has_none()
    {
        // Ten batches of variances 1 / 1024 and 1 / 256, after which the start weighs s = 1 / 1024: s / (s + (1 - s) / 1024) and s / (s + (1 - s) / 256).
        double[][] rows = [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? 1.0 : -1).Select(sign => new[] { sign / 32, sign / 16, 3 })];
        var options = new BatchNormOptions { BatchSize = 2, Momentum = 0.5, RunningStart = RunningStart.ZeroOne, Epsilon = 0 };

        Messages(ScalingWarningKind.FewBatches, options, rows).Should().ContainSingle().Which.Should()
            .Be("Column 'Features': 2 of 3 slots (0, 1) have running variances of which the start at variance 1 is up to 50 %: they are in small units. "
                + "Use more epochs or smaller batches, or RunningStart = Debiased.");
    }

    private string[] Messages(ScalingWarningKind kind, BatchNormOptions options, double[][] rows) =>
    [
        .. _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of(_context, rows)).Report.Warnings
            .Where(warning => warning.Kind == kind).Select(warning => warning.Message),
    ];
}
