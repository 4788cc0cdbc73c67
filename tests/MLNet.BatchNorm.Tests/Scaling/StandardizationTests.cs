using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

public class StandardizationTests
{
    private static readonly float[][] Input = [[1, 10], [2, 10], [3, 40], [6, 40]];

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Columns_show_the_statistics_scale_and_offset_of_every_slot()
    {
        var column = Fit(Input).Columns.Should().ContainSingle().Subject;

        column.OutputColumnName.Should().Be("Features");
        column.InputColumnName.Should().Be("Features");
        column.SlotNames.Should().BeEmpty();
        column.Statistics.Should().Equal(
            new FeatureStatistics { Count = 4, WeightSum = 4, Mean = 3, PopulationVariance = 3.5, SampleVariance = 14.0 / 3, Minimum = 1, Maximum = 6 },
            new FeatureStatistics { Count = 4, WeightSum = 4, Mean = 25, PopulationVariance = 225, SampleVariance = 300, Minimum = 10, Maximum = 40 });
        column.Statistics[1].PopulationStandardDeviation.Should().Be(15);
        column.Statistics[1].SampleStandardDeviation.Should().Be(Math.Sqrt(300));
        column.Offset.Should().Equal(3, 25);
        column.Scale.Should().Equal(1 / Math.Sqrt(3.5), 1.0 / 15);
    }

    [Fact]
    public void The_sample_variance_divides_by_one_less()
    {
        var column = Fit(Input, new() { VarianceEstimator = VarianceEstimator.Sample }).Columns[0];
        column.Scale.ShouldBeClose([Math.Sqrt(3.0 / 14), 1 / Math.Sqrt(300)], 1e-15);
    }

    [Fact]
    public void Epsilon_is_added_to_the_variance()
    {
        Fit(Input, new() { Epsilon = 31 }).Columns[0].Scale[1].Should().Be(1.0 / 16);
    }

    [Fact]
    public void Without_centering_values_are_only_divided()
    {
        var transformer = Fit(Input, new() { Center = false });
        transformer.Columns[0].Offset.Should().Equal(0, 0);
        Column(transformer, Input, 1).Should().Equal(10f / 15, 10f / 15, 40f / 15, 40f / 15);
    }

    [Fact]
    public void Without_centering_zero_stays_zero_where_the_mean_lies_between_two_doubles()
    {
        double[][] rows = [.. Enumerable.Range(0, 1000).Select(k => new[] { 1e15 + (k % 4 / 8.0) })];
        var transformer = _context.Transforms.Standardize(Rows.Column, options: new() { Center = false }).Fit(Rows.Of(_context, rows));

        Rows.Read<double>(transformer.Transform(Rows.Of<double>(_context, [[0]])))[0].Should().Equal(0);
        transformer.Columns[0].Offset.Should().Equal(0);
        transformer.Columns[0].Scale.ShouldBeClose([16 / Math.Sqrt(5)], 1e-12);
    }

    [Fact]
    public void Without_scaling_values_are_only_centered()
    {
        var transformer = Fit(Input, new() { Scale = false });
        transformer.Columns[0].Scale.Should().Equal(1, 1);
        Column(transformer, Input, 0).Should().Equal(-2, -1, 0, 3);
    }

    [Fact]
    public void Several_columns_are_fitted_in_one_pass_that_reads_nothing_else()
    {
        var data = new SpyDataView(_context.Data.LoadFromEnumerable<Mixed>(
        [
            new() { Single = 1, Double = 2, Vector = [3, 4] },
            new() { Single = 3, Double = 6, Vector = [5, 8] },
        ]));
        var transformer = _context.Transforms.Standardize(
            [new("S", "Single"), new("Double"), new("V", "Vector"), new("V2", "Vector")]).Fit(data);

        data.Cursors.Should().ContainSingle().Which.Should().BeEquivalentTo("Single", "Double", "Vector");
        transformer.Columns.Select(column => column.OutputColumnName).Should().Equal("S", "Double", "V", "V2");
        var output = transformer.Transform(data);
        output.GetColumn<float>("S").Should().Equal(-1, 1);
        output.GetColumn<double>("Double").Should().Equal(-1, 1);
        Rows.Read<float>(output, "V").Should().BeEquivalentTo<float[]>([[-1, -1], [1, 1]], options => options.WithStrictOrdering());
        Rows.Read<float>(output, "V2").Should().BeEquivalentTo(Rows.Read<float>(output, "V"), options => options.WithStrictOrdering());
        output.GetColumn<float>("Single").Should().Equal(1, 3);
    }

    [Fact]
    public void Output_type_is_input_type_slot_names_are_kept_and_the_output_is_normalized()
    {
        var pipeline = _context.Transforms.Concatenate("Features", "Single", "Double2")
            .Append(_context.Transforms.Standardize("Scaled", "Features"));
        var data = _context.Data.LoadFromEnumerable<Mixed>([new() { Single = 1, Double2 = 2 }, new() { Single = 3, Double2 = 6 }]);
        var model = pipeline.Fit(data);
        var scaled = model.Transform(data).Schema["Scaled"];

        scaled.Type.Should().Be(new VectorDataViewType(NumberDataViewType.Single, 2));
        scaled.IsNormalized().Should().BeTrue();
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        scaled.GetSlotNames(ref names);
        names.DenseValues().Select(name => name.ToString()).Should().Equal("Single", "Double2");
        model.LastTransformer!.Columns[0].SlotNames.Should().Equal("Single", "Double2");
    }

    [Fact]
    public void A_large_common_offset_in_single_precision_costs_no_accuracy()
    {
        // 2^24 - 8 + 0, 1, .. 7: neighbours in float. Mean and deviations must come out as of 0, 1, .. 7.
        float[][] rows = [.. Enumerable.Range(0, 8).Select(i => new[] { 16777208f + i })];
        double deviation = Math.Sqrt(5.25);
        Column(Fit(rows), rows, 0).Select(value => (double)value).ShouldBeClose(
            Enumerable.Range(0, 8).Select(i => (i - 3.5) / deviation), 1.2e-7);
    }

    private StandardizationTransformer Fit(float[][] rows, StandardizationOptions? options = null) =>
        _context.Transforms.Standardize(Rows.Column, options: options).Fit(Rows.Of(_context, rows));

    private float[] Column(StandardizationTransformer transformer, float[][] rows, int slot) =>
        [.. Rows.Read<float>(transformer.Transform(Rows.Of(_context, rows))).Select(row => row[slot])];

    private sealed class Mixed
    {
        public float Single { get; set; }

        public float Double2 { get; set; }

        public double Double { get; set; }

        [VectorType(2)]
        public float[] Vector { get; set; } = [0, 0];

        public string Text { get; set; } = "never read";
    }
}
