using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

public class BatchNormTests
{
    // Batch means 2 and 6, batch variances 1 and 4 (population), 2 and 8 (sample).
    private static readonly double[][] TwoBatches = [[1], [3], [4], [8]];

    private readonly MLContext _context = new(seed: 1);

    [Theory]
    // (0.9 * 0.1 * 2 + 0.1 * 6) / (1 - 0.9^2): the later batch weighs 1, the earlier 0.9.
    [InlineData(RunningStart.Debiased, 0.1, VarianceEstimator.Population, 7.8 / 1.9, 4.9 / 1.9)]
    [InlineData(RunningStart.FirstBatch, 0.1, VarianceEstimator.Population, 2.4, 1.3)]
    [InlineData(RunningStart.ZeroOne, 0.1, VarianceEstimator.Population, 0.78, 1.3)]
    [InlineData(RunningStart.ZeroOne, 0.1, VarianceEstimator.Sample, 0.78, 1.79)]
    [InlineData(RunningStart.Debiased, 1.0, VarianceEstimator.Population, 6, 4)]
    [InlineData(RunningStart.Debiased, null, VarianceEstimator.Population, 4, 2.5)]
    [InlineData(RunningStart.Debiased, null, VarianceEstimator.Sample, 4, 5)]
    public void Running_statistics_follow_the_formula(RunningStart start, double? momentum, VarianceEstimator variance, double mean, double expected)
    {
        var column = Fit(new() { BatchSize = 2, RunningStart = start, Momentum = momentum, VarianceEstimator = variance }, TwoBatches).Columns[0];

        column.RunningMean.ShouldBeClose([mean], 1e-14);
        column.RunningVariance.ShouldBeClose([expected], 1e-14);
        column.BatchCount.Should().Equal(2);
        column.Statistics[0].Mean.Should().Be(4);
        column.Statistics[0].PopulationVariance.Should().Be(6.5);
    }

    [Fact]
    public void Results_are_gamma_times_the_normalized_value_plus_beta()
    {
        // Mean 4 and variance 2.5 + 1.5 = 4: (x - 4) / 2 * 3 + 7.
        var transformer = Fit(new() { BatchSize = 2, Momentum = null, Epsilon = 1.5, Gamma = 3, Beta = 7 }, TwoBatches);

        Rows.Read<double>(transformer.Transform(Rows.Of(_context, TwoBatches))).Select(row => row[0]).Should().Equal(2.5, 5.5, 7, 13);
        var column = transformer.Columns[0];
        column.Scale.Should().Equal(1.5);
        column.Offset.ShouldBeClose([4 - (7 / 1.5)], 1e-15);
        column.Gamma.Should().Equal(3);
        column.Beta.Should().Equal(7);
    }

    [Fact]
    public void Keras_keeps_its_own_conventions()
    {
        // Keras: moving = moving * 0.99 + batch * 0.01, from mean 0 and variance 1, population variance, epsilon 0.001.
        var transformer = Fit(BatchNormOptions.Keras with { BatchSize = 2 }, TwoBatches);
        double mean = (0.99 * 0.02) + 0.06;
        double variance = (0.99 * (0.99 + 0.01)) + 0.04;

        transformer.Columns[0].RunningMean.ShouldBeClose([mean], 1e-14);
        transformer.Columns[0].RunningVariance.ShouldBeClose([variance], 1e-14);
        Rows.Read<double>(transformer.Transform(Rows.Of<double>(_context, [[5]])))[0].ShouldBeClose([(5 - mean) / Math.Sqrt(variance + 0.001)], 1e-14);
    }

    [Fact]
    public void Gamma_and_beta_can_differ_from_feature_to_feature()
    {
        var options = new BatchNormOptions { Momentum = null, Epsilon = 0, Gamma = new[] { 1.0, 2, 0 }, Beta = new[] { 0.0, 5, 9 } };
        var transformer = Fit(options, [[-1, -1, -1], [1, 1, 1]]);

        Rows.Read<double>(transformer.Transform(Rows.Of<double>(_context, [[2, 2, 2]])))[0].Should().Equal(2, 9, 9);
        transformer.Columns[0].Offset[2].Should().Be(0, "with gamma 0 nothing is subtracted; it is the running mean");
        transformer.Invoking(t => t.Inverse()).Should().Throw<InvalidOperationException>().WithMessage("Column 'Features', slot 2:*cannot be undone*");
    }

