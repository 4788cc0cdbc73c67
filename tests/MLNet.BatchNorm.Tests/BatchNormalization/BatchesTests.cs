using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

/// <summary>Where batches begin and end, and what does not make one.</summary>
public class BatchesTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void A_last_batch_of_one_row_is_left_out_and_reported()
    {
        var transformer = Fit(new() { BatchSize = 2, Momentum = 1 }, [[1], [3], [100]]);

        transformer.Columns[0].RunningMean.Should().Equal(2);
        transformer.Columns[0].RunningVariance.Should().Equal(1);
        transformer.Columns[0].Statistics[0].Count.Should().Be(3, "the exact statistics have all rows");
        transformer.Report.BatchCount.Should().Be(1);
        transformer.Report.LeftOutBatchCount.Should().Be(1);
        transformer.Report.LeftOutRowCount.Should().Be(1);
        transformer.Report.Warnings.Should().ContainSingle(warning => warning.Kind == ScalingWarningKind.LeftOutRows)
            .Which.Message.Should().StartWith("Column 'Features': 1 row(s) in 1 last batch(es) were left out");
    }

    [Fact]
    public void A_last_batch_of_one_image_counts_as_its_pixels_do()
    {
        var options = new BatchNormOptions { BatchSize = 2, ChannelAxis = 0, Momentum = 1 };
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of<double>(_context, [[1, 3], [1, 3], [10, 20]], null, 1, 2));

        transformer.Columns[0].RunningMean.Should().Equal(15, 15);
        transformer.Columns[0].RunningVariance.Should().Equal(25, 25);
        transformer.Report.LeftOutBatchCount.Should().Be(0);
    }

    [Theory]
    [InlineData(LastBatch.Keep, 2, 0, 0)]
    [InlineData(LastBatch.Drop, 1, 1, 2)]
    public void A_smaller_last_batch_is_kept_or_dropped(LastBatch lastBatch, long batches, long leftOutBatches, long leftOutRows)
    {
        var transformer = Fit(new() { BatchSize = 3, LastBatch = lastBatch }, [[1], [2], [3], [4], [5]]);

        transformer.Report.BatchCount.Should().Be(batches);
        transformer.Report.LeftOutBatchCount.Should().Be(leftOutBatches);
        transformer.Report.LeftOutRowCount.Should().Be(leftOutRows);
    }

    [Fact]
    public void Without_a_whole_batch_there_is_nothing_to_fit()
    {
        this.Invoking(test => test.Fit(new(), [[1]])).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features': 1 row(s) make no batch (batch size 256, last batch: Keep)*");
        this.Invoking(test => test.Fit(new() { LastBatch = LastBatch.Drop }, [[1], [2]])).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features': 2 row(s) make no batch (batch size 256, last batch: Drop)*");
        _context.Transforms.BatchNormalize(Rows.Column).Invoking(estimator => estimator.Fit(Rows.None(_context, 2))).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features': the data have no rows*");
    }

    [Fact]
    public void Missing_values_are_left_out_of_their_feature_and_batch()
    {
        const double NaN = double.NaN;
        // Second feature: nothing in the first batch, one value in the second, two in the third.
        var transformer = Fit(new() { BatchSize = 2, Momentum = null }, [[1, NaN], [3, NaN], [1, 50], [3, NaN], [NaN, 10], [1, 20]]);
        var column = transformer.Columns[0];

        column.RunningMean.Should().Equal(2, 15);
        column.RunningVariance.Should().Equal(1, 25);
        column.BatchCount.Should().Equal(2, 1);
        column.Statistics.Select(slot => slot.MissingCount).Should().Equal(1, 3);
        Rows.Read<double>(transformer.Transform(Rows.Of<double>(_context, [[NaN, 15]])))[0].Should().Equal(NaN, 0);
    }

    [Fact]
    public void A_feature_that_never_has_two_values_in_a_batch_is_an_error()
    {
        this.Invoking(test => test.Fit(new() { BatchSize = 2 }, [[1, 5], [2, double.NaN], [3, double.NaN], [4, 6]])).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features', slot 1 has 2 value(s) in 4 rows, and no batch of 2 rows has two of them*");
    }

    [Fact]
    public void An_infinity_is_an_error_that_names_slot_and_row()
    {
        double[][] rows = [[1, 1], [2, 2], [3, 3], [4, double.NegativeInfinity]];
        this.Invoking(test => test.Fit(new() { BatchSize = 2 }, rows)).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features', slot 1 is infinite in row 3 (zero-based). *LeaveOut*");

        var column = Fit(new() { BatchSize = 2, Infinity = InfinityPolicy.LeaveOut }, rows).Columns[0];
        column.RunningMean[1].Should().BeApproximately(1.5, 1e-15);
        column.Statistics[1].InfiniteCount.Should().Be(1);
    }

    [Fact]
    public void An_infinity_in_a_channel_is_named_by_its_slot()
    {
        var options = new BatchNormOptions { ChannelAxis = 0 };
        _context.Transforms.BatchNormalize(Rows.Column, options: options)
            .Invoking(estimator => estimator.Fit(Rows.Of<double>(_context, [[1, 2, 3, 4], [1, 2, 3, double.PositiveInfinity]], null, 2, 2)))
            .Should().Throw<InvalidOperationException>().WithMessage("Column 'Features', slot 3 is infinite in row 1 (zero-based). *");
    }

    [Fact]
    public void A_constant_is_centered_and_gets_scale_gamma()
    {
        var transformer = Fit(new() { Gamma = 3, Beta = 1, BatchSize = 2 }, [[0.1], [0.1], [0.1], [0.1]]);
        transformer.Columns[0].Scale.Should().Equal(3);
        Rows.Read<double>(transformer.Transform(Rows.Of<double>(_context, [[0.1], [1.1]]))).Select(row => row[0]).Should().Equal(1, 4);
    }

    [Fact]
    public void A_constant_follows_the_formula_where_the_running_variance_starts_at_one()
    {
        var column = Fit(BatchNormOptions.PyTorch with { BatchSize = 2 }, [[5], [5]]).Columns[0];
        column.RunningVariance.ShouldBeClose([0.9], 1e-15);
        column.Scale.ShouldBeClose([1 / Math.Sqrt(0.9 + 1e-5)], 1e-15);
    }

    [Fact]
    public void A_constant_gets_scale_gamma_where_the_start_at_one_is_without_effect()
    {
        Fit(BatchNormOptions.PyTorch with { BatchSize = 2, Momentum = null, Gamma = 3 }, [[5], [5], [5], [5]]).Columns[0].Scale.Should().Equal(3);
    }

    [Fact]
    public void A_constant_up_to_rounding_is_centered_by_its_exact_mean()
    {
        // With momentum 1 the running mean is that of the last batch, a last digit above.
        double next = Math.BitIncrement(0.1);
        var transformer = Fit(new() { BatchSize = 2, Momentum = 1 }, [[0.1], [0.1], [0.1], [0.1], [0.1], [0.1], [next], [next]]);

        transformer.Columns[0].RunningMean.Should().Equal(next);
        transformer.Columns[0].Offset.Should().Equal(0.1);
        Rows.Read<double>(transformer.Transform(Rows.Of<double>(_context, [[0.1]])))[0].Should().Equal(0);
    }

    [Fact]
    public void Values_too_far_apart_for_a_variance_are_named_where_no_batch_has_two_of_them()
    {
        double[][] rows = [[1, 1e300], [2, double.NaN], [3, -1e300], [4, double.NaN]];
        this.Invoking(test => test.Fit(new() { BatchSize = 2 }, rows)).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features', slot 1: the variance of values from -1E+300 to 1E+300 is beyond the range of double.*");
        this.Invoking(test => test.Fit(new() { LastBatch = LastBatch.Drop }, [[1e300], [-1e300]])).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features': 2 row(s) make no batch (batch size 256, last batch: Drop)*");
    }

    [Fact]
    public void Every_epoch_brings_its_batches_and_leaves_the_exact_statistics_alone()
    {
        double[][] rows = [[1], [3], [4], [8]];
        var column = Fit(new() { BatchSize = 2, Epochs = 3, RunningStart = RunningStart.FirstBatch, Momentum = 0.5 }, rows).Columns[0];

        column.BatchCount.Should().Equal(6);
        // 2, then 6, 2, 6, 2, 6 averaged in by halves.
        column.RunningMean.Should().Equal(4.625);
        column.Statistics[0].Count.Should().Be(4);
        column.Statistics[0].PopulationVariance.Should().Be(6.5);
    }

    [Fact]
    public void Shuffled_batches_depend_on_the_seed_alone()
    {
        double[][] rows = [.. Enumerable.Range(0, 300).Select(i => new double[] { i })];
        double Mean(int seed, bool shuffle = true, int contextSeed = 1) => new MLContext(contextSeed).Transforms
            .BatchNormalize(Rows.Column, options: new() { BatchSize = 10, Shuffle = shuffle, Seed = seed, Epochs = 2 })
            .Fit(Rows.Of(_context, rows)).Columns[0].RunningMean[0];

        Mean(seed: 4).Should().Be(Mean(seed: 4, contextSeed: 2));
        Mean(seed: 4).Should().NotBe(Mean(seed: 5));
        Mean(seed: 4).Should().NotBe(Mean(seed: 4, shuffle: false));
    }

    [Fact]
    public void Each_epoch_has_an_order_of_its_own()
    {
        double[][] rows = [.. Enumerable.Range(0, 100).Select(i => new double[] { i })];
        // With momentum 1 the running mean is that of the last batch.
        double Last(int epochs) => Fit(new() { BatchSize = 10, Shuffle = true, Momentum = 1, Epochs = epochs }, rows).Columns[0].RunningMean[0];
        new[] { Last(1), Last(2), Last(3) }.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void An_infinity_in_shuffled_rows_says_what_its_row_number_means()
    {
        this.Invoking(test => test.Fit(new() { Shuffle = true }, [[1], [double.PositiveInfinity]])).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features', slot 0 is infinite in row ? (zero-based) of the shuffled order. *");
    }

    [Fact]
    public void Progress_counts_the_rows_of_all_epochs()
    {
        var reports = new List<FitProgress>();
        var options = new BatchNormOptions { Epochs = 2, Progress = new Listener(reports.Add) };
        Fit(options, [[1], [2], [3]]);
        reports.Should().Equal(new FitProgress(6, 6));
    }

    [Fact]
    public void Several_columns_share_the_batches_and_each_row_is_counted_once()
    {
        var reports = new List<FitProgress>();
        var data = _context.Data.LoadFromEnumerable(new double[] { 1, 3, 4, 8, 5 }.Select(value => new Pair { A = value, B = (float)(10 * value) }).ToArray());
        var options = new BatchNormOptions { BatchSize = 2, Momentum = null, LastBatch = LastBatch.Drop, Progress = new Listener(reports.Add) };
        var transformer = _context.Transforms.BatchNormalize([new("A"), new("B")], options).Fit(data);

        // Means 2 and 6, variances 1 and 4; tenfold.
        transformer.Columns.Select(column => column.RunningMean[0]).Should().Equal(4, 40);
        transformer.Columns.Select(column => column.RunningVariance[0]).Should().Equal(2.5, 250);
        transformer.Columns.Select(column => column.BatchCount[0]).Should().Equal(2, 2);
        transformer.Columns.Select(column => column.LeftOutRowCount).Should().Equal(1, 1);
        reports.Should().Equal(new FitProgress(5, 5));
    }

    [Fact]
    public void The_report_counts_the_batches_of_the_column_with_most_of_them()
    {
        // One row is a batch of an image with two pixels, and none of a vector of two features.
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(i => new Images { Image = [i, i * i], Vector = [i, -i] }).ToArray());
        var options = new BatchNormOptions { BatchSize = 2, ChannelAxis = 0 };
        foreach (InputOutputColumnPair[] pairs in new InputOutputColumnPair[][] { [new("Image"), new("Vector")], [new("Vector"), new("Image")] })
        {
            var report = _context.Transforms.BatchNormalize(pairs, options).Fit(data).Report;
            report.BatchCount.Should().Be(2, "that is the image's");
            report.LeftOutBatchCount.Should().Be(1, "that is the vector's");
            report.LeftOutRowCount.Should().Be(1);
        }
    }

    private BatchNormTransformer Fit(BatchNormOptions options, double[][] rows) =>
        _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of(_context, rows));

    private sealed class Pair
    {
        public double A { get; set; }

        public float B { get; set; }
    }

    private sealed class Images
    {
        [VectorType(1, 2)]
        public float[] Image { get; set; } = [];

        [VectorType(2)]
        public float[] Vector { get; set; } = [];
    }

    private sealed class Listener(Action<FitProgress> onReport) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => onReport(value);
    }
}
