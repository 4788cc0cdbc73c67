using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>Numbers in hand instead of a pass over the data: in the options, or as moments that somebody else has computed.</summary>
public class GivenStatisticsTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Given_means_and_deviations_are_used_and_no_row_is_read()
    {
        var data = new SpyDataView(Rows.Of<double>(_context, [[5, 1], [7, 2]]));
        var scaler = _context.Transforms.Standardize(Rows.Column, options: new() { Mean = new[] { 4.0, 2 }, StandardDeviation = new[] { 2.0, 0.5 } }).Fit(data);

        data.Cursors.Should().BeEmpty();
        Rows.Read<double>(scaler.Transform(data)).Should().BeEquivalentTo([new[] { 0.5, -2 }, [1.5, 0]], order => order.WithStrictOrdering());
        scaler.Columns[0].Offset.Should().Equal(4, 2);
        scaler.Columns[0].Scale.Should().Equal(0.5, 2);
    }

    [Fact]
    public void One_number_stands_for_all_features_and_epsilon_and_center_keep_their_meaning()
    {
        var data = Rows.Of<double>(_context, [[5, 1]]);
        var options = new StandardizationOptions { Mean = 1, StandardDeviation = 3, Epsilon = 16, Center = false };

        Rows.Read<double>(_context.Transforms.Standardize(Rows.Column, options: options).Fit(data).Transform(data))[0].Should().Equal(1, 0.2);
    }

    [Fact]
    public void ImageNets_channel_means_standardize_an_image_as_torchvision_does()
    {
        // torchvision.transforms.Normalize(mean, std): (x - mean[channel]) / std[channel]. Two pixels of three channels, in [channels, height, width].
        var options = new StandardizationOptions { ChannelAxis = 0, Mean = new[] { 0.485, 0.456, 0.406 }, StandardDeviation = new[] { 0.229, 0.224, 0.225 } };
        var data = Rows.Of<double>(_context, [[0.5, 1, 0.5, 1, 0.5, 1]], weights: null, 3, 1, 2);

        Rows.Read<double>(_context.Transforms.Standardize(Rows.Column, options: options).Fit(data).Transform(data))[0].Should().Equal(
            (0.5 - 0.485) * (1 / 0.229), (1 - 0.485) * (1 / 0.229), (0.5 - 0.456) * (1 / 0.224), (1 - 0.456) * (1 / 0.224), (0.5 - 0.406) * (1 / 0.225), (1 - 0.406) * (1 / 0.225));
    }

    [Fact]
    public void A_deviation_of_zero_is_that_of_a_constant()
    {
        var data = Rows.Of<double>(_context, [[5]]);

        Rows.Read<double>(_context.Transforms.Standardize(Rows.Column, options: new() { Mean = 3, StandardDeviation = 0 }).Fit(data).Transform(data))[0].Should().Equal(2);
    }

    [Theory]
    // A deviation of 0 is that of a constant, whatever epsilon is.
    [InlineData(0, 0.25, true, 1)]
    [InlineData(4, 0, true, 0.25)]
    [InlineData(4, 0, false, 1)]
    [InlineData(3, 16, true, 0.2)]
    [InlineData(3, 16, false, 1)]
    // Its square would be 0.
    [InlineData(1e-200, 0, true, 1e200)]
    public void A_given_deviation_is_divided_by_where_that_is_asked_for(double deviation, double epsilon, bool scale, double expected)
    {
        var options = new StandardizationOptions { Mean = 1, StandardDeviation = deviation, Epsilon = epsilon, Scale = scale };
        _context.Transforms.Standardize(Rows.Column, options: options).Fit(Rows.Of<double>(_context, [[5]])).Columns[0].Scale.ShouldBeClose([expected], 1e-15);
    }

    [Fact]
    public void Given_running_statistics_follow_the_formula_to_the_letter()
    {
        // gamma (x - mean) / sqrt(variance + epsilon) + beta.
        var options = new BatchNormOptions { RunningMean = 3, RunningVariance = new[] { 15.0, 0 }, Epsilon = 1, Gamma = 2, Beta = -1 };
        var data = new SpyDataView(Rows.Of<double>(_context, [[5, 4]]));
        var scaler = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(data);

        data.Cursors.Should().BeEmpty();
        Rows.Read<double>(scaler.Transform(data))[0].ShouldBeClose([(2 * 2 / 4.0) - 1, (2 * 1) - 1], 1e-15, floor: 1);
    }

    [Fact]
    public void An_update_goes_on_from_given_running_statistics()
    {
        var options = BatchNormOptions.PyTorch with { BatchSize = 2, RunningMean = 10, RunningVariance = 4, Momentum = 0.25 };
        var scaler = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.None(_context, 1));

        // The batch has mean 3 and sample variance 2.
        var updated = scaler.Update(Rows.Of<float>(_context, [[2], [4]]));

        updated.Columns[0].RunningMean.Should().Equal((0.75 * 10) + (0.25 * 3));
        updated.Columns[0].RunningVariance.Should().Equal((0.75 * 4) + (0.25 * 2));
    }

    [Fact]
    public void Each_feature_may_have_a_range_of_its_own()
    {
        var options = new MinMaxScalingOptions { DataMinimum = new[] { 0.0, -1 }, DataMaximum = new[] { 255.0, 1 } };
        var data = Rows.Of<double>(_context, [[51, 0]]);
        var scaler = _context.Transforms.ScaleMinMax(Rows.Column, options: options).Fit(data);

        Rows.Read<double>(scaler.Transform(data))[0].Should().Equal(0.2, 0.5);
        scaler.Columns[0].DataMaximum.Should().Equal(255, 1);
    }

    [Fact]
    public void What_is_given_is_saved_and_loaded()
    {
        var data = Rows.Of<double>(_context, [[5, 1], [7, 2]]);
        ScalingTransformer[] scalers =
        [
            _context.Transforms.Standardize(Rows.Column, options: new() { Mean = new[] { 4.0, 2 }, StandardDeviation = 3 }).Fit(data),
            _context.Transforms.ScaleMinMax(Rows.Column, options: new() { DataMinimum = 1, DataMaximum = new[] { 4.0, 9 } }).Fit(data),
            _context.Transforms.BatchNormalize(Rows.Column, options: new() { RunningMean = new[] { 4.0, 2 }, RunningVariance = 3 }).Fit(data),
        ];
        foreach (var scaler in scalers)
        {
            using var stream = new MemoryStream();
            _context.Model.Save(scaler, data.Schema, stream);
            var plain = _context.Model.Load(stream, out _);
            var loaded = _context.Model.LoadWithStatistics(stream, out _);

            loaded.GetType().Should().Be(scaler.GetType());
            Rows.Read<double>(loaded.Transform(data)).Should().BeEquivalentTo(Rows.Read<double>(scaler.Transform(data)), order => order.WithStrictOrdering());
            Rows.Read<double>(plain.Transform(data)).SelectMany(row => row).Zip(Rows.Read<double>(scaler.Transform(data)).SelectMany(row => row))
                .Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) <= 1e-15 * Math.Max(1, Math.Abs(pair.Second)));
        }
    }

    [Fact]
    public void Given_numbers_are_not_updated_or_merged_without_a_word()
    {
        var data = Rows.Of<double>(_context, [[5], [7]]);
        var scaler = _context.Transforms.Standardize(Rows.Column, options: new() { Mean = 4, StandardDeviation = 2 }).Fit(data);

        scaler.Invoking(s => s.Update(data)).Should().Throw<InvalidOperationException>()
            .WithMessage("Update: column 'Features' is scaled by given numbers, which no data change: the mean 4 and the standard deviation 2. Leave Mean and StandardDeviation out*");
        scaler.Invoking(s => s.Merge(scaler)).Should().Throw<InvalidOperationException>().WithMessage("Merge: *");
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_refused()
    {
        var data = Rows.Of<double>(_context, [[5, 1, 3]]);
        FluentActions.Invoking(() => _context.Transforms.Standardize(Rows.Column, options: new() { Mean = 4 })).Should().Throw<ArgumentException>()
            .WithMessage("Mean and StandardDeviation are given together*found Mean alone.*");
        FluentActions.Invoking(() => _context.Transforms.BatchNormalize(Rows.Column, options: new() { RunningVariance = 4 })).Should().Throw<ArgumentException>()
            .WithMessage("RunningMean and RunningVariance are given together*found RunningVariance alone.*");
        FluentActions.Invoking(() => _context.Transforms.Standardize(Rows.Column, options: new() { Mean = 4, StandardDeviation = -1 }))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("StandardDeviation");
        FluentActions.Invoking(() => _context.Transforms.BatchNormalize(Rows.Column, options: new() { RunningMean = 4, RunningVariance = new[] { 1.0, -1 } }))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("RunningVariance");
        _context.Transforms.Standardize(Rows.Column, options: new() { Mean = new[] { 4.0, 2 }, StandardDeviation = 1 }).Invoking(e => e.Fit(data))
            .Should().Throw<ArgumentException>().WithMessage("Mean has 2 numbers, and column 'Features' has 3 feature(s)*");
        _context.Transforms.ScaleMinMax(Rows.Column, options: new() { DataMinimum = 0, DataMaximum = new[] { 4.0, 2 } }).Invoking(e => e.Fit(data))
            .Should().Throw<ArgumentException>().WithMessage("DataMaximum has 2 numbers, and column 'Features' has 3 feature(s)*");
    }

    [Fact]
    public void Moments_from_elsewhere_make_the_transformer_of_a_fit_on_those_rows()
    {
        var rows = Rows.Random(500, 3, seed: 3);
        var data = Rows.Of(_context, rows);
        var moments = new Dictionary<string, FeatureMoments> { [Rows.Column] = Moments(rows), ["not looked at"] = new(7) };

        var standardized = _context.Transforms.Standardize(Rows.Column).Fit(data.Schema, moments);
        var fitted = _context.Transforms.Standardize(Rows.Column).Fit(data);
        standardized.Columns[0].Scale.Should().Equal(fitted.Columns[0].Scale);
        standardized.Columns[0].Offset.Should().Equal(fitted.Columns[0].Offset);
        standardized.Report.ToString().Should().Be(fitted.Report.ToString());
        standardized.Update(data).Columns[0].Statistics[0].Count.Should().Be(1000);
        standardized.Merge(fitted).Columns[0].Scale.Should().Equal(fitted.Merge(fitted).Columns[0].Scale);

        var minMax = _context.Transforms.ScaleMinMax(Rows.Column).Fit(data.Schema, moments);
        minMax.Columns[0].Scale.Should().Equal(_context.Transforms.ScaleMinMax(Rows.Column).Fit(data).Columns[0].Scale);

        // One batch of all rows.
        var batch = _context.Transforms.BatchNormalize(Rows.Column, options: new() { Momentum = null, BatchSize = 500 });
        batch.Fit(data.Schema, moments).Columns[0].Scale.Should().Equal(batch.Fit(data).Columns[0].Scale);
        batch.Fit(data.Schema, moments).Columns[0].RunningMean.Should().Equal(batch.Fit(data).Columns[0].RunningMean);
    }

    [Theory]
    [InlineData(VarianceEstimator.Population, 4)]
    [InlineData(VarianceEstimator.Sample, 8)]
    public void Moments_from_elsewhere_give_the_variance_that_is_asked_for_and_leave_an_empty_feature_be(VarianceEstimator estimator, double variance)
    {
        double[][] rows = [[1, double.NaN], [5, double.NaN]];
        var data = Rows.Of(_context, rows);
        var scaler = _context.Transforms.BatchNormalize(Rows.Column, options: new() { VarianceEstimator = estimator })
            .Fit(data.Schema, new Dictionary<string, FeatureMoments> { [Rows.Column] = Moments(rows) });
        using var stream = new MemoryStream();
        _context.Model.Save(scaler, data.Schema, stream);

        foreach (var transformer in new[] { scaler, (BatchNormTransformer)_context.Model.LoadWithStatistics(stream, out _) })
        {
            var column = transformer.Columns[0];
            column.RunningMean.Should().Equal(3, 0);
            column.RunningVariance.Should().Equal(variance, 1);
            column.BatchCount.Should().Equal(1, 0);
            // One batch of two values: of weight 1, 1 / 2, 1 / (2 - 1) and 1 / 2; times the weight of momentum 0.1.
            column.Running.Batches.GroupCount.Should().Equal(1, 0);
            column.Running.Batches.Precision.MeanError.ShouldBeClose([0.01 / 2, 0], 1e-14);
            column.Running.Batches.Precision.VarianceError.ShouldBeClose([0.01, 0], 1e-14);
            column.Running.Batches.Precision.Shortfall.ShouldBeClose([0.1 / 2, 0], 1e-14);
        }
    }

    [Theory]
    [InlineData(RunningStart.Debiased)]
    [InlineData(RunningStart.FirstBatch)]
    [InlineData(RunningStart.ZeroOne)]
    public void Running_statistics_are_the_given_ones_whatever_the_start(RunningStart start)
    {
        var rows = Rows.Random(50, 2, seed: 3);
        var scaler = _context.Transforms.BatchNormalize(Rows.Column, options: new() { RunningStart = start })
            .Fit(Rows.Of(_context, rows).Schema, new Dictionary<string, FeatureMoments> { [Rows.Column] = Moments(rows) });

        scaler.Columns[0].RunningMean.Zip(Moments(rows).Mean).Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < 1e-13);
        scaler.Columns[0].RunningVariance.Zip(Moments(rows).PopulationVariance).Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < 1e-13);
    }

    [Theory]
    [InlineData("defaults")]
    [InlineData("PyTorch")]
    [InlineData("plain average")]
    public void Moments_from_elsewhere_are_no_reason_to_warn_and_data_like_them_have_not_drifted(string name)
    {
        var options = name switch { "PyTorch" => BatchNormOptions.PyTorch, "defaults" => new BatchNormOptions(), _ => new BatchNormOptions { Momentum = null } };
        var rows = Rows.Random(2000, 2, seed: 3);
        var data = Rows.Of(_context, rows);
        var scaler = _context.Transforms.BatchNormalize(Rows.Column, options: options)
            .Fit(data.Schema, new Dictionary<string, FeatureMoments> { [Rows.Column] = Moments(rows) });

        scaler.Report.Warnings.Should().BeEmpty();
        var drift = scaler.MeasureDrift(data);
        drift.Verdict.Should().Be(DriftVerdict.Stable);
        drift.Features.Should().OnlyContain(feature => Math.Abs(feature.MeanShift) < 1e-12 && Math.Abs(feature.VarianceRatio - 1) < 1e-3);
        // Two parts of one distribution: rows that are not sorted.
        scaler.Update(Rows.Of(_context, Rows.Random(2000, 2, seed: 4))).Report.Warnings
            .Should().NotContain(warning => warning.Kind == ScalingWarningKind.SortedRows);
    }

    [Fact]
    public void Of_given_running_statistics_no_drift_is_claimed_since_nobody_knows_how_many_values_they_are_of()
    {
        var data = Rows.Of(_context, Rows.Random(2000, 1, seed: 3));
        var scaler = _context.Transforms.BatchNormalize(Rows.Column, options: new() { RunningMean = 500, RunningVariance = 1 }).Fit(data);

        scaler.MeasureDrift(data).Verdict.Should().Be(DriftVerdict.TooFewValues);
    }

    [Fact]
    public void Moments_that_do_not_fit_are_refused()
    {
        var schema = Rows.None(_context, 3).Schema;
        var estimator = _context.Transforms.Standardize(Rows.Column);
        var moments = Moments([[1, 2], [3, 4]]);

        estimator.Invoking(e => e.Fit(schema, new Dictionary<string, FeatureMoments> { ["Other"] = moments })).Should().Throw<ArgumentException>()
            .WithMessage("Expected the moments of column 'Features'; found those of 'Other'.*");
        estimator.Invoking(e => e.Fit(schema, new Dictionary<string, FeatureMoments> { [Rows.Column] = moments })).Should().Throw<ArgumentException>()
            .WithMessage("Column 'Features' has 3 feature(s); found moments of 2.*");
        estimator.Invoking(e => e.Fit(schema, new Dictionary<string, FeatureMoments> { [Rows.Column] = new(3) })).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features': the data have no rows*");
        estimator.Invoking(e => e.Fit(schema, new Dictionary<string, FeatureMoments> { [Rows.Column] = Moments([[1, double.NegativeInfinity, 2]]) }))
            .Should().Throw<InvalidOperationException>().WithMessage("Column 'Features', slot 1 has 1 infinite value(s).*");
        _context.Transforms.Standardize(Rows.Column, options: new() { Mean = 0, StandardDeviation = 1 })
            .Invoking(e => e.Fit(schema, new Dictionary<string, FeatureMoments> { [Rows.Column] = moments })).Should().Throw<InvalidOperationException>()
            .WithMessage("Fit: there are moments, and the options give the statistics too: the mean 0*");
    }

    private static FeatureMoments Moments(double[][] rows)
    {
        var moments = new FeatureMoments(rows[0].Length);
        moments.AddRows<double>(rows.SelectMany(row => row).ToArray(), rows.Length);
        return moments;
    }
}