    [Fact]
    public void The_inverse_gives_the_input_back()
    {
        var rows = Rows.Random(500, 4, seed: 3);
        var transformer = Fit(new() { BatchSize = 50, Gamma = 2, Beta = -1 }, rows);
        var data = Rows.Of(_context, rows);

        Rows.Read<double>(transformer.Inverse().Transform(transformer.Transform(data))).SelectMany(row => row)
            .ShouldBeClose(rows.SelectMany(row => row), 1e-13, floor: 100);
    }

    [Fact]
    public void Sparse_and_dense_rows_give_the_same_statistics()
    {
        double[][] rows = [.. Rows.Random(1000, 5, seed: 7).Select((row, i) => row.Select((value, j) => (i + j) % 3 == 0 ? value : 0).ToArray())];
        var options = new BatchNormOptions { BatchSize = 64 };
        var dense = Fit(options, rows).Columns[0];
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Sparse(_context, rows));
        var sparse = transformer.Columns[0];

        sparse.RunningMean.ShouldBeClose(dense.RunningMean, 1e-12, floor: 1);
        sparse.RunningVariance.ShouldBeClose(dense.RunningVariance, 1e-12, floor: 1);
        sparse.Statistics.Select(slot => slot.PopulationVariance).ShouldBeClose(dense.Statistics.Select(slot => slot.PopulationVariance), 1e-12);
        Rows.Read<double>(transformer.Transform(Rows.Sparse(_context, rows))).SelectMany(row => row)
            .ShouldBeClose(Rows.Read<double>(transformer.Transform(Rows.Of(_context, rows))).SelectMany(row => row), 1e-15);
    }

    [Fact]
    public void Columns_of_any_type_are_fitted_in_one_pass()
    {
        var data = new SpyDataView(_context.Data.LoadFromEnumerable(new[]
        {
            new Mixed { Single = 1, Double = 10, Vector = [1, 5] },
            new Mixed { Single = 3, Double = 30, Vector = [3, 5] },
        }));
        InputOutputColumnPair[] pairs = [new("Single"), new("Normalized", "Double"), new("Vector")];
        var transformer = _context.Transforms.BatchNormalize(pairs, new() { Epsilon = 0 }).Fit(data);
        var result = transformer.Transform(data);

        data.Cursors.Should().ContainSingle().Which.Should().Equal("Single", "Double", "Vector");
        result.GetColumn<float>("Single").Should().Equal(-1, 1);
        result.GetColumn<double>("Normalized").Should().Equal(-1, 1);
        result.GetColumn<float[]>("Vector").Should().BeEquivalentTo(new float[][] { [-1, 0], [1, 0] });
        result.Schema["Normalized"].Type.Should().Be(NumberDataViewType.Double);
        result.Schema["Single"].IsNormalized().Should().BeTrue();
    }

    [Fact]
    public void Channels_share_their_statistics_over_the_other_axes()
    {
        // Two channels of two pixels: 1, 3, 5, 7 and 10, 10, 30, 30.
        double[][] images = [[1, 3, 10, 10], [5, 7, 30, 30]];
        var options = new BatchNormOptions { ChannelAxis = 0, Epsilon = 0, Gamma = new[] { 1.0, 2.0 } };
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of(_context, images, null, 2, 2));

        transformer.Columns[0].RunningMean.Should().Equal(4, 4, 20, 20);
        transformer.Columns[0].RunningVariance.Should().Equal(5, 5, 100, 100);
        transformer.Columns[0].Gamma.Should().Equal(1, 1, 2, 2);
        Rows.Read<double>(transformer.Transform(Rows.Of<double>(_context, [[4, 4, 30, 10]], null, 2, 2)))[0].Should().Equal(0, 0, 2, -2);
    }

    [Fact]
    public void The_result_of_a_row_does_not_depend_on_other_rows()
    {
        var transformer = Fit(new() { BatchSize = 10 }, Rows.Random(100, 3, seed: 1));
        double[] row = [1, 110, 190];
        var alone = Rows.Read<double>(transformer.Transform(Rows.Of<double>(_context, [row])));
        var crowded = Rows.Read<double>(transformer.Transform(Rows.Of<double>(_context, [[1e6, -1e6, 0], row, [0, 0, 1e9]])));
        crowded[1].Should().Equal(alone[0]);
    }

    private BatchNormTransformer Fit(BatchNormOptions options, double[][] rows) =>
        _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of(_context, rows));

    private sealed class Mixed
    {
        public float Single { get; set; }

        public double Double { get; set; }

        [VectorType(2)]
        public float[] Vector { get; set; } = [];
    }
}
