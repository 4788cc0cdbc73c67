using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;

namespace MLNet.BatchNorm.Tests.Drift;

public class RunningReferenceTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Of_a_plain_average_of_equal_batches()
    {
        // Batches with means 2 and 3, population variances 4 and 1.
        var reference = Of(new() { BatchSize = 2, Momentum = null }, [[0], [4], [2], [4]]);
        reference.Should().Be(new DriftReference
        {
            Mean = 2.5,
            Variance = 2.5,
            UnbiasedVariance = 5, // halves of the sums, instead of the sums, of two values each
            LargestDeviation = 2.5,
            EffectiveCount = 4,
            Freedom = 2, // one of each batch
            Count = 4,
            MissingCount = 0,
        });
    }

    [Fact]
    public void The_sample_variance_has_no_bias_to_put_right()
    {
        var reference = Of(new() { BatchSize = 2, Momentum = null, VarianceEstimator = VarianceEstimator.Sample }, [[0], [4], [2], [4]]);
        (reference.Variance, reference.UnbiasedVariance).Should().Be((5, 5));
    }

    [Fact]
    public void A_short_last_batch_makes_the_average_less_certain()
    {
        // Batches of four and of two values, of equal weight: 1 / (1/4 (1/4 + 1/2)) values, 1 / (1/4 (1/3 + 1/1)) degrees of freedom.
        var reference = Of(new() { BatchSize = 4, Momentum = null }, [[0], [4], [2], [4], [1], [5]]);
        reference.EffectiveCount.Should().BeApproximately(16.0 / 3, 1e-12);
        reference.Freedom.Should().BeApproximately(3, 1e-12);
        // Variances of 11/4 and 4; a quarter and a half of the variance are wanting.
        reference.Variance.Should().Be((2.75 + 4) / 2);
        reference.UnbiasedVariance.Should().BeApproximately(3.375 / (1 - 0.375), 1e-12);
    }

    // Weights of the two batches: 0.5 (1 - 0.5) and 0.5, over their sum 0.75; or 0.5 and 0.5.
    [Theory]
    [InlineData(RunningStart.Debiased, 8 / 3.0, 2, 3.6, 1.8)]
    [InlineData(RunningStart.ZeroOne, 8 / 3.0, 2, 3.6, 1.8)]
    [InlineData(RunningStart.FirstBatch, 2.5, 2.5, 4, 2)]
    public void Of_an_exponential_average_the_start_is_taken_out(RunningStart start, double mean, double variance, double count, double freedom)
    {
        var reference = Of(new() { BatchSize = 2, Momentum = 0.5, RunningStart = start }, [[0], [4], [2], [4]]);
        reference.Mean.Should().BeApproximately(mean, 1e-14);
        reference.Variance.Should().BeApproximately(variance, 1e-14);
        reference.UnbiasedVariance.Should().BeApproximately(2 * variance, 1e-14);
        reference.EffectiveCount.Should().BeApproximately(count, 1e-13);
        reference.Freedom.Should().BeApproximately(freedom, 1e-13);
        reference.LargestDeviation.Should().BeApproximately(mean, 1e-14);
    }

    [Fact]
    public void Three_epochs_know_no_more_than_the_rows()
    {
        var reference = Of(new() { BatchSize = 10, Momentum = null, Epochs = 3 }, Rows.Random(100, 1, seed: 3));
        reference.EffectiveCount.Should().Be(100);
        reference.Freedom.Should().Be(99);
    }

    [Fact]
    public void A_variance_that_the_start_has_swallowed_is_taken_from_the_exact_statistics()
    {
        double[][] rows = [.. Rows.Random(1000, 1, seed: 3).Select(row => new[] { row[0] * 1e-12 })];
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: BatchNormOptions.PyTorch with { BatchSize = 100 }).Fit(Rows.Of(_context, rows));
        var statistics = transformer.Columns[0].Statistics[0];

        var reference = RunningReference.Of(transformer.Columns[0].Running, transformer.Options)[0];

        reference.Should().Be(new DriftReference
        {
            Mean = statistics.Mean,
            Variance = statistics.PopulationVariance,
            UnbiasedVariance = statistics.PopulationVariance * 1000 / 999,
            LargestDeviation = Math.Max(statistics.Maximum - statistics.Mean, statistics.Mean - statistics.Minimum),
            EffectiveCount = 1000,
            Freedom = 999,
            Count = 1000,
            MissingCount = 0,
        });
    }

    [Theory]
    [InlineData(0.25, 1.75, 0.5, 2, 1 / 3.0, 2)] // the start weighs 1/4: (1.75 - 0.25) / 0.75
    [InlineData(3, 5, 1, 7, 3, 5)] // nothing is left of it
    public void The_start_is_taken_out_of_mean_and_variance(
        double mean, double variance, double momentum, long batches, double meanWithout, double varianceWithout)
    {
        var (foundMean, foundVariance) = BatchAveraging.WithoutStart(mean, variance, momentum, batches)!.Value;
        foundMean.Should().BeApproximately(meanWithout, 1e-15);
        foundVariance.Should().BeApproximately(varianceWithout, 1e-15);
    }

    [Fact]
    public void A_variance_within_the_rounding_errors_of_the_start_is_not_known()
    {
        // 300 units in the last place of the start's quarter are 1.7e-14.
        BatchAveraging.WithoutStart(0, 0.25 + 1.6e-14, 0.5, 2).Should().BeNull();
        BatchAveraging.WithoutStart(0, 0.25 + 1.8e-14, 0.5, 2).Should().NotBeNull();
        BatchAveraging.WithoutStart(0, 1, 0.1, 0).Should().BeNull();
    }

    [Fact]
    public void A_feature_that_no_batch_had_is_compared_with_its_exact_statistics()
    {
        var fitted = Fit(new() { BatchSize = 2 }, [[1], [2]]).Columns[0].Running;
        var column = new RunningColumn(fitted, new RunningMoments(1), fitted.Batches);
        RunningReference.Of(column, new BatchNormOptions())[0].Should().Be(DriftReference.OfExact(fitted.Moments, 0));
    }

    [Fact]
    public void Merged_averages_are_as_certain_as_one_over_all_batches()
    {
        var options = new BatchNormOptions { BatchSize = 4, Momentum = null };
        double[][] rows = Rows.Random(26, 2, seed: 3);
        // One part ends with a batch of two rows, and so does the whole.
        var whole = RunningReference.Of(Fit(options, [.. rows[..16], .. rows[16..]]).Columns[0].Running, options);
        var merged = RunningReference.Of(Fit(options, rows[..16]).Merge(Fit(options, rows[16..])).Columns[0].Running, options);
        for (int feature = 0; feature < 2; feature++)
        {
            merged[feature].EffectiveCount.Should().BeApproximately(whole[feature].EffectiveCount, 1e-12);
            merged[feature].Freedom.Should().BeApproximately(whole[feature].Freedom, 1e-12);
            merged[feature].UnbiasedVariance.Should().BeApproximately(whole[feature].UnbiasedVariance, 1e-12);
            // Six batches of four and one of two.
            merged[feature].EffectiveCount.Should().BeApproximately(49 / ((6 / 4.0) + (1 / 2.0)), 1e-12);
        }
    }

    [Fact]
    public void Infinite_values_are_missing_too()
    {
        var reference = Of(new() { Infinity = InfinityPolicy.LeaveOut }, [[1], [double.NaN], [double.PositiveInfinity], [3], [double.NaN]]);
        (reference.Count, reference.MissingCount, reference.MissingShare).Should().Be((2, 3, 0.6));
    }

    private DriftReference Of(BatchNormOptions options, double[][] rows) => RunningReference.Of(Fit(options, rows).Columns[0].Running, options)[0];

    private BatchNormTransformer Fit(BatchNormOptions options, double[][] rows) =>
        _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of(_context, rows));
}
