using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests;

/// <summary>
/// What a lesson on scaling and batch normalization claims, claim by claim, for whatever can be shown without a network. (Images and
/// min-max: by the fixed range of pixels. Networks and the layer: Layers/ and Networks/.)
/// </summary>
public class LessonTests
{
    // Age, salary, height, weight.
    private static readonly double[][] People = [[25, 35000, 170, 65], [30, 50000, 175, 72], [28, 42000, 168, 60], [35, 65000, 180, 78]];

    private readonly MLContext _context = new(seed: 1);

    // ---- Scaling inputs

    [Fact]
    public void Raw_salary_dwarfs_the_other_features_and_scaled_it_does_not()
    {
        double[] raw = [.. Columns(People).Select(Variance)];
        double[] scaled = [.. Columns(Standardized(People)).Select(Variance)];

        (raw.Max() / raw.Min()).Should().BeGreaterThan(9e6);
        (scaled.Max() / scaled.Min()).Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void Raw_the_loss_is_steep_in_one_direction_and_flat_in_another()
    {
        // The curvature of the squared error is the matrix X'X / n; its condition number is the ratio of steepest to flattest.
        double[][] rows = Rows.Random(500, 3, seed: 1);
        double raw = ConditionNumber(rows);
        double scaled = ConditionNumber(Standardized(rows));

        raw.Should().BeGreaterThan(10_000);
        scaled.Should().BeLessThan(1.5);
    }

    [Fact]
    public void Min_max_maps_the_smallest_to_0_and_the_largest_to_1()
    {
        foreach (double[] column in Columns(MinMax(People)))
        {
            column.Min().Should().Be(0);
            column.Max().Should().BeApproximately(1, 1e-15);
        }
    }

    [Fact]
    public void Min_max_keeps_relative_distances()
    {
        foreach (var (raw, scaled) in Columns(People).Zip(Columns(MinMax(People))))
        {
            // Of the way from the first person to the second, the third has gone the same share.
            ((scaled[2] - scaled[0]) / (scaled[1] - scaled[0])).Should().BeApproximately((raw[2] - raw[0]) / (raw[1] - raw[0]), 1e-12);
        }
    }

    [Fact]
    public void Standardized_every_feature_has_mean_0_and_standard_deviation_1()
    {
        foreach (double[] column in Columns(Standardized(People)))
        {
            column.Average().Should().BeApproximately(0, 1e-14);
            Math.Sqrt(Variance(column)).Should().BeApproximately(1, 1e-14);
        }
    }

    [Fact]
    public void Standardized_gradients_are_balanced()
    {
        // Gradients of the squared error at weights 0, for a target that depends on all features alike in units of their deviation.
        double[][] scaled = Standardized(Rows.Random(1000, 4, seed: 2));
        double[] target = [.. scaled.Select(row => row.Sum())];
        double[] scaledGradient = Gradient(scaled, target);
        double[] rawGradient = Gradient(Rows.Random(1000, 4, seed: 2), target);

        (scaledGradient.Max(Math.Abs) / scaledGradient.Min(Math.Abs)).Should().BeLessThan(1.2);
        (rawGradient.Max(Math.Abs) / rawGradient.Min(Math.Abs)).Should().BeGreaterThan(4);
    }

    [Fact]
    public void Pixels_from_0_to_255_become_0_to_1_and_then_standard_per_channel()
    {
        // Two channels of two by two pixels.
        double[][] images = [.. Enumerable.Range(0, 50).Select(i => RandomData.Normal(i, 8).Select((value, slot) =>
            Math.Clamp(Math.Round((slot < 4 ? 200 : 60) + (value * (slot < 4 ? 20 : 5))), 0, 255)).ToArray())];
        var data = Rows.Of(_context, images, null, 2, 2, 2);
        var pipeline = _context.Transforms.ScaleMinMax("Unit", Rows.Column, new() { DataMinimum = 0, DataMaximum = 255 })
            .Append(_context.Transforms.Standardize("Standard", "Unit", new() { ChannelAxis = 0 }));
        var result = pipeline.Fit(data).Transform(data);

        Rows.Read<double>(result, "Unit").Zip(images).Should().OnlyContain(pair => pair.First.Zip(pair.Second).All(value => Math.Abs(value.First - (value.Second / 255)) < 1e-15));
        double[][] standard = Rows.Read<double>(result, "Standard");
        foreach (var slots in new[] { 0..4, 4..8 })
        {
            double[] channel = [.. standard.SelectMany(row => row[slots])];
            channel.Average().Should().BeApproximately(0, 1e-13);
            Variance(channel).Should().BeApproximately(1, 1e-13);
        }
    }

    [Fact]
    public void Without_scaling_learning_rates_must_be_very_small_and_convergence_is_slow()
    {
        double[][] raw = Rows.Random(300, 3, seed: 1);
        double[][] scaled = Standardized(raw);
        double[] target = [.. scaled.Select(row => row[0] - (2 * row[1]) + (0.5 * row[2]))];

        // Gradient descent diverges from 2 / (largest curvature) on: half of that, for each.
        double rawRate = 1 / LargestCurvature(raw);
        double scaledRate = 1 / LargestCurvature(scaled);
        rawRate.Should().BeLessThan(scaledRate / 10_000);
        LossAfter(100, scaled, target, scaledRate).Should().BeLessThan(1e-6);
        LossAfter(100, raw, target, rawRate).Should().BeGreaterThan(0.5);
        double.IsFinite(LossAfter(1000, raw, target, 1e-2 * scaledRate)).Should().BeFalse("a rate that is cautious on scaled data makes raw updates explode");
    }

    // ---- Batch normalization

    [Fact]
    public void Each_feature_is_normalized_on_its_own()
    {
        double[][] rows = Rows.Random(64, 3, seed: 4);
        double[][] changed = [.. rows.Select(row => new[] { row[0], row[1] * -1000, row[2] })];
        double[][] results = Normalized(rows);
        double[][] changedResults = Normalized(changed);

        Column(changedResults, 0).Should().Equal(Column(results, 0));
        Column(changedResults, 2).Should().Equal(Column(results, 2));
        Column(changedResults, 1).ShouldBeClose(Column(results, 1).Select(value => -value), 1e-12);
    }

    [Fact]
    public void Normalized_a_batch_has_mean_0_and_variance_1()
    {
        foreach (double[] column in Columns(Normalized(Rows.Random(64, 3, seed: 4))))
        {
            column.Average().Should().BeApproximately(0, 1e-12);
            Variance(column).Should().BeApproximately(1, 1e-12);
        }
    }

    [Fact]
    public void Epsilon_keeps_the_variance_just_below_1()
    {
        double[] column = Column(Fitted(Rows.Random(64, 1, seed: 4), new() { Epsilon = 0.01 }), 0);
        double variance = Variance(Column(Rows.Random(64, 1, seed: 4), 0));
        Variance(column).Should().BeApproximately(variance / (variance + 0.01), 1e-12);
    }

    [Fact]
    public void Gamma_and_beta_restore_mean_5_and_variance_20()
    {
        foreach (double[] column in Columns(Fitted(Rows.Random(64, 3, seed: 4), new() { Epsilon = 0, Gamma = Math.Sqrt(20), Beta = 5 })))
        {
            column.Average().Should().BeApproximately(5, 1e-12);
            Variance(column).Should().BeApproximately(20, 1e-11);
        }
    }

    [Fact]
    public void Gamma_and_beta_can_undo_the_normalization_altogether()
    {
        double[][] rows = Rows.Random(64, 1, seed: 4);
        double[] column = Column(rows, 0);
        Column(Fitted(rows, new() { Epsilon = 0, Gamma = Math.Sqrt(Variance(column)), Beta = column.Average() }), 0).ShouldBeClose(column, 1e-12, floor: 1);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(256)]
    public void Batch_statistics_are_noisy_and_the_smaller_the_batch_the_noisier(int batchSize)
    {
        // 2000 batches of values with mean 0 and variance 1: batch means have variance 1 / m, batch variances 2 (m - 1) / m^2.
        var batches = RandomData.Normal(9, 2000 * batchSize).Chunk(batchSize).ToArray();
        double[] means = new double[batches.Length];
        double[] variances = new double[batches.Length];
        for (int i = 0; i < batches.Length; i++)
        {
            var column = Fit([.. batches[i].Select(value => new[] { value })], new() { BatchSize = batchSize }).Columns[0];
            means[i] = column.RunningMean[0];
            variances[i] = column.RunningVariance[0];
        }

        // A variance of 2000 normal values has a relative standard error of 3%: five of them, and some for the skew of variances.
        (Variance(means) * batchSize).Should().BeApproximately(1, 0.16);
        (Variance(variances) * batchSize * batchSize / (2 * (batchSize - 1))).Should().BeApproximately(1, 0.25);
    }

    [Theory]
    [InlineData(RunningStart.Debiased)]
    [InlineData(RunningStart.FirstBatch)]
    [InlineData(RunningStart.ZeroOne)]
    public void Running_averages_approach_the_true_mean_and_variance(RunningStart start)
    {
        double[][] rows = [.. RandomData.Normal(3, 100_000, mean: 7, standardDeviation: 3).Select(value => new[] { value })];
        double Error(int rowCount) => Fit(rows[..rowCount], new() { BatchSize = 250, Momentum = 0.05, RunningStart = start }).Columns[0] is var column
            ? Math.Abs(column.RunningMean[0] - 7) + Math.Abs(Math.Sqrt(column.RunningVariance[0]) - 3)
            : 0;

        // 400 batches, of which about 39 count: a standard error of 3 / sqrt(39 * 250) = 0.03 for the mean, 0.02 for the deviation.
        Error(100_000).Should().BeLessThan(0.15);
        if (start == RunningStart.ZeroOne)
        {
            Error(2500).Should().BeGreaterThan(3, "after ten batches the start at mean 0 and variance 1 still weighs 60%");
        }
        else
        {
            Error(2500).Should().BeLessThan(0.5);
        }
    }

    [Fact]
    public void At_inference_a_row_gives_the_same_alone_as_in_any_batch()
    {
        double[][] rows = Rows.Random(1000, 3, seed: 4);
        var transformer = Fit(rows, new() { BatchSize = 50 });
        double[][] together = Rows.Read<double>(transformer.Transform(Rows.Of(_context, rows)));
        var engine = _context.Model.CreatePredictionEngine<Row, Row>(transformer);
        for (int i = 0; i < 20; i++)
        {
            engine.Predict(new Row { Features = rows[i] }).Features.Should().Equal(together[i]);
        }
        Rows.Read<double>(transformer.Transform(Rows.Of(_context, rows[..1])))[0].Should().Equal(together[0]);
    }

    [Fact]
    public void Small_batches_make_the_running_variance_too_small()
    {
        double[][] rows = Rows.Random(100_000, 1, seed: 6);
        double Ratio(int batchSize) => Fit(rows, new() { BatchSize = batchSize, Momentum = null }).Report.Features[0].VarianceRatio;

        // (m - 1) / m on average.
        Ratio(2).Should().BeApproximately(0.5, 0.02);
        Ratio(4).Should().BeApproximately(0.75, 0.02);
        Ratio(100).Should().BeApproximately(0.99, 0.01);
    }

    [Fact]
    public void The_mismatch_between_training_and_test_is_measured()
    {
        var transformer = Fit(Rows.Random(20_000, 2, seed: 1), new() { Epsilon = 0 });
        double[][] test = [.. Rows.Random(5000, 2, seed: 50).Select(row => new[] { row[0] + 1, row[1] })];
        var drift = transformer.MeasureDrift(Rows.Of(_context, test));

        drift.Verdict.Should().Be(DriftVerdict.Drifted);
        drift.Drifted.Should().ContainSingle().Which.Kinds.Should().Be(DriftKinds.Mean);
        // It is the mean and variance that the normalized test data have, where 0 and 1 were meant.
        double[] normalized = Column(Rows.Read<double>(transformer.Transform(Rows.Of(_context, test))), 0);
        drift.Features[0].MeanShift.Should().BeApproximately(normalized.Average(), 1e-9);
        drift.Features[0].VarianceRatio.Should().BeApproximately(Variance(normalized), 1e-4);
    }

    private BatchNormTransformer Fit(double[][] rows, BatchNormOptions options) =>
        _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of(_context, rows));

