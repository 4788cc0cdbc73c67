using Microsoft.ML;

namespace MLNet.BatchNorm.Tests.Scaling;

public class OptionsTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Defaults_are_the_documented_ones()
    {
        var standardization = new StandardizationOptions();
        (standardization.Center, standardization.Scale, standardization.VarianceEstimator, standardization.Epsilon, standardization.WeightColumnName)
            .Should().Be((true, true, VarianceEstimator.Population, 0, null));
        (standardization.Infinity, standardization.ChannelAxis, standardization.CancellationToken, standardization.Progress)
            .Should().Be((InfinityPolicy.Throw, null, CancellationToken.None, null));
        var minMax = new MinMaxScalingOptions();
        (minMax.Minimum, minMax.Maximum, minMax.Clip, minMax.DataMinimum, minMax.DataMaximum).Should().Be((0, 1, false, null, null));
    }

    [Fact]
    public void Token_and_progress_do_not_count_in_equality()
    {
        using var source = new CancellationTokenSource();
        var options = new StandardizationOptions { Epsilon = 1 };
        var same = options with { CancellationToken = source.Token, Progress = new Progress<FitProgress>() };
        same.Should().Be(options);
        same.GetHashCode().Should().Be(options.GetHashCode());
        same.ToString().Should().Be(
            "StandardizationOptions { Infinity = Throw, ChannelAxis = , Center = True, Scale = True, VarianceEstimator = Population, Epsilon = 1, WeightColumnName = , Mean = , StandardDeviation =  }");
        (options with { Epsilon = 2 }).Should().NotBe(options);
        (options with { ChannelAxis = 0 }).Should().NotBe(options);
        (options with { Infinity = InfinityPolicy.LeaveOut }).Should().NotBe(options);
    }

    [Theory]
    [InlineData(-1e-9)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Epsilon_must_be_finite_and_not_negative(double epsilon)
    {
        var make = () => _context.Transforms.Standardize("X", options: new() { Epsilon = epsilon });
        make.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("Epsilon").WithMessage("Expected a finite number that is zero or positive.*");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    public void The_target_range_must_be_finite_and_not_empty(double minimum, double maximum)
    {
        var make = () => _context.Transforms.ScaleMinMax("X", options: new() { Minimum = minimum, Maximum = maximum });
        make.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("Minimum");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    public void The_range_of_the_data_must_not_be_empty(double minimum, double maximum)
    {
        var make = () => _context.Transforms.ScaleMinMax("X", options: new() { DataMinimum = minimum, DataMaximum = maximum });
        make.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("DataMinimum");
    }

    [Fact]
    public void The_range_of_the_data_must_be_finite() =>
        FluentActions.Invoking(() => new MinMaxScalingOptions { DataMinimum = 0, DataMaximum = double.NaN }).Should().Throw<ArgumentException>()
            .WithMessage("Expected finite numbers; found NaN for feature 0.*");

    [Fact]
    public void One_end_of_the_range_of_the_data_is_not_enough()
    {
        var make = () => _context.Transforms.ScaleMinMax("X", options: new() { DataMaximum = 255 });
        make.Should().Throw<ArgumentException>().WithParameterName("DataMinimum").WithMessage("DataMinimum and DataMaximum are given together*found DataMaximum alone.*");
    }

    [Fact]
    public void Unknown_enumeration_values_are_refused()
    {
        _context.Transforms.Invoking(t => t.Standardize("X", options: new() { VarianceEstimator = (VarianceEstimator)7 })).Should().Throw<ArgumentOutOfRangeException>();
        _context.Transforms.Invoking(t => t.ScaleMinMax("X", options: new() { Infinity = (InfinityPolicy)7 })).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void An_empty_weight_column_name_is_refused()
    {
        _context.Transforms.Invoking(t => t.Standardize("X", options: new() { WeightColumnName = "" })).Should()
            .Throw<ArgumentException>().WithMessage("Expected the name of a column, or null for rows of equal weight*");
    }
}
