using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

public class BatchNormOptionsTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        var options = new BatchNormOptions();
        options.BatchSize.Should().Be(256);
        options.Momentum.Should().Be(0.1);
        options.Epsilon.Should().Be(1e-5);
        options.VarianceEstimator.Should().Be(VarianceEstimator.Population);
        options.RunningStart.Should().Be(RunningStart.Debiased);
        options.Gamma.Values.Should().Equal(1);
        options.Beta.Values.Should().Equal(0);
        options.Epochs.Should().Be(1);
        options.Shuffle.Should().BeFalse();
        options.Seed.Should().Be(0);
        options.ShufflePoolSize.Should().Be(1000);
        options.LastBatch.Should().Be(LastBatch.Keep);
        options.ChannelAxis.Should().BeNull();
        options.Infinity.Should().Be(InfinityPolicy.Throw);
    }

    [Fact]
    public void Presets_differ_from_the_defaults_where_the_libraries_do()
    {
        BatchNormOptions.PyTorch.Should().Be(new BatchNormOptions { VarianceEstimator = VarianceEstimator.Sample, RunningStart = RunningStart.ZeroOne });
        BatchNormOptions.Keras.Should().Be(new BatchNormOptions { Momentum = 0.01, Epsilon = 1e-3, RunningStart = RunningStart.ZeroOne });
    }

    public static TheoryData<BatchNormOptions, string> Wrong => new()
    {
        { new() { BatchSize = 1 }, "*at least 2: a batch of one row has no variance*BatchSize*" },
        { new() { Momentum = 0 }, "*(0, 1]*Momentum*" },
        { new() { Momentum = 1.1 }, "*(0, 1]*Momentum*" },
        { new() { Momentum = double.NaN }, "*(0, 1]*Momentum*" },
        { new() { Epsilon = -1e-9 }, "*zero or positive*Epsilon*" },
        { new() { Epsilon = double.PositiveInfinity }, "*zero or positive*Epsilon*" },
        { new() { VarianceEstimator = (VarianceEstimator)7 }, "*VarianceEstimator*" },
        { new() { RunningStart = (RunningStart)7 }, "*RunningStart*" },
        { new() { LastBatch = (LastBatch)7 }, "*LastBatch*" },
        { new() { Infinity = (InfinityPolicy)7 }, "*InfinityPolicy*" },
        { new() { Epochs = 0 }, "*Epochs*" },
        { new() { ShufflePoolSize = 0 }, "*ShufflePoolSize*" },
        { new() { Gamma = null! }, "*Gamma*" },
        { new() { Beta = null! }, "*Beta*" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Values_out_of_range_are_refused_when_the_estimator_is_made(BatchNormOptions options, string message)
    {
        _context.Transforms.Invoking(transforms => transforms.BatchNormalize("Features", options: options)).Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void Gamma_and_beta_must_fit_the_features()
    {
        var data = Rows.Of<float>(_context, [[1, 2], [3, 4]]);
        var spy = new SpyDataView(data);
        _context.Transforms.BatchNormalize(Rows.Column, options: new() { Gamma = new[] { 1.0, 2, 3 } }).Invoking(estimator => estimator.Fit(spy))
            .Should().Throw<ArgumentException>().WithMessage("Gamma has 3 numbers, and column 'Features' has 2 feature(s): give one number for all, or one per feature.*");
        spy.Cursors.Should().BeEmpty("a wrong count should not cost a pass over the data");
        _context.Transforms.BatchNormalize(Rows.Column, options: new() { Beta = new[] { 1.0, 2, 3 } }).Invoking(estimator => estimator.Fit(spy))
            .Should().Throw<ArgumentException>().WithMessage("Beta has 3 numbers*");
        spy.Cursors.Should().BeEmpty();
    }

    [Fact]
    public void Feature_values_are_compared_and_shown_by_value()
    {
        FeatureValues values = new[] { 1.5, 2 };
        values.Should().Be(FeatureValues.FromDoubles([1.5, 2]));
        values.GetHashCode().Should().Be(FeatureValues.FromDoubles([1.5, 2]).GetHashCode());
        values.Should().NotBe(FeatureValues.FromDouble(1.5));
        values.ToString().Should().Be("1.5, 2");
        values.Equals((object?)null).Should().BeFalse();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Feature_values_are_finite_and_at_least_one(double value)
    {
        FluentActions.Invoking(() => FeatureValues.FromDoubles([1, value])).Should().Throw<ArgumentException>().WithMessage("*for feature 1*");
        FluentActions.Invoking(() => FeatureValues.FromDoubles([])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void The_schema_shape_is_that_of_a_normalizer()
    {
        var data = Rows.Of<float>(_context, [[1, 2], [3, 4]]);
        var pipeline = _context.Transforms.BatchNormalize("Normalized", Rows.Column).Append(_context.Transforms.Standardize("Again", "Normalized"));
        pipeline.Fit(data).Transform(data).Schema["Again"].Type.Should().Be(data.Schema[Rows.Column].Type);
        _context.Transforms.BatchNormalize("Missing").Invoking(estimator => estimator.Fit(data)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*'Missing'*");
        _context.Transforms.Invoking(transforms => transforms.BatchNormalize([])).Should().Throw<ArgumentException>();
    }
}
