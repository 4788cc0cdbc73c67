using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

public class ConstantAndEmptyTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Constant_features_get_scale_one()
    {
        var column = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of<float>(_context, [[7, 1], [7, 3]])).Columns[0];
        column.Scale.Should().Equal(1, 1);
        column.Offset.Should().Equal(7, 2);
        column.Statistics.Select(slot => slot.IsConstant).Should().Equal(true, false);
    }

    [Fact]
    public void Features_that_are_constant_up_to_rounding_are_not_blown_up()
    {
        // The mean of 0.1, ten times, is not 0.1 in most ways to sum: a variance of 1e-34 would scale by 1e17.
        double[][] rows = [.. Enumerable.Repeat(new[] { 0.1, 1e9 + 0.1 }, 10)];
        _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, rows)).Columns[0].Scale.Should().Equal(1, 1);
    }

    [Fact]
    public void A_constant_feature_gets_scale_one_whatever_epsilon_is()
    {
        _context.Transforms.Standardize(Rows.Column, options: new() { Epsilon = 1e-5 })
            .Fit(Rows.Of<float>(_context, [[7], [7]])).Columns[0].Scale.Should().Equal(1);
    }

    [Fact]
    public void A_single_row_is_constant()
    {
        var transformer = _context.Transforms.Standardize(Rows.Column, options: new() { VarianceEstimator = VarianceEstimator.Sample })
            .Fit(Rows.Of<float>(_context, [[5, -3]]));
        transformer.Columns[0].Scale.Should().Equal(1, 1);
        transformer.Columns[0].Offset.Should().Equal(5, -3);
    }

    [Fact]
    public void Min_max_maps_a_constant_feature_to_the_target_minimum_as_if_its_range_were_one()
    {
        var transformer = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Minimum = 2, Maximum = 5 })
            .Fit(Rows.Of<float>(_context, [[7], [7]]));
        Rows.Read<float>(transformer.Transform(Rows.Of<float>(_context, [[7], [8]]))).Select(row => row[0]).Should().Equal(2, 5);
    }

    [Fact]
    public void A_spread_too_small_for_the_columns_type_counts_as_constant()
    {
        // 1 / 1e-40 is beyond the range of float; of double it is not.
        float[][] rows = [[0], [1e-40f]];
        _context.Transforms.ScaleMinMax(Rows.Column).Fit(Rows.Of(_context, rows)).Columns[0].Scale.Should().Equal(1);
        _context.Transforms.ScaleMinMax(Rows.Column).Fit(Rows.Of<double>(_context, [[0], [1e-40]])).Columns[0].Scale[0].Should().BeApproximately(1e40, 1e26);
    }

    [Fact]
    public void Every_scaling_takes_a_spread_too_small_for_the_columns_type_for_that_of_a_constant()
    {
        var single = Rows.Of<float>(_context, [[0], [1e-40f]]);
        var range = _context.Transforms.ScaleMinMax(Rows.Column).Fit(single);
        Rows.Read<float>(range.Transform(Rows.Of<float>(_context, [[0], [1e-40f], [1]]))).Select(row => row[0]).Should().Equal(0, 1e-40f, 1);
        _context.Transforms.ScaleMaxAbs(Rows.Column).Fit(single).Columns[0].Scale.Should().Equal(1);
        _context.Transforms.RobustScale(Rows.Column).Fit(single).Columns[0].Scale.Should().Equal(1);
        _context.Transforms.Standardize(Rows.Column).Fit(single).Columns[0].Scale.Should().Equal(1);
        var given = _context.Transforms.Standardize(Rows.Column, options: new() { Mean = 0, StandardDeviation = 1e-40 });
        given.Fit(single).Columns[0].Scale.Should().Equal(1);

        // A largest value of 1e-40, a range of the quartiles of half that, and a deviation of half that.
        var twice = Rows.Of<double>(_context, [[0], [1e-40]]);
        _context.Transforms.ScaleMaxAbs(Rows.Column).Fit(twice).Columns[0].Scale.ShouldBeClose([1e40], 1e-15);
        _context.Transforms.RobustScale(Rows.Column).Fit(twice).Columns[0].Scale.ShouldBeClose([2e40], 1e-15);
        _context.Transforms.Standardize(Rows.Column).Fit(twice).Columns[0].Scale.ShouldBeClose([2e40], 1e-15);
        given.Fit(twice).Columns[0].Scale.ShouldBeClose([1e40], 1e-15);
    }

    [Fact]
    public void No_rows_are_an_error_that_names_the_column()
    {
        var empty = Rows.None(_context, 3);
        _context.Transforms.Standardize("Out", Rows.Column).Invoking(estimator => estimator.Fit(empty)).Should()
            .Throw<InvalidOperationException>().WithMessage("Column 'Features': the data have no rows*");
        _context.Transforms.ScaleMinMax("Out", Rows.Column).Invoking(estimator => estimator.Fit(empty)).Should()
            .Throw<InvalidOperationException>().WithMessage("Column 'Features': the data have no rows*");
    }

    [Fact]
    public void A_variance_beyond_double_is_an_error_that_names_its_slot()
    {
        var data = Rows.Of<double>(_context, [[1, 1e200], [2, -1e200]]);
        _context.Transforms.Standardize(Rows.Column).Invoking(estimator => estimator.Fit(data)).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features', slot 1: the variance of values from -1E+200 to 1E+200 is beyond the range of double.*");
    }
}
