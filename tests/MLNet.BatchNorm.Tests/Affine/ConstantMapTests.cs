using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Affine;

/// <summary>A scale of 0, or one that no finite value can tell from it: the shift for every finite value, NaN for all others.</summary>
public class ConstantMapTests
{
    private static readonly MLContext Context = new(seed: 1);

    [Theory]
    [InlineData(1.0)]
    [InlineData(-0.3)]
    [InlineData(0.0)]
    [InlineData(3e38)]
    public void Gamma_0_gives_beta_exactly_for_every_finite_float(double beta)
    {
        float[] fitted = [1, 2, 4, 8];
        float[] values = [0, -7, 1e36f, float.MaxValue, float.MinValue, float.Epsilon, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        float b = (float)beta;
        foreach ((string way, float[] found) in FiveWays.Run(Context, BatchNorm(beta), fitted, values))
        {
            found.Should().Equal([b, b, b, b, b, b, float.NaN, float.NaN, float.NaN], way);
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(-1e300)]
    public void Gamma_0_gives_beta_exactly_for_every_finite_double(double beta)
    {
        double[] fitted = [1, 2, 4, 8];
        double[] values = [0, 1e300, double.MaxValue, double.MinValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        foreach ((string way, double[] found) in FiveWays.Run(Context, BatchNorm(beta), fitted, values))
        {
            found.Should().Equal([beta, beta, beta, beta, double.NaN, double.NaN, double.NaN], way);
        }
    }

    [Fact]
    public void A_target_range_that_no_float_can_see_is_a_constant()
    {
        float[] fitted = [0, 1e36f];
        ITransformer Fit(IDataView data) => Context.Transforms.ScaleMinMax("X", options: new() { Minimum = 1, Maximum = 1 + 1e-12 }).Fit(data);
        float[] values = [0, 1e36f, -3e38f, 3e38f, float.NaN, float.PositiveInfinity];
        foreach ((string way, float[] found) in FiveWays.Run(Context, Fit, fitted, values))
        {
            found.Should().Equal([1, 1, 1, 1, float.NaN, float.NaN], way);
        }
    }

    [Fact]
    public void A_scale_below_the_smallest_float_still_counts_where_its_results_are_floats()
    {
        // Scale 1e-48: 1e36 gives 1e-12, which a float holds, but not beside a shift of 1.
        float[] fitted = [0, 1e36f];
        ITransformer Fit(IDataView data) => Context.Transforms.ScaleMinMax("X", options: new() { Minimum = 0, Maximum = 1e-12 }).Fit(data);
        foreach ((string way, float[] found) in FiveWays.Run(Context, Fit, fitted, [0, 1e36f, -3e38f, float.PositiveInfinity]))
        {
            found.Should().Equal([0, 1e-12f, -3e-10f, float.PositiveInfinity], (actual, expected) => actual == expected || Math.Abs((actual / expected) - 1) < 2e-7, way);
        }
    }

    [Fact]
    public void A_scale_that_double_itself_does_not_hold_is_an_error_that_names_the_column()
    {
        var data = Rows(1e-200, 1e200);
        data.Invoking(rows => Context.Transforms.ScaleMinMax("X", options: new() { Maximum = 1e-200 }).Fit(rows)).Should()
            .Throw<InvalidOperationException>().WithMessage("Column 'X': the factor * is beyond the range of double.*");
    }

    [Fact]
    public void What_is_constant_cannot_be_undone()
    {
        var transformer = Context.Transforms.ScaleMinMax("X", options: new() { Minimum = 1, Maximum = 1 + 1e-12 })
            .Fit(Context.Data.LoadFromEnumerable([new FiveWays.Scalar<float> { X = 0 }, new() { X = 1e36f }]));

        transformer.Columns[0].Scale.Should().Equal(0);
        transformer.Invoking(t => t.Inverse()).Should().Throw<InvalidOperationException>().WithMessage("*every input gives the same output*");
    }

    private static Func<IDataView, ITransformer> BatchNorm(double beta) =>
        data => Context.Transforms.BatchNormalize("X", options: new() { Gamma = 0, Beta = beta }).Fit(data);

    private static IDataView Rows(params double[] values) =>
        Context.Data.LoadFromEnumerable(values.Select(value => new FiveWays.Scalar<double> { X = value }).ToArray());
}
