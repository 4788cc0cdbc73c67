using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

public class RobustScalingTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void One_outlier_moves_nothing()
    {
        double[][] rows = [[30], [35], [40], [45], [9000]];
        var transformer = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of(_context, rows));
        transformer.Columns[0].Median.Should().Equal(40);
        transformer.Columns[0].QuantileRange.Should().Equal(10);
        Rows.Read<double>(transformer.Transform(Rows.Of(_context, rows))).SelectMany(row => row).Should().Equal(-1, -0.5, 0, 0.5, 896);
    }

    [Fact]
    public void Where_quantiles_coincide_the_unit_stays_or_half_the_range_is_one()
    {
        double[][] rows = [[0, 7], [0, 7], [0, 7], [0, 7], [0, 7], [8, 7]];
        var kept = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of(_context, rows));
        kept.Columns[0].Scale.Should().Equal(1, 1);
        kept.Report.Warnings.Should().ContainSingle(warning => warning.Kind == ScalingWarningKind.CoincidentQuantiles).Which.Message.Should()
            .Be("Column 'Features': 1 of 2 slots (0) have the same lower and upper quantile, and other values beside: each is not divided, and keeps its unit: take quantiles farther apart, or CoincidentQuantiles.HalfRange.");

        var half = _context.Transforms.RobustScale(Rows.Column, options: new() { CoincidentQuantiles = CoincidentQuantiles.HalfRange }).Fit(Rows.Of(_context, rows));
        half.Columns[0].Scale.Should().Equal(0.25, 1);
        half.Report.Warnings.Should().Contain(warning => warning.Message.Contains("divided by half its range"));
        Rows.Read<double>(half.Transform(Rows.Of(_context, rows)))[5].Should().Equal(2, 0);
    }

    [Fact]
    public void Half_the_range_is_from_the_smallest_value_to_the_largest_wherever_they_lie()
    {
        double[][] rows = [[4], [4], [4], [4], [4], [12]];
        var half = _context.Transforms.RobustScale(Rows.Column, options: new() { CoincidentQuantiles = CoincidentQuantiles.HalfRange }).Fit(Rows.Of(_context, rows));
        half.Columns[0].Scale.Should().Equal(1 / 4.0);
    }

    [Fact]
    public void Coincident_quantiles_are_no_matter_where_nothing_is_divided_by_them()
    {
        var data = Rows.Of<double>(_context, [[0], [0], [0], [0], [0], [8]]);
        _context.Transforms.RobustScale(Rows.Column, options: new() { Scale = false }).Fit(data).Report.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Channels_whose_quantiles_coincide_are_called_channels()
    {
        double[][] rows = [[0, 0, 1, 2], [0, 0, 3, 4], [0, 8, 5, 6]];
        _context.Transforms.RobustScale(Rows.Column, options: new() { ChannelAxis = 0 }).Fit(Rows.Of(_context, rows, null, 2, 2)).Report.Warnings
            .Should().ContainSingle(warning => warning.Kind == ScalingWarningKind.CoincidentQuantiles)
            .Which.Message.Should().StartWith("Column 'Features': 1 of 2 channels (0) have the same lower and upper quantile");
    }

    [Fact]
    public void Quantiles_too_far_apart_for_double_are_an_error()
    {
        var data = Rows.Of<double>(_context, [[1, -1.7e308], [2, -1.7e308], [3, 1.7e308], [4, 1.7e308]]);
        _context.Transforms.RobustScale(Rows.Column).Invoking(it => it.Fit(data)).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features', slot 1: the difference of the quantiles is beyond the range of double. Divide the values by a constant first.");
    }

    [Fact]
    public void Given_numbers_are_taken_and_no_row_is_read()
    {
        var data = new SpyDataView(Rows.Of<float>(_context, [[1, 2]]));
        var transformer = _context.Transforms.RobustScale(Rows.Column, options: new() { Median = new[] { 10.0, 20 }, QuantileRange = new[] { 4.0, 0 } }).Fit(data);
        data.Cursors.Should().BeEmpty();
        transformer.Columns[0].Scale.Should().Equal(0.25, 1);
        transformer.Columns[0].Offset.Should().Equal(10, 20);
        transformer.Invoking(it => it.Update(data)).Should().Throw<InvalidOperationException>().WithMessage("Update: column 'Features' is scaled by given numbers*median 10, 20*");
        Reload(transformer).Columns[0].Offset.Should().Equal(10, 20);
    }

    [Fact]
    public void Moments_alone_are_refused_with_what_to_do()
    {
        var data = Rows.Of<float>(_context, [[1], [2]]);
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([1, 2], 2);
        _context.Transforms.RobustScale(Rows.Column).Invoking(it => it.Fit(data.Schema, new Dictionary<string, FeatureMoments> { [Rows.Column] = moments }))
            .Should().Throw<InvalidOperationException>().WithMessage("Column 'Features': robust scaling needs quantiles*Give Median and QuantileRange*");
    }

    [Theory]
    [InlineData(0.75, 0.25, false)]
    [InlineData(-0.1, 0.5, false)]
    [InlineData(0.5, 0.5, false)]
    [InlineData(0.25, 75, false)]
    [InlineData(0, 0.75, true)]
    public void Quantiles_out_of_order_are_refused(double lower, double upper, bool unitVariance) =>
        _context.Transforms.Invoking(it => it.RobustScale(Rows.Column, options: new() { LowerQuantile = lower, UpperQuantile = upper, UnitVariance = unitVariance }))
            .Should().Throw<ArgumentOutOfRangeException>();

    public static TheoryData<RobustScalingOptions, string> Wrong => new()
    {
        { new() { QuantileSize = 1 }, "*QuantileSize*" },
        { new() { CoincidentQuantiles = (CoincidentQuantiles)7 }, "Expected a value of CoincidentQuantiles.*" },
        { new() { Median = 3 }, "Median and QuantileRange are given together*found Median alone.*" },
        { new() { QuantileRange = 3 }, "Median and QuantileRange are given together*found QuantileRange alone.*" },
        { new() { Median = 3, QuantileRange = new[] { 1.0, -1 } }, "*QuantileRange*" },
        { new() { WeightColumnName = "" }, "Expected the name of a column, or null for rows of equal weight; found an empty string.*" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_out_of_range_are_refused_when_the_estimator_is_made(RobustScalingOptions options, string message) =>
        _context.Transforms.Invoking(it => it.RobustScale(Rows.Column, options: options)).Should().Throw<ArgumentException>().WithMessage(message);

    [Fact]
    public void The_whole_is_its_updates_and_its_merged_parts_for_all_options() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[3, 300], Gen.Int[0, 1000], Gen.Bool, Gen.Bool).Sample(
            (width, rowCount, seed, isSparse, isWeighted) =>
            {
                double[][] rows = Rows.Random(rowCount, 2 * width, seed);
                rows[rowCount / 2][0] = double.NaN;
                rows[0][^1] = 0;
                double[] weights = [.. Enumerable.Range(0, rowCount).Select(i => (double)(1 + (i % 3)))];
                IDataView View(int start, int end) => isSparse
                    ? Rows.Sparse(_context, rows[start..end], weights[start..end], 2, width)
                    : Rows.Of(_context, rows[start..end], weights[start..end], 2, width);
                var options = new RobustScalingOptions { WeightColumnName = isWeighted ? Rows.Weight : null, ChannelAxis = seed % 2 == 0 ? 0 : null };
                var estimator = _context.Transforms.RobustScale(Rows.Column, options: options);
                int split = 1 + (seed % (rowCount - 1));

                var whole = estimator.Fit(View(0, rowCount)).Columns[0];
                var updated = estimator.Fit(View(0, split)).Update(View(split, rowCount)).Columns[0];
                var merged = estimator.Fit(View(0, split)).Merge(estimator.Fit(View(split, rowCount))).Columns[0];

                foreach (var column in new[] { updated, merged })
                {
                    column.Median.Should().Equal(whole.Median);
                    column.Scale.Should().Equal(whole.Scale);
                }
            },
            seed: "0000KOIPJ9j6",
            iter: 60);

    [Fact]
    public void A_row_of_weight_two_counts_twice_and_one_of_weight_zero_not_at_all()
    {
        double[][] rows = [[1], [2], [4], [8], [1000]];
        var weighted = _context.Transforms.RobustScale(Rows.Column, options: new() { WeightColumnName = Rows.Weight }).Fit(Rows.Of(_context, rows, [1, 2, 1, 2, 0]));
        // 1, 2, 2, 4, 8, 8: quartiles 2 and 7.
        weighted.Columns[0].Median.Should().Equal(3);
        weighted.Columns[0].QuantileRange.Should().Equal(5);
    }

    [Fact]
    public void Infinite_values_are_an_error_or_left_out()
    {
        var data = Rows.Of<double>(_context, [[1], [double.PositiveInfinity], [2], [3]]);
        FluentActions.Invoking(() => _context.Transforms.RobustScale(Rows.Column).Fit(data)).Should().Throw<InvalidOperationException>().WithMessage("*'Features'*");
        FluentActions.Invoking(() => _context.Transforms.ScaleMaxAbs(Rows.Column).Fit(data)).Should().Throw<InvalidOperationException>().WithMessage("*'Features'*");
        var options = new RobustScalingOptions { Infinity = InfinityPolicy.LeaveOut };
        var robust = _context.Transforms.RobustScale(Rows.Column, options: options).Fit(data);
        (robust.Columns[0].Median[0], robust.Columns[0].QuantileRange[0]).Should().Be((2, 1));
        Rows.Read<double>(robust.Transform(data)).SelectMany(row => row).Should().Equal(-1, double.PositiveInfinity, 0, 1);
        _context.Transforms.ScaleMaxAbs(Rows.Column, options: new() { Infinity = InfinityPolicy.LeaveOut }).Fit(data).Columns[0].LargestMagnitude.Should().Equal(3);
    }

    [Fact]
    public void The_report_shows_the_median_and_one_over_the_quantile_range()
    {
        var report = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of<double>(_context, [[30], [35], [40], [45], [9000]])).Report;
        report.Features.Should().ContainSingle().Which.Should().Match<ScalingReportRow>(row => row.Offset == 40 && row.Scale == 0.1 && row.Statistics.Maximum == 9000);
        report.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Many_threads_find_what_one_finds()
    {
        var data = _context.Data.Cache(Rows.Of(_context, Rows.Random(5000, 9, seed: 4)));
        var one = _context.Transforms.RobustScale(Rows.Column).Fit(data);
        var many = _context.Transforms.RobustScale(Rows.Column, options: new() { MaxDegreeOfParallelism = 4 }).Fit(data);
        many.Columns[0].Median.Should().Equal(one.Columns[0].Median);
        many.Columns[0].Scale.Should().Equal(one.Columns[0].Scale);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(null)]
    public void Channels_have_the_quantiles_of_all_their_places(int? axis)
    {
        double[][] rows = Rows.Random(50, 6, seed: 3);
        var column = _context.Transforms.RobustScale(Rows.Column, options: new() { ChannelAxis = axis }).Fit(Rows.Of(_context, rows, null, 2, 3)).Columns[0];
        for (int slot = 0; slot < 6; slot++)
        {
            int[] slots = [.. Enumerable.Range(0, 6).Where(other => axis is null ? other == slot : axis == 0 ? other / 3 == slot / 3 : other % 3 == slot % 3)];
            double[] values = [.. rows.SelectMany(row => slots.Select(other => row[other]))];
            var expected = new FeatureQuantiles(1);
            expected.AddRows<double>(values, values.Length);
            column.Median[slot].Should().Be(expected.Median(0));
            column.QuantileRange[slot].Should().Be(expected.Quantile(0, 0.75) - expected.Quantile(0, 0.25));
        }
    }

    [Fact]
    public void Sparse_vectors_stay_sparse_without_centering_and_by_magnitude()
    {
        double[][] rows = [[0, 2, 0, 4], [1, 2, 0, 0], [2, 0, 0, 0], [3, 1, 0, 0]];
        var data = Rows.Sparse(_context, rows);
        ScalingTransformer[] transformers =
            [_context.Transforms.RobustScale(Rows.Column, options: new() { Center = false }).Fit(data), _context.Transforms.ScaleMaxAbs(Rows.Column).Fit(data)];
        foreach (var transformer in transformers)
        {
            var scaled = transformer.Transform(data);
            scaled.GetColumn<VBuffer<double>>(scaled.Schema[Rows.Column]).Should().OnlyContain(row => !row.IsDense);
            Rows.Read<double>(scaled).Should().BeEquivalentTo(Rows.Read<double>(transformer.Transform(Rows.Of(_context, rows))), options => options.WithStrictOrdering());
        }
    }

    [Fact]
    public void Saved_and_loaded_it_goes_on_as_if_never_stopped_and_stock_gives_the_same()
    {
        // More rows than the quantiles keep.
        var data = Rows.Of(_context, Rows.Random(700, 3, seed: 4));
        var options = new RobustScalingOptions { QuantileSize = 200, UnitVariance = true, LowerQuantile = 0.1, CoincidentQuantiles = CoincidentQuantiles.HalfRange };
        var saved = _context.Transforms.RobustScale(Rows.Column, options: options).Fit(data);
        var loaded = Reload(saved);

        loaded.Options.Should().Be(options);
        var more = Rows.Of(_context, Rows.Random(400, 3, seed: 5));
        loaded.Update(more).Columns[0].Scale.Should().Equal(saved.Update(more).Columns[0].Scale);
        loaded.Merge(saved).Columns[0].Statistics[0].Count.Should().Be(1400);

        using var stream = new MemoryStream();
        _context.Model.Save(saved, data.Schema, stream);
        stream.Position = 0;
        var stock = new MLContext().Model.Load(stream, out _);
        Rows.Read<double>(stock.Transform(data)).SelectMany(row => row).ShouldBeClose(Rows.Read<double>(saved.Transform(data)).SelectMany(row => row), 1e-15, floor: 1);
    }

    [Fact]
    public void Magnitudes_are_saved_loaded_updated_and_inverted()
    {
        var data = Rows.Of(_context, Rows.Random(70, 3, seed: 4));
        var saved = _context.Transforms.ScaleMaxAbs(Rows.Column, options: new() { TrackQuantiles = true, QuantileSize = 300 }).Fit(data);
        using var stream = new MemoryStream();
        _context.Model.Save(saved, data.Schema, stream);
        stream.Position = 0;
        var loaded = (MaxAbsScalingTransformer)_context.Model.LoadWithStatistics(stream, out _);
        loaded.Options.Should().Be(saved.Options);
        loaded.Update(data).Columns[0].LargestMagnitude.Should().Equal(saved.Columns[0].LargestMagnitude);
        Rows.Read<double>(loaded.Inverse().Transform(loaded.Transform(data))).SelectMany(row => row)
            .ShouldBeClose(Rows.Read<double>(data).SelectMany(row => row), 1e-15);
    }

    [Fact]
    public void All_kinds_of_scalings_keep_quantiles_where_asked_and_only_options_that_do_are_equal()
    {
        double[][] rows = Rows.Random(300, 2, seed: 4);
        var data = Rows.Of(_context, rows);
        double median = _context.Transforms.RobustScale(Rows.Column).Fit(data).Columns[0].Median[0];

        _context.Transforms.Standardize(Rows.Column, options: new() { TrackQuantiles = true }).Fit(data).Fitted[0].Quantiles!.Median(0).Should().Be(median);
        _context.Transforms.ScaleMinMax(Rows.Column, options: new() { TrackQuantiles = true }).Fit(data).Fitted[0].Quantiles!.Median(0).Should().Be(median);
        // The rows, not the epochs.
        var batch = _context.Transforms.BatchNormalize(Rows.Column, options: new() { TrackQuantiles = true, Epochs = 3, BatchSize = 32 }).Fit(data);
        batch.Fitted[0].Quantiles!.Median(0).Should().Be(median);
        batch.Fitted[0].Quantiles!.Count.Should().Equal(300, 300);
        batch.Update(data).Fitted[0].Quantiles!.Count.Should().Equal(600, 600);
        _context.Transforms.Standardize(Rows.Column).Fit(data).Fitted[0].Quantiles.Should().BeNull();

        new StandardizationOptions { TrackQuantiles = true }.Should().NotBe(new StandardizationOptions());
        new StandardizationOptions { QuantileSize = 500 }.Should().Be(new StandardizationOptions(), "without quantiles their size is nothing");
        new RobustScalingOptions { TrackQuantiles = true }.Should().Be(new RobustScalingOptions());
        new RobustScalingOptions { QuantileSize = 500 }.Should().NotBe(new RobustScalingOptions());
        FluentActions.Invoking(() => _context.Transforms.Standardize(Rows.Column, options: new() { QuantileSize = 1 })).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void The_exported_graph_gives_the_same()
    {
        float[][] rows = Rows.ToSingle(Rows.Random(40, 3, seed: 6));
        var data = Rows.Of(_context, rows);
        ITransformer[] models =
            [_context.Transforms.RobustScale("Out", Rows.Column).Fit(data), _context.Transforms.ScaleMaxAbs("Out", Rows.Column).Fit(data)];
        foreach (var model in models)
        {
            OnnxModel.Run(_context, model, data, "Out").SelectMany(row => row)
                .ShouldBeClose(Rows.Read<float>(model.Transform(data), "Out").SelectMany(row => row).Select(value => (double)value), 1e-6, floor: 1);
        }
    }

    [Theory]
    [InlineData(0.25, -0.6744897501960817)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(1e-12, -7.034483825301131)]
    [InlineData(1e-300, -37.0470962993612)]
    [InlineData(0.9, 1.2815515655446004)]
    [InlineData(0.5, 0)]
    public void Normal_quantiles_are_scipys(double probability, double quantile) =>
        ((double[])[NormalQuantile.Of(probability)]).ShouldBeClose([quantile], 1e-15);

    private RobustScalingTransformer Reload(RobustScalingTransformer transformer)
    {
        using var stream = new MemoryStream();
        var schema = Rows.None(_context, transformer.Columns[0].Scale.Length).Schema;
        _context.Model.Save(transformer, schema, stream);
        stream.Position = 0;
        return (RobustScalingTransformer)_context.Model.LoadWithStatistics(stream, out _);
    }
}
