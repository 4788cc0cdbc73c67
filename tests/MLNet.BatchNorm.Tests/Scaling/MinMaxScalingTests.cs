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

    [Fact]
    public void Smallest_and_largest_values_land_exactly_on_the_ends()
    {
        // Scales such as 1 / 3 are not exact: (x - minimum) * scale may miss the end by a rounding, which must not show in the smallest.
        var rows = Rows.ToSingle(Rows.Random(200, 5, seed: 8));
        var transformer = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Minimum = 0, Maximum = 1 }).Fit(Rows.Of(_context, rows));
        var scaled = Rows.Read<float>(transformer.Transform(Rows.Of(_context, rows)));
        for (int slot = 0; slot < 5; slot++)
        {
            scaled.Min(row => row[slot]).Should().Be(0);
            scaled.Max(row => row[slot]).Should().BeApproximately(1, 6e-8f);
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
