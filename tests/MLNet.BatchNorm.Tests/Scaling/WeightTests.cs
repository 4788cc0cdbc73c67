using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

public class WeightTests
{
    private static readonly StandardizationOptions Weighted = new() { WeightColumnName = Rows.Weight };

    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(VarianceEstimator.Population)]
    [InlineData(VarianceEstimator.Sample)]
    public void A_weight_is_the_same_as_a_repetition(VarianceEstimator variance)
    {
        double[][] rows = [[1, 5], [2, double.NaN], [4, 9]];
        double[][] repeated = [rows[0], rows[1], rows[1], rows[1], rows[2], rows[2]];
        var options = Weighted with { VarianceEstimator = variance };
        var weighted = _context.Transforms.Standardize(Rows.Column, options: options).Fit(Rows.Of(_context, rows, [1, 3, 2])).Columns[0];
        var plain = _context.Transforms.Standardize(Rows.Column, options: options with { WeightColumnName = null }).Fit(Rows.Of(_context, repeated)).Columns[0];

        weighted.Scale.ShouldBeClose(plain.Scale, 1e-15);
        weighted.Offset.ShouldBeClose(plain.Offset, 1e-15);
        weighted.Statistics.Select(slot => slot.WeightSum).Should().Equal(6, 3);
        weighted.Statistics.Select(slot => slot.Count).Should().Equal(3, 2);
    }

    [Fact]
    public void A_row_of_weight_zero_is_as_good_as_absent()
    {
        var column = _context.Transforms.Standardize(Rows.Column, options: Weighted)
            .Fit(Rows.Of<float>(_context, [[1], [float.PositiveInfinity], [3]], [1, 0, 1])).Columns[0];
        column.Statistics[0].Should().Be(new FeatureStatistics
        {
            Count = 2,
            WeightSum = 2,
            Mean = 2,
            PopulationVariance = 1,
            SampleVariance = 2,
            Minimum = 1,
            Maximum = 3,
        });
    }

    [Fact]
    public void Sparse_rows_are_weighted_like_dense_ones()
    {
        double[][] rows = [[0, 5], [2, 0], [4, 9]];
        var dense = _context.Transforms.Standardize(Rows.Column, options: Weighted).Fit(Rows.Of(_context, rows, [1, 3, 2])).Columns[0];
        var sparse = _context.Transforms.Standardize(Rows.Column, options: Weighted).Fit(Rows.Sparse(_context, rows, [1, 3, 2])).Columns[0];
        sparse.Scale.ShouldBeClose(dense.Scale, 1e-15);
        sparse.Offset.ShouldBeClose(dense.Offset, 1e-15);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_weight_that_is_none_is_an_error_that_names_column_and_row(double weight)
    {
        var fit = () => _context.Transforms.Standardize(Rows.Column, options: Weighted).Fit(Rows.Of<float>(_context, [[1], [2], [3]], [1, 1, weight]));
        fit.Should().Throw<InvalidOperationException>().WithMessage("Weight column 'Weight' holds * in row 2 (zero-based): expected a finite number*");
    }

    [Fact]
    public void Weights_that_are_all_zero_are_an_error()
    {
        var fit = () => _context.Transforms.Standardize(Rows.Column, options: Weighted).Fit(Rows.Of<float>(_context, [[1], [2]], [0, 0]));
        fit.Should().Throw<InvalidOperationException>().WithMessage("Column 'Features': no row has a positive weight in column 'Weight'*");
    }

    [Fact]
    public void A_sample_variance_of_too_little_weight_is_an_error()
    {
        var fit = () => _context.Transforms.Standardize(Rows.Column, options: Weighted with { VarianceEstimator = VarianceEstimator.Sample })
            .Fit(Rows.Of<float>(_context, [[1], [2]], [0.25, 0.5]));
        fit.Should().Throw<InvalidOperationException>().WithMessage("Column 'Features', slot 0: the sample variance needs weights that sum up to more than 1*0.75*");
    }

    [Fact]
    public void A_missing_weight_column_is_an_error_that_names_it()
    {
        var estimator = _context.Transforms.Standardize(Rows.Column, options: new() { WeightColumnName = "Importance" });
        estimator.Invoking(e => e.Fit(Rows.Of<float>(_context, [[1]]))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Could not find weight column 'Importance'. Columns found: 'Features', 'Weight'.*");
    }

    [Fact]
    public void A_vector_of_weights_is_an_error()
    {
        var estimator = _context.Transforms.Standardize(Rows.Column, options: new() { WeightColumnName = Rows.Column });
        estimator.Invoking(e => e.Fit(Rows.Of<float>(_context, [[1]]))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Schema mismatch for weight column 'Features': expected a scalar Single or Double, got *");
    }
}
