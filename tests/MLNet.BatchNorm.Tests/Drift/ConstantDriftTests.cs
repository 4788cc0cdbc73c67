using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Drift;

/// <summary>What was constant has no deviation to measure by: how many values are other ones counts instead.</summary>
public class ConstantDriftTests
{
    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void One_that_stays_has_not_drifted(int count)
    {
        var feature = Measure(Enumerable.Repeat(5.0, count));
        feature.Kinds.Should().Be(DriftKinds.None);
        feature.MeanShift.Should().Be(0);
        feature.VarianceRatio.Should().Be(count > 1 ? 1 : double.NaN);
        feature.Verdict.Should().Be(count == 1000 ? DriftVerdict.Stable : DriftVerdict.TooFewValues);
    }

    [Fact]
    public void Another_constant_is_another_mean()
    {
        var feature = Measure(Enumerable.Repeat(6.0, 1000));
        feature.Kinds.Should().Be(DriftKinds.Mean);
        (feature.MeanShift, feature.VarianceRatio).Should().Be((double.PositiveInfinity, 1));
        feature.Message.Should().Be("Column 'Features', slot 0: the mean of what was constantly 5 is 6.");
        Measure(Enumerable.Repeat(4.0, 1000)).MeanShift.Should().Be(double.NegativeInfinity);
    }

    [Fact]
    public void Values_around_it_are_a_variance()
    {
        var feature = Measure(Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? 4.0 : 6));
        feature.Kinds.Should().Be(DriftKinds.Variance);
        (feature.MeanShift, feature.VarianceRatio).Should().Be((0, double.PositiveInfinity));
        feature.Message.Should().Be("Column 'Features', slot 0: what was constantly 5 has a variance of 1.");
    }

    [Fact]
    public void Normal_values_in_its_place_are_both() =>
        Measure(RandomData.Normal(3, 100, 7, 1)).Kinds.Should().Be(DriftKinds.Mean | DriftKinds.Variance);

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(5, 1, false)]
    [InlineData(1000, 1, false)]
    [InlineData(5, 2, true)]
    [InlineData(50, 2, true)] // 50 (49) / (1049 (1048)) = 0.0022
    [InlineData(100, 2, false)] // 100 (99) / (1099 (1098)) = 0.0082
    [InlineData(2, 2, true)]
    public void A_few_other_values_are_no_drift_unless_they_are_improbable(int count, int others, bool isDrift)
    {
        var feature = Measure([.. Enumerable.Repeat(5.0, count - others), .. Enumerable.Repeat(9.0, others)]);
        (feature.Kinds != DriftKinds.None).Should().Be(isDrift);
        feature.MeanShift.Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void A_mean_within_rounding_errors_is_the_same()
    {
        Measure(Enumerable.Repeat(5 * (1 + 5e-14), 1000)).Verdict.Should().Be(DriftVerdict.Stable);
        Measure(Enumerable.Repeat(5 * (1 - 5e-14), 1000)).MeanShift.Should().Be(0);
        Measure(Enumerable.Repeat(5 * (1 + 2e-13), 1000)).Kinds.Should().Be(DriftKinds.Mean);
    }

    [Fact]
    public void A_zero_that_stays_has_not_drifted_either()
    {
        double[][] zeros = [.. Enumerable.Repeat(new[] { 0.0 }, 1000)];
        var feature = _context.Transforms.BatchNormalize(Rows.Column).Fit(Rows.Of(_context, zeros)).MeasureDrift(Rows.Of(_context, zeros)).Features[0];
        (feature.MeanShift, feature.VarianceRatio, feature.Verdict).Should().Be((0, 1, DriftVerdict.Stable));
    }

    [Theory]
    [InlineData(148, true)] // of the values then, 147 agreed with the first; one of the 11,026 pairs of 149 values: 9.07e-5
    [InlineData(147, false)] // 9.19e-5
    public void The_first_value_then_says_what_the_constant_is_and_counts_no_further(int countThen, bool isDrift)
    {
        // exp(-4.15^2 / 2) / 2 = 9.11e-5.
        var feature = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, Enumerable.Repeat(new[] { 5.0 }, countThen).ToArray()))
            .MeasureDrift(Rows.Of<double>(_context, [[6], [6]]), new() { StandardErrors = 4.15 }).Features[0];
        feature.Kinds.Should().Be(isDrift ? DriftKinds.Mean : DriftKinds.None);
    }

    [Fact]
    public void Two_equal_values_make_no_constant_to_hold_others_against()
    {
        // The first says which, and only the second agrees with it.
        var transformer = _context.Transforms.BatchNormalize(Rows.Column).Fit(Rows.Of<double>(_context, [[5], [5]]));
        var feature = transformer.MeasureDrift(Rows.Of<double>(_context, [[6], [7], [8]])).Features[0];
        feature.Verdict.Should().Be(DriftVerdict.TooFewValues);
    }

    private FeatureDrift Measure(IEnumerable<double> values)
    {
        var transformer = _context.Transforms.BatchNormalize(Rows.Column).Fit(Rows.Of(_context, Enumerable.Repeat(new[] { 5.0 }, 1000).ToArray()));
        return transformer.MeasureDrift(Rows.Of(_context, values.Select(value => new[] { value }).ToArray())).Features.Single();
    }
}