    private double[][] Fitted(double[][] rows, BatchNormOptions options) => Rows.Read<double>(Fit(rows, options).Transform(Rows.Of(_context, rows)));

    // One batch: the running statistics are the batch's own.
    private double[][] Normalized(double[][] rows) => Fitted(rows, new() { Epsilon = 0, BatchSize = rows.Length });

    private double[][] Standardized(double[][] rows) =>
        Rows.Read<double>(_context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, rows)).Transform(Rows.Of(_context, rows)));

    private double[][] MinMax(double[][] rows) =>
        Rows.Read<double>(_context.Transforms.ScaleMinMax(Rows.Column).Fit(Rows.Of(_context, rows)).Transform(Rows.Of(_context, rows)));

    private static double[] Column(double[][] rows, int index) => [.. rows.Select(row => row[index])];

    private static IEnumerable<double[]> Columns(double[][] rows) => Enumerable.Range(0, rows[0].Length).Select(index => Column(rows, index));

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }

    private static Matrix<double> Curvature(double[][] rows)
    {
        var matrix = Matrix<double>.Build.DenseOfRowArrays(rows);
        return matrix.TransposeThisAndMultiply(matrix) / rows.Length;
    }

    private static double ConditionNumber(double[][] rows) => Curvature(rows).ConditionNumber();

    private static double LargestCurvature(double[][] rows) => Curvature(rows).L2Norm();

    private static double[] Gradient(double[][] rows, double[] target) =>
        [.. Columns(rows).Select(column => column.Zip(target, (x, y) => x * y).Average())];

    private static double LossAfter(int steps, double[][] rows, double[] target, double learningRate)
    {
        var x = Matrix<double>.Build.DenseOfRowArrays(rows);
        var y = Vector<double>.Build.DenseOfArray(target);
        var weights = Vector<double>.Build.Dense(rows[0].Length);
        for (int step = 0; step < steps; step++)
        {
            weights -= x.TransposeThisAndMultiply((x * weights) - y) * (learningRate / rows.Length);
        }
        return ((x * weights) - y).PointwisePower(2).Average();
    }

    private sealed class Row
    {
        [VectorType(3)]
        public double[] Features { get; set; } = [];
    }
}
