using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

public class MinMaxScalingTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void The_offset_has_the_target_minimum_folded_in()
    {
        var column = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Minimum = -1, Maximum = 1 })
            .Fit(Rows.Of<float>(_context, [[10, 0], [20, 8]])).Columns[0];

        column.DataMinimum.Should().Equal(10, 0);
        column.DataMaximum.Should().Equal(20, 8);
        column.Scale.Should().Equal(0.2, 0.25);
        column.Offset.Should().Equal(15, 4);
        ((20 - column.Offset[0]) * column.Scale[0]).Should().Be(1);
    }

    [Fact]
    public void Values_beyond_the_data_of_the_fit_land_beyond_the_range_or_on_its_end()
    {
        var fitData = Rows.Of<float>(_context, [[0], [10]]);
        var newData = Rows.Of<float>(_context, [[-5], [5], [20]]);
        var free = _context.Transforms.ScaleMinMax(Rows.Column).Fit(fitData);
        var clipped = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Clip = true }).Fit(fitData);

        Rows.Read<float>(free.Transform(newData)).Select(row => row[0]).Should().Equal(-0.5f, 0.5f, 2);
        Rows.Read<float>(clipped.Transform(newData)).Select(row => row[0]).Should().Equal(0, 0.5f, 1);
    }

    [Fact]
    public void A_given_range_of_the_data_needs_no_pass_over_them()
    {
        var pixels = new SpyDataView(Rows.Of<float>(_context, [[0, 51, 255], [102, 204, 153]]));
        var transformer = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { DataMinimum = 0, DataMaximum = 255 }).Fit(pixels);

        pixels.Cursors.Should().BeEmpty("nothing is read");
        transformer.Columns[0].DataMaximum.Should().Equal(255, 255, 255);
        transformer.Columns[0].Scale.Should().Equal(1.0 / 255, 1.0 / 255, 1.0 / 255);
        transformer.Columns[0].Statistics[0].Count.Should().Be(0);
        var scaled = Rows.Read<float>(transformer.Transform(pixels));
        // 1 / 255 is rounded once, the product once more.
        scaled[0].Select(value => (double)value).ShouldBeClose([0, 0.2, 1], 1.2e-7);
        scaled[1].Select(value => (double)value).ShouldBeClose([0.4, 0.8, 0.6], 1.2e-7);
    }

    [Fact]
    public void A_given_range_works_on_data_without_rows()
    {
        var transformer = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { DataMinimum = -1, DataMaximum = 1 }).Fit(Rows.None(_context, 2));
        Rows.Read<float>(transformer.Transform(Rows.Of<float>(_context, [[-1, 0]])))[0].Should().Equal(0, 0.5f);
        transformer.Report.Features.Should().HaveCount(2);
        transformer.Report.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void A_given_range_can_be_neither_updated_nor_merged()
    {
        var data = Rows.Of<float>(_context, [[1]]);
        var transformer = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { DataMinimum = 0, DataMaximum = 255 }).Fit(data);

        transformer.Invoking(t => t.Update(data)).Should().Throw<InvalidOperationException>()
            .WithMessage("Update: column 'Features' is scaled by given numbers, which no data change: the fixed range 0 to 255.*");
        transformer.Invoking(t => t.Merge(transformer)).Should().Throw<InvalidOperationException>().WithMessage("Merge: column 'Features'*");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(2, 5)]
    [InlineData(-5, 0)]
    [InlineData(-1.7, 1.9)]
    [InlineData(0.1, 0.7)]
    [InlineData(-10, 1)]
    [InlineData(0, 255)]
    public void Smallest_and_largest_values_land_exactly_on_the_ends(double minimum, double maximum)
    {
        // Scales such as 1 / 3 are not exact: (x - minimum) * scale misses the end by a rounding for every fourth column.
        const int SlotCount = 400;
        double[][] rows = Rows.Random(20, SlotCount, seed: 8);
        CheckEnds<float>(Rows.ToSingle(rows), (float)minimum, (float)maximum, new() { Minimum = minimum, Maximum = maximum });
        CheckEnds<double>(rows, minimum, maximum, new() { Minimum = minimum, Maximum = maximum });
    }

    [Fact]
    public void Ends_that_the_type_of_the_column_does_not_hold_are_those_that_it_holds()
    {
        // 0.7 as a float is less than 0.7.
        var data = Rows.Of<float>(_context, [[0.1f], [0.7f]]);
        var transformer = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { DataMinimum = 0.1, DataMaximum = 0.7, Minimum = -0.3, Maximum = 0.9 }).Fit(data);

        Rows.Read<float>(transformer.Transform(data)).Select(row => row[0]).Should().Equal(-0.3f, 0.9f);
    }

    [Theory]
    [InlineData(-1e308, 1e308, 0, 1, "-1E+308 to 1E+308")]
    [InlineData(-2, 3, -1e308, 1e308, "-2 to 3")]
    public void A_range_beyond_double_of_the_data_or_the_target_is_an_error(double low, double high, double minimum, double maximum, string range) =>
        _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Minimum = minimum, Maximum = maximum })
            .Invoking(estimator => estimator.Fit(Rows.Of<double>(_context, [[low], [high]]))).Should().Throw<InvalidOperationException>()
            .WithMessage($"Column 'Features', slot 0: the range from {range}, or the target's, is beyond the range of double. Divide the values by a constant first.");

    private void CheckEnds<T>(T[][] rows, T minimum, T maximum, MinMaxScalingOptions options)
        where T : unmanaged, IComparable<T>
    {
        var data = Rows.Of(_context, rows);
        var transformer = _context.Transforms.ScaleMinMax(Rows.Column, options: options).Fit(data);
        using var zip = new MemoryStream();
        _context.Model.Save(transformer, data.Schema, zip);
        zip.Position = 0;
        foreach (var (way, model) in new[] { ("memory", (ITransformer)transformer), ("zip", _context.Model.Load(zip, out _)) })
        {
            var scaled = Rows.Read<T>(model.Transform(data));
            for (int slot = 0; slot < rows[0].Length; slot++)
            {
                scaled.Min(row => row[slot]).Should().Be(minimum, $"{way}, slot {slot}");
                scaled.Max(row => row[slot]).Should().Be(maximum, $"{way}, slot {slot}");
            }
        }
    }

    [Fact]
    public void Scalars_of_both_types_are_scaled()
    {
        var data = _context.Data.LoadFromEnumerable<Pair>([new() { Single = 2, Double = -1 }, new() { Single = 4, Double = 3 }, new() { Single = 3, Double = 1 }]);
        var scaled = _context.Transforms.ScaleMinMax([new("Single"), new("D", "Double")]).Fit(data).Transform(data);
        scaled.GetColumn<float>("Single").Should().Equal(0, 1, 0.5f);
        scaled.GetColumn<double>("D").Should().Equal(0, 1, 0.5);
    }

    private sealed class Pair
    {
        public float Single { get; set; }

        public double Double { get; set; }
    }
}
