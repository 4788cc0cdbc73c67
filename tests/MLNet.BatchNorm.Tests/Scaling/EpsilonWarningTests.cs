using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>A feature that epsilon keeps from being scaled does not go by unannounced.</summary>
public class EpsilonWarningTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _log = [];

    public EpsilonWarningTests() => _context.Log += (_, entry) => _log.Add(entry.Message);

    public static TheoryData<BatchNormOptions> Ways => [new(), new() { Momentum = null }, BatchNormOptions.PyTorch, BatchNormOptions.Keras];

    [Theory]
    [MemberData(nameof(Ways))]
    public void BatchNormalize_warns_in_report_and_log(BatchNormOptions options)
    {
        double[][] rows = [.. RandomData.Normal(1, 20_000).Select(value => new[] { value, 1e-4 * value })];
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of(_context, rows));

        transformer.Report.Warnings.Should().ContainSingle(warning => warning.Kind == ScalingWarningKind.MaterialEpsilon)
            .Which.Message.Should().MatchRegex(
                @"^Column 'Features': 1 of 2 slots \(1\) have variances so small that epsilon, (1E-05|0\.001), is a material share of what they are divided by: " +
                @"the smallest is (9(\.\d+)?E-09|1(\.\d+)?E-08), and its standard deviation comes out as 0\.00?3\d? of");
        _log.Should().Contain(message => message.Contains("Kind=Warning") && message.Contains("BatchNorm") && message.Contains("epsilon"));
    }

    [Fact]
    public void Standardize_warns_in_report_and_log()
    {
        var transformer = _context.Transforms.Standardize(Rows.Column, options: new() { Epsilon = 3 }).Fit(Rows.Of<float>(_context, [[1, 100], [3, 200]]));
        transformer.Report.Warnings.Should().ContainSingle(warning => warning.Kind == ScalingWarningKind.MaterialEpsilon)
            .Which.Message.Should().Be(
                "Column 'Features': 1 of 2 slots (0) have variances so small that epsilon, 3, is a material share of what they are divided by: the smallest is 1, " +
                "and its standard deviation comes out as 0.5 of what it should be. Set Epsilon to 0 or far below the variances, or give the features in smaller units.");
        transformer.Report.ToString().Should().Contain("Warning: Column 'Features': 1 of 2 slots (0) have variances so small");
        _log.Should().ContainSingle(message => message.Contains("Kind=Warning") && message.Contains("Standardization") && message.Contains("epsilon, 3"));
    }

    [Theory]
    // Variance 1: a deviation of 0.95 is left at epsilon = 1 / 0.95^2 - 1 = 0.10803.
    [InlineData(0.1079, false)]
    [InlineData(0.1081, true)]
    [InlineData(0, false)]
    public void The_threshold_is_a_deviation_of_95_hundredths(double epsilon, bool warns)
    {
        float[][] rows = [[-1], [1]];
        var standardization = _context.Transforms.Standardize(Rows.Column, options: new() { Epsilon = epsilon }).Fit(Rows.Of(_context, rows));
        var batchNorm = _context.Transforms.BatchNormalize(Rows.Column, options: new() { Epsilon = epsilon }).Fit(Rows.Of(_context, rows));
        standardization.Report.Warnings.Any(IsOfEpsilon).Should().Be(warns);
        batchNorm.Report.Warnings.Any(IsOfEpsilon).Should().Be(warns);
    }

    [Fact]
    public void The_estimator_of_the_variance_is_the_configured_one()
    {
        // Two values: population variance 1, sample variance 2.
        float[][] rows = [[-1], [1]];
        bool Warns(VarianceEstimator variance) =>
            _context.Transforms.Standardize(Rows.Column, options: new() { Epsilon = 0.2, VarianceEstimator = variance }).Fit(Rows.Of(_context, rows)).Report.Warnings.Any(IsOfEpsilon);
        Warns(VarianceEstimator.Population).Should().BeTrue();
        Warns(VarianceEstimator.Sample).Should().BeFalse();
    }

    [Fact]
    public void Constants_and_features_that_are_not_scaled_do_not_warn()
    {
        _context.Transforms.Standardize(Rows.Column, options: new() { Epsilon = 1 }).Fit(Rows.Of<float>(_context, [[5], [5]])).Report.Warnings
            .Should().NotContain(warning => IsOfEpsilon(warning));
        _context.Transforms.Standardize(Rows.Column, options: new() { Epsilon = 1, Scale = false }).Fit(Rows.Of<float>(_context, [[5], [6]])).Report.Warnings
            .Should().NotContain(warning => IsOfEpsilon(warning));
        _context.Transforms.BatchNormalize(Rows.Column, options: BatchNormOptions.PyTorch).Fit(Rows.Of<float>(_context, [[5], [5]])).Report.Warnings
            .Should().NotContain(warning => IsOfEpsilon(warning));
    }

    [Fact]
    public void Channels_are_called_channels()
    {
        double[][] rows = [.. Rows.Random(100, 4, seed: 1).Select(row => new[] { row[0], row[0], 1e-4 * row[0], 1e-5 * row[0] })];
        _context.Transforms.Standardize(Rows.Column, options: new() { Epsilon = 1e-5, ChannelAxis = 0 }).Fit(Rows.Of(_context, rows, null, 2, 2)).Report.Warnings
            .Should().ContainSingle(warning => IsOfEpsilon(warning)).Which.Message.Should().StartWith("Column 'Features': 1 of 2 channels (1) have");
    }

    [Fact]
    public void A_start_at_variance_1_that_outweighs_a_small_variance_is_warned_of()
    {
        // After 79 batches it weighs 0.9^79 = 0.00024, as much as the whole variance of a feature of a hundredth.
        double[][] rows = [.. RandomData.Normal(1, 20_000).Select(value => new[] { value, 0.01 * value })];
        string[] Messages(BatchNormOptions options) =>
            [.. _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(Rows.Of(_context, rows)).Report.Warnings
                .Where(warning => warning.Kind == ScalingWarningKind.FewBatches).Select(warning => warning.Message)];
        Messages(BatchNormOptions.PyTorch with { Epsilon = 0 }).Should().ContainSingle().Which
            .Should().MatchRegex(@"^Column 'Features': 1 of 2 slots \(1\) have running variances of which the start at variance 1 is up to 7\d %: they are in small units");
        Messages(new() { Epsilon = 0 }).Should().BeEmpty();
        Messages(BatchNormOptions.PyTorch with { Epsilon = 0, Epochs = 3 }).Should().BeEmpty();
    }

    private static bool IsOfEpsilon(ScalingWarning warning) => warning.Kind == ScalingWarningKind.MaterialEpsilon;
}
