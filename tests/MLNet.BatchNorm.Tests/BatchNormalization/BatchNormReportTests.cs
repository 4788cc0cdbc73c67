using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

public class BatchNormReportTests
{
    private static readonly ScalingWarningKind[] BatchKinds =
        [ScalingWarningKind.SortedRows, ScalingWarningKind.SmallBatches, ScalingWarningKind.FewBatches, ScalingWarningKind.LeftOutRows];

    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _log = [];

    public BatchNormReportTests() => _context.Log += (_, entry) => _log.Add(entry.Message);

    [Theory]
    [InlineData("sorted")]
    [InlineData("grouped")]
    [InlineData("drifting")]
    public void Sorted_rows_fire_the_warning_in_report_and_log(string order)
    {
        double[] values = order switch
        {
            "sorted" => [.. RandomData.Normal(1, 5000).Order()],
            "grouped" => [.. RandomData.Normal(1, 5000).Select((value, i) => value + (i / 1000 % 2 * 3))],
            _ => [.. RandomData.Normal(1, 5000).Select((value, i) => value + (i / 2000.0))],
        };
        // The second feature is in random order.
        var transformer = Fit(new(), [.. values.Zip(RandomData.Normal(2, 5000), (first, second) => new[] { first, second })]);
        var feature = transformer.Report.Features[0];

        transformer.Report.Warnings.Should().ContainSingle(warning => warning.Kind == ScalingWarningKind.SortedRows)
            .Which.Message.Should().Contain("1 of 2 slots (0) have batches that differ by more than chance allows").And.Contain("Shuffle");
        _log.Should().ContainSingle(message => message.Contains("Kind=Warning") && message.Contains("BatchNorm") && message.Contains("differ by more than chance"));
        feature.BetweenBatchShare.Should().BeGreaterThan(0.2);
        feature.VarianceRatio.Should().BeLessThan(0.85, "the batches know only a part of the variance");
        transformer.Report.Features[1].BetweenBatchShare.Should().BeInRange(-0.01, 0.01);
    }

    [Fact]
    public void The_means_of_sorted_rows_disagree_and_the_last_batches_win()
    {
        var feature = Fit(new(), [.. RandomData.Normal(1, 10_000).Order().Select(value => new[] { value })]).Report.Features[0];
        feature.MeanDisagreement.Should().BeGreaterThan(0.5);
        feature.VarianceRatio.Should().BeLessThan(0.2);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(32)]
    public void Shuffling_sorted_rows_is_the_cure(int batchSize)
    {
        double[][] rows = [.. RandomData.Normal(1, 5000).Order().Select(value => new[] { value })];
        // 5000 rows of a list that cannot shuffle itself: all of them in the pool.
        var report = Fit(new() { BatchSize = batchSize, Shuffle = true, ShufflePoolSize = 5000 }, rows).Report;

        report.Warnings.Should().BeEmpty();
        _log.Should().NotContain(message => message.Contains("Kind=Warning"));
        // The exponential average holds about 19 batches: five of its standard errors.
        report.Features[0].MeanDisagreement.Should().BeApproximately(0, 5 / Math.Sqrt(19.0 * batchSize));
        report.Features[0].VarianceRatio.Should().BeApproximately(1, 5 * Math.Sqrt(2 / (19.0 * batchSize)) + (1.0 / batchSize));
    }

    [Fact]
    public void Rows_in_random_order_hardly_ever_fire_it()
    {
        // Of 1000 features, in batches of several sizes and data of several shapes.
        double[][] normal = Transpose([.. Enumerable.Range(0, 1000).Select(i => RandomData.Normal(i, 600))]);
        double[][] skewed = [.. normal.Select(row => row.Select(Math.Exp).ToArray())];
        double[][] binary = [.. normal.Select(row => row.Select(value => value > 2 ? 1.0 : 0).ToArray())];
        foreach (double[][] rows in new[] { normal, skewed, binary })
        {
            foreach (int batchSize in new[] { 2, 16, 100, 300 })
            {
                Kinds(Fit(new() { BatchSize = batchSize }, rows)).Should().NotContain(ScalingWarningKind.SortedRows);
            }
        }
    }

    [Fact]
    public void A_sorted_tail_of_rows_that_is_no_material_share_does_not_fire_it()
    {
        // 2% of the variance between batches: beyond chance in so many rows, and of no consequence.
        double[] values = RandomData.Normal(1, 100_000);
        var transformer = Fit(new(), [.. values.Select((value, i) => new[] { value + (i < 50_000 ? 0 : 0.28) })]);
        transformer.Columns[0].BetweenBatchShare[0].Should().BeInRange(0.015, 0.025);
        Kinds(transformer).Should().BeEmpty();
    }

