using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Affine;

/// <summary>Columns as wide as their type: the result is right wherever it is finite, on every way to it.</summary>
public class ExtremeRangeTests
{
    private static readonly MLContext Context = new(seed: 1);

    public static TheoryData<int> Widths => [0, 1, 3];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Floats_that_span_more_than_a_float_are_scaled_to_their_range(int width)
    {
        float[] values = Repeat([-2e38f, 0, 2e38f, float.NaN], width);
        Check(Repeat([0, 0.5f, 1, float.NaN], width), FiveWays.Run(Context, MinMax(new()), values, values, width), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Floats_that_span_more_than_a_float_are_standardized(int width)
    {
        float[] values = Repeat([-2e38f, 0, 2e38f], width);
        float[] expected = Repeat([-1.2247449f, 0, 1.2247449f], width);
        Check(expected, FiveWays.Run(Context, data => Context.Transforms.Standardize("X").Fit(data), values, values, width), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Floats_that_span_more_than_a_float_are_scaled_by_quantiles_and_by_magnitude(int width)
    {
        float[] values = Repeat([-2e38f, 0, 2e38f, float.NaN], width);
        // The quantiles are the ends: 4e38 apart, which float does not hold.
        Check(
            Repeat([-0.5f, 0, 0.5f, float.NaN], width),
            FiveWays.Run(Context, data => Context.Transforms.RobustScale("X", options: new() { LowerQuantile = 0, UpperQuantile = 1 }).Fit(data), values, values, width), 1e-6);
        Check(Repeat([-1f, 0, 1, float.NaN], width), FiveWays.Run(Context, data => Context.Transforms.ScaleMaxAbs("X").Fit(data), values, values, width), 1e-6);
    }

    [Fact]
    public void A_sentinel_at_the_end_of_float_stays_finite()
    {
        float[] values = [float.MinValue, 1, 2, 3, float.MaxValue];
        // Mean (1 + 2 + 3) / 5, deviation sqrt(2 / 5) of the largest float.
        Check(
            [-1.5811388f, 0, 0, 0, 1.5811388f],
            FiveWays.Run(Context, data => Context.Transforms.Standardize("X").Fit(data), values, values), 1e-6);
    }

    [Theory]
    [InlineData(1e10, 1.2247449e10f)]
    [InlineData(1e38, 1.2247449e38f)]
    [InlineData(1e-30, 1.2247449e-30f)]
    public void Batch_normalization_takes_large_and_small_gammas_of_wide_floats(double gamma, float expected)
    {
        float[] values = [-2e38f, 0, 2e38f];
        Check([-expected, 0, expected], FiveWays.Run(Context, BatchNorm(new() { Gamma = gamma }), values, values), 1e-6);
    }

    [Fact]
    public void A_value_far_from_a_large_mean_of_small_spread_is_finite()
    {
        // Mean 1e35, deviation 1e30: the lowest float is -3.403823e38 away, which float does not hold, and 3.403823e8 deviations, which it does.
        float[] fitted = [1e35f - 1e30f, 1e35f + 1e30f];
        float deviation = (fitted[1] - fitted[0]) / 2;
        float expected = (float)((float.MinValue - (((double)fitted[0] + fitted[1]) / 2)) / deviation);
        Check(
            [expected, -1, 1],
            FiveWays.Run(Context, data => Context.Transforms.Standardize("X").Fit(data), fitted, [float.MinValue, fitted[0], fitted[1]]), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Doubles_that_span_almost_all_of_double_are_scaled_to_their_range(int width)
    {
        // A fitted range of more than 1e154 cannot be saved: its squares overflow, and the moments say so.
        double[] values = Repeat([-8e307, 0, 8e307, double.NaN], width);
        Check(
            Repeat([0, 0.5, 1, double.NaN], width),
            FiveWays.Run(Context, MinMax(new() { DataMinimum = -8e307, DataMaximum = 8e307 }), values, values, width), 1e-15);
    }

    [Fact]
    public void A_double_at_the_other_end_is_finite_where_its_result_is()
    {
        // 2.6e308 away, which double does not hold.
        double[] values = [-1.6e308, 1e308, 1.5e308];
        Check([-5.2, 0, 1], FiveWays.Run(Context, MinMax(new() { DataMinimum = 1e308, DataMaximum = 1.5e308 }), values, values), 1e-15);
    }

    [Fact]
    public void Gamma_may_make_a_scale_that_no_float_holds()
    {
        float[] values = [1, 2, 3];
        // Deviation 0.8165, gamma 3e38: the scale is 3.67e38.
        Check([0, 3.6742346e37f], FiveWays.Run(Context, BatchNorm(new() { Gamma = 3e38, Epsilon = 0 }), values, [2, 2.1f]), 1e-5);
    }

    [Fact]
    public void The_inverse_of_a_wide_map_is_right_too()
    {
        float[] values = [-2e38f, 0, 2e38f];
        ITransformer Fit(IDataView data) => ((AffineTransformer)Context.Transforms.Standardize("X").Fit(data)).Inverse();
        Check([-1.6329932e38f, 0, 2e38f], FiveWays.Run(Context, Fit, values, [-1, 0, 1.2247449f]), 1e-6);
    }

    [Fact]
    public void Infinity_stays_infinite_and_missing_values_missing()
    {
        float[] values = [-2e38f, 0, 2e38f];
        Check(
            [float.NegativeInfinity, float.PositiveInfinity, float.NaN],
            FiveWays.Run(Context, MinMax(new()), values, [float.NegativeInfinity, float.PositiveInfinity, float.NaN]), 0);
        Check([0, 1], FiveWays.Run(Context, MinMax(new() { Clip = true }), values, [float.NegativeInfinity, float.PositiveInfinity]), 0);
    }

    [Fact]
    public void A_map_that_its_type_cannot_hold_is_refused_by_the_fit_and_the_column_named()
    {
        var data = Context.Data.LoadFromEnumerable([new FiveWays.Scalar<float> { X = 1 }, new() { X = 2 }]);

        data.Invoking(BatchNorm(new() { Beta = 1e39 })).Should().Throw<InvalidOperationException>().WithMessage("Column 'X', slot 0: the map * is beyond the range of Single.*");
    }

    private static Func<IDataView, ITransformer> MinMax(MinMaxScalingOptions options) => data => Context.Transforms.ScaleMinMax("X", options: options).Fit(data);

    private static Func<IDataView, ITransformer> BatchNorm(BatchNormOptions options) =>
        data => Context.Transforms.BatchNormalize("X", options: options).Fit(data);

    /// <summary>Every value in all slots of a row.</summary>
    private static T[] Repeat<T>(T[] values, int width) => [.. values.SelectMany(value => Enumerable.Repeat(value, Math.Max(1, width)))];

    private static void Check<T>(T[] expected, Dictionary<string, T[]> ways, double tolerance)
        where T : unmanaged, IConvertible
    {
        foreach ((string way, T[] found) in ways)
        {
            found.Select(value => value.ToDouble(null)).ShouldBeClose(expected.Select(value => value.ToDouble(null)), tolerance, floor: 1e-30, because: way);
        }
    }
}
