using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

/// <summary>Fit, save, load, go on: as if it had never stopped.</summary>
public class BatchNormUpdateTests
{
    private const int BatchSize = 32;
    private const int RowsOfA = 10 * BatchSize;

    private static readonly double[][] All = Rows.Random(RowsOfA + 150, 6, seed: 11);

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<RunningStart, double?, VarianceEstimator, int?> Ways => new()
    {
        { RunningStart.Debiased, 0.1, VarianceEstimator.Population, null },
        { RunningStart.Debiased, 0.013, VarianceEstimator.Sample, null },
        { RunningStart.FirstBatch, 0.1, VarianceEstimator.Population, null },
        { RunningStart.ZeroOne, 0.1, VarianceEstimator.Sample, null },
        { RunningStart.Debiased, null, VarianceEstimator.Population, null },
        { RunningStart.Debiased, null, VarianceEstimator.Sample, 0 },
        { RunningStart.Debiased, 0.1, VarianceEstimator.Population, 1 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Fit_save_load_and_update_is_the_same_to_the_last_bit_as_one_fit(RunningStart start, double? momentum, VarianceEstimator variance, int? channelAxis)
    {
        var options = new BatchNormOptions
        {
            BatchSize = BatchSize,
            RunningStart = start,
            Momentum = momentum,
            VarianceEstimator = variance,
            ChannelAxis = channelAxis,
            Gamma = channelAxis is null ? new[] { 1, 2, 3, 4, 5, 0.5 } : 2,
            Beta = -3,
            Epsilon = 0.01,
        };
        var estimator = _context.Transforms.BatchNormalize(Rows.Column, options: options);
        var whole = estimator.Fit(View(All));
        var resumed = SaveAndLoad(estimator.Fit(View(All[..RowsOfA]))).Update(View(All[RowsOfA..]));

        resumed.Options.Should().Be(options);
        Same(resumed.Columns[0], whole.Columns[0]);
    }

    [Fact]
    public void Missing_values_and_sparse_rows_do_not_keep_it_from_being_the_same()
    {
        double[][] rows = [.. All.Select((row, i) => row.Select((value, j) => (i * 7 + j) % 5 == 0 ? double.NaN : (i + j) % 3 == 0 ? 0 : value).ToArray())];
        var estimator = _context.Transforms.BatchNormalize(Rows.Column, options: new() { BatchSize = BatchSize });
        var whole = estimator.Fit(Rows.Sparse(_context, rows));
        var resumed = SaveAndLoad(estimator.Fit(Rows.Sparse(_context, rows[..RowsOfA]))).Update(Rows.Sparse(_context, rows[RowsOfA..]));
        Same(resumed.Columns[0], whole.Columns[0]);
    }

    [Fact]
    public void An_update_leaves_the_transformer_as_it_is()
    {
        var first = _context.Transforms.BatchNormalize(Rows.Column).Fit(View(All[..100]));
        var mean = first.Columns[0].RunningMean;
        var second = first.Update(View(All[100..]));

        first.Columns[0].RunningMean.Should().Equal(mean);
        first.Columns[0].Statistics[0].Count.Should().Be(100);
        second.Columns[0].RunningMean.Should().NotEqual(mean);
    }

    [Fact]
    public void No_rows_change_nothing_and_one_row_only_the_exact_statistics()
    {
        var first = _context.Transforms.BatchNormalize(Rows.Column).Fit(View(All[..100]));
        Same(first.Update(View(All[..0])).Columns[0], first.Columns[0]);

        var updated = first.Update(View(All[100..101]));
        updated.Columns[0].RunningMean.Should().Equal(first.Columns[0].RunningMean);
        updated.Columns[0].Statistics[0].Count.Should().Be(101);
        updated.Columns[0].LeftOutRowCount.Should().Be(1);
    }

    [Fact]
    public void Other_columns_than_those_of_the_fit_are_refused()
    {
        var transformer = _context.Transforms.BatchNormalize(Rows.Column).Fit(View(All));
        transformer.Invoking(t => t.Update(Rows.Of<float>(_context, [[1, 2]]))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*'Features'*");
        transformer.Invoking(t => t.MeasureDrift(Rows.Of<float>(_context, [[1, 2]]))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*'Features'*");
    }

    [Theory]
    [InlineData(VarianceEstimator.Population)]
    [InlineData(VarianceEstimator.Sample)]
    public void Plain_averages_merge_to_those_of_all_batches(VarianceEstimator variance)
    {
        var estimator = _context.Transforms.BatchNormalize(Rows.Column, options: new() { BatchSize = BatchSize, Momentum = null, VarianceEstimator = variance });
        var whole = estimator.Fit(View(All)).Columns[0];
        var first = estimator.Fit(View(All[..RowsOfA]));
        var second = estimator.Fit(View(All[RowsOfA..]));
        var empty = SaveAndLoad(first).Update(View(All[..0]));

        foreach (var merged in new[] { first.Merge(second), second.Merge(first), empty.Merge(second) }.Select(transformer => transformer.Columns[0]))
        {
            // Averages of 15 batches in another order of addition.
            merged.RunningMean.ShouldBeClose(whole.RunningMean, 1e-13, floor: 1);
            merged.RunningVariance.ShouldBeClose(whole.RunningVariance, 1e-13);
            merged.BatchCount.Should().Equal(whole.BatchCount);
            merged.BetweenBatchShare.ShouldBeClose(whole.BetweenBatchShare, 1e-9, floor: 1);
            merged.Statistics.Select(slot => slot.PopulationVariance).ShouldBeClose(whole.Statistics.Select(slot => slot.PopulationVariance), 1e-13);
        }
        first.Columns[0].Statistics[0].Count.Should().Be(RowsOfA, "merging changes neither side");
    }

    [Fact]
    public void Shards_without_a_value_of_a_feature_merge_save_load_and_go_on()
    {
        const double NaN = double.NaN;
        double[][] whole = [[1, NaN], [3, NaN], [4, NaN], [8, NaN], [5, 2], [7, 6]];
        var estimator = _context.Transforms.BatchNormalize(Rows.Column, options: new() { BatchSize = 2, Momentum = null });
        BatchNormTransformer Fit(Range rows) => estimator.Fit(Rows.Of(_context, whole[rows]));

        var empty = SaveAndLoad(Fit(..2).Merge(Fit(2..4)));
        empty.Columns[0].BatchCount.Should().Equal(2, 0);
        empty.Columns[0].Running.Batches.GroupCount.Should().Equal(2, 0);
        empty.Columns[0].Running.Batches.Precision.Should().BeEquivalentTo(Fit(..4).Columns[0].Running.Batches.Precision);

        Same(SaveAndLoad(empty.Merge(Fit(4..))).Columns[0], Fit(..).Columns[0]);
    }

    [Fact]
    public void Exponential_averages_do_not_merge()
    {
        var transformer = _context.Transforms.BatchNormalize(Rows.Column).Fit(View(All));
        transformer.Invoking(t => t.Merge(t)).Should().Throw<InvalidOperationException>()
            .WithMessage("Merge: running statistics with momentum 0.1 depend on the order of the batches*Momentum = null*Update*");
    }

    [Fact]
    public void Other_options_do_not_merge()
    {
        BatchNormTransformer Fit(int batchSize) =>
            _context.Transforms.BatchNormalize(Rows.Column, options: new() { Momentum = null, BatchSize = batchSize }).Fit(View(All));
        Fit(10).Invoking(t => t.Merge(Fit(20))).Should().Throw<ArgumentException>().WithMessage("*same options*");
    }

    [Fact]
    public void The_saved_model_is_plain_ML_NET_with_the_same_results()
    {
        var data = View(All);
        var options = new BatchNormOptions { Gamma = new[] { 1, 0, 2, -1, 0.5, 3 }, Beta = new[] { 0.0, 7, 1, 1, 1, -2 } };
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(data);
        using var stream = new MemoryStream();
        _context.Model.Save(transformer, data.Schema, stream);
        var stock = new MLContext().Model.Load(stream, out _);

        stock.Should().NotBeOfType<BatchNormTransformer>();
        Rows.Read<double>(stock.Transform(data)).SelectMany(row => row)
            .ShouldBeClose(Rows.Read<double>(transformer.Transform(data)).SelectMany(row => row), 1e-12, floor: 1);
    }

    private static void Same(BatchNormColumn actual, BatchNormColumn expected)
    {
        actual.Running.Batches.Precision.Should().BeEquivalentTo(expected.Running.Batches.Precision);
        actual.RunningMean.Should().Equal(expected.RunningMean);
        actual.RunningVariance.Should().Equal(expected.RunningVariance);
        actual.BatchCount.Should().Equal(expected.BatchCount);
        actual.Scale.Should().Equal(expected.Scale);
        actual.Offset.Should().Equal(expected.Offset);
        actual.Statistics.Should().Equal(expected.Statistics);
        actual.BetweenBatchShare.Should().Equal(expected.BetweenBatchShare);
        actual.LeftOutRowCount.Should().Be(expected.LeftOutRowCount);
    }

    private BatchNormTransformer SaveAndLoad(BatchNormTransformer transformer)
    {
        using var stream = new MemoryStream();
        _context.Model.Save(transformer, null, stream);
        return new MLContext().Model.LoadWithStatistics(stream, out _).Should().BeOfType<BatchNormTransformer>().Subject;
    }

    private IDataView View(double[][] rows) => Rows.Of(_context, rows, null, 2, 3);
}