    [Theory]
    [InlineData(4, 0.1, VarianceEstimator.Population, true)]
    [InlineData(4, 0.01, VarianceEstimator.Sample, false)]
    [InlineData(4, 0.5, VarianceEstimator.Sample, true)]
    [InlineData(64, 0.1, VarianceEstimator.Population, false)]
    [InlineData(64, 1.0, VarianceEstimator.Population, false)]
    [InlineData(32, 1.0, VarianceEstimator.Population, true)]
    public void Small_batches_are_warned_of(int batchSize, double momentum, VarianceEstimator variance, bool warns)
    {
        var transformer = Fit(new() { BatchSize = batchSize, Momentum = momentum, VarianceEstimator = variance }, Rows.Random(6400, 1, seed: 5));
        Kinds(transformer).Should().Equal(warns ? [ScalingWarningKind.SmallBatches] : []);
    }

    [Fact]
    public void A_start_that_still_weighs_is_warned_of()
    {
        var transformer = Fit(BatchNormOptions.PyTorch with { BatchSize = 100 }, Rows.Random(1000, 1, seed: 5));
        transformer.Report.Warnings.Should().ContainSingle(warning => warning.Kind == ScalingWarningKind.FewBatches)
            .Which.Message.Should().Contain("10 batch(es) only").And.Contain("still weighs 35");
        Kinds(Fit(BatchNormOptions.PyTorch with { BatchSize = 100, Epochs = 3 }, Rows.Random(1000, 1, seed: 5))).Should().BeEmpty();
    }

    [Fact]
    public void Left_out_rows_are_told_but_do_not_warn_the_host()
    {
        Kinds(Fit(new() { BatchSize = 100, LastBatch = LastBatch.Drop }, Rows.Random(950, 1, seed: 5))).Should().Equal(ScalingWarningKind.LeftOutRows);
        _log.Should().Contain(message => message.Contains("Kind=Info") && message.Contains("50 row(s) in 1 last batch(es) were left out"));
        _log.Should().NotContain(message => message.Contains("Kind=Warning"));
    }

    [Fact]
    public void Channels_are_called_channels()
    {
        double[][] rows = [.. Rows.Random(600, 4, seed: 1).Select((row, i) => new[] { row[0] + i, row[1], row[2], row[3] })];
        var report = _context.Transforms.BatchNormalize(Rows.Column, options: new() { BatchSize = 100, ChannelAxis = 0 }).Fit(Rows.Of(_context, rows, null, 2, 2)).Report;
        report.Warnings.Should().ContainSingle(warning => warning.Kind == ScalingWarningKind.SortedRows)
            .Which.Message.Should().StartWith("Column 'Features': 1 of 2 channels (0) have batches");
    }

    [Fact]
    public void The_text_is_a_table_with_the_warnings_below()
    {
        var report = Fit(new() { BatchSize = 2, Momentum = null, Epsilon = 0, VarianceEstimator = VarianceEstimator.Sample }, [[1], [3], [4], [8]]).Report;
        report.ToString().Should().Be(
            """
            Feature      Count  Missing  Running mean  Exact mean  Running variance  Exact variance  Between batches  Batches  Offset     Scale
            Features[0]      4        0             4           4                 5             6.5                -        2       4  0.447214
            Warning: Column 'Features' has batches of 2 values: each batch variance is too small by 50 % on average, and the running variance is uncertain by about 100 %. Use larger batches, a smaller Momentum, or Standardize, whose statistics are exact.

            """.ReplaceLineEndings("\n"));
        report.Features[0].VarianceRatio.Should().Be(5 / 6.5);
    }

    [Fact]
    public void Disagreement_is_in_deviations_of_all_rows_and_a_constant_agrees()
    {
        // With momentum 1 the running statistics are those of the last batch: mean 6 and variance 4, and 4 and 6.5 of all rows.
        var features = Fit(new() { BatchSize = 2, Momentum = 1 }, [[1, 5], [3, 5], [4, 5], [8, 5]]).Report.Features;
        features[0].MeanDisagreement.Should().BeApproximately((6 - 4) / Math.Sqrt(6.5), 1e-15);
        features[0].VarianceRatio.Should().Be(4 / 6.5);
        features[1].MeanDisagreement.Should().Be(0);
        features[1].VarianceRatio.Should().Be(1);
    }

    [Fact]
    public void Missing_and_constant_features_are_reported_as_by_the_scalers()
    {
        var kinds = Fit(new() { BatchSize = 2 }, [[1, 5], [3, 5], [double.NaN, 5]]).Report.Warnings.Select(warning => warning.Kind);
        kinds.Should().Contain([ScalingWarningKind.MissingValues, ScalingWarningKind.ConstantFeature]);
    }

    private static double[][] Transpose(double[][] columns) =>
        [.. Enumerable.Range(0, columns[0].Length).Select(i => columns.Select(column => column[i]).ToArray())];

    private static IEnumerable<ScalingWarningKind> Kinds(BatchNormTransformer transformer) =>
        transformer.Report.Warnings.Select(warning => warning.Kind).Where(BatchKinds.Contains);

    private BatchNormTransformer Fit(BatchNormOptions options, double[][] rows) =>
        _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of(_context, rows));
}
