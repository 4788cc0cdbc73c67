using Microsoft.ML;

namespace MLNet.BatchNorm.Tests.Scaling;

public class MissingAndInfiniteTests
{
    private const float NaN = float.NaN;
    private const float Infinity = float.PositiveInfinity;

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Missing_values_are_left_out_of_their_own_feature_and_stay_missing()
    {
        float[][] rows = [[1, NaN], [NaN, 2], [3, 6]];
        var transformer = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, rows));

        transformer.Columns[0].Statistics.Select(slot => (slot.Count, slot.MissingCount, slot.Mean)).Should().Equal((2, 1, 2.0), (2, 1, 4.0));
        var scaled = Rows.Read<float>(transformer.Transform(Rows.Of(_context, rows)));
        scaled[0].Should().Equal(-1, NaN);
        scaled[1].Should().Equal(NaN, -1);
        scaled[2].Should().Equal(1, 1);
    }

    [Fact]
    public void Min_max_with_clipping_keeps_missing_values_missing()
    {
        float[][] rows = [[0], [NaN], [10]];
        var transformer = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Clip = true }).Fit(Rows.Of(_context, rows));
        Rows.Read<float>(transformer.Transform(Rows.Of(_context, [[NaN], [20]]))).Select(row => row[0]).Should().Equal(NaN, 1);
    }

    [Theory]
    [InlineData(Infinity)]
    [InlineData(-Infinity)]
    public void An_infinite_value_is_an_error_that_names_column_slot_and_row(float infinity)
    {
        var fit = () => _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, [[1, 2], [3, 4], [5, infinity], [infinity, 6]]));
        fit.Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features', slot 1 is infinite in row 2 (zero-based). Mend the data, or leave infinite values out*LeaveOut*");
    }

    [Fact]
    public void The_row_of_an_infinite_value_is_right_far_into_the_data()
    {
        var rows = Rows.ToSingle(Rows.Random(2000, 3, seed: 5));
        rows[1234][2] = Infinity;
        var fit = () => _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, rows));
        fit.Should().Throw<InvalidOperationException>().WithMessage("Column 'Features', slot 2 is infinite in row 1234 *");
    }

    [Fact]
    public void The_row_of_an_infinite_value_in_an_update_counts_from_the_start_of_the_update()
    {
        var transformer = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, Rows.ToSingle(Rows.Random(700, 1, seed: 5))));
        var update = () => transformer.Update(Rows.Of<float>(_context, [[1], [Infinity]]));
        update.Should().Throw<InvalidOperationException>().WithMessage("* is infinite in row 1 (zero-based)*");
    }

    [Fact]
    public void An_infinite_value_of_a_sparse_row_is_found()
    {
        var fit = () => _context.Transforms.Standardize(Rows.Column).Fit(Rows.Sparse(_context, [[0, 2, 0], [0, 0, Infinity]]));
        fit.Should().Throw<InvalidOperationException>().WithMessage("Column 'Features', slot 2 is infinite in row 1 *");
    }

    [Fact]
    public void Slot_names_appear_in_errors()
    {
        var pipeline = _context.Transforms.Concatenate("Features", "Age", "Salary").Append(_context.Transforms.Standardize("Features"));
        var fit = () => pipeline.Fit(_context.Data.LoadFromEnumerable<Person>([new() { Age = 1, Salary = Infinity }]));
        fit.Should().Throw<InvalidOperationException>().WithMessage("Column 'Features', slot 1 ('Salary') is infinite in row 0 *");
    }

    [Fact]
    public void Infinite_values_can_be_left_out_and_are_counted_and_kept_in_the_output()
    {
        float[][] rows = [[1], [Infinity], [3], [-Infinity]];
        var transformer = _context.Transforms.Standardize(Rows.Column, options: new() { Infinity = InfinityPolicy.LeaveOut }).Fit(Rows.Of(_context, rows));

        var statistics = transformer.Columns[0].Statistics[0];
        (statistics.Count, statistics.InfiniteCount, statistics.MissingCount, statistics.Mean, statistics.Maximum).Should().Be((2, 2, 0, 2, 3));
        Rows.Read<float>(transformer.Transform(Rows.Of(_context, rows))).Select(row => row[0]).Should().Equal(-1, Infinity, 1, -Infinity);
    }

    [Fact]
    public void Min_max_scaling_refuses_and_leaves_out_infinite_values_alike()
    {
        float[][] rows = [[1], [Infinity], [3]];
        var fit = (MinMaxScalingOptions options) => _context.Transforms.ScaleMinMax(Rows.Column, options: options).Fit(Rows.Of(_context, rows));
        fit.Invoking(run => run(new())).Should().Throw<InvalidOperationException>().WithMessage("*row 1*");
        fit(new() { Infinity = InfinityPolicy.LeaveOut }).Columns[0].DataMaximum.Should().Equal(3);
    }

    private sealed class Person
    {
        public float Age { get; set; }

        public float Salary { get; set; }
    }
}
