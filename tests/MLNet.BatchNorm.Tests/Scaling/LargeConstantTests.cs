using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

public class LargeConstantTests
{
    private static readonly MLContext Context = new(seed: 1);

    [Theory]
    [InlineData(0.1)]
    [InlineData(null)]
    public void Batch_normalization_centers_a_large_constant_exactly(double? momentum)
    {
        // DateTime.Ticks of 2024, whose neighbors are 128 apart; batches of 10.
        double[] ticks = [.. Enumerable.Repeat(638_400_000_000_000_000.0, 1000)];
        foreach ((string way, double[] found) in FiveWays.Run(Context, Fit(momentum), ticks, [ticks[0]]))
        {
            found.Should().Equal([0], way);
        }

        float[] single = [.. Enumerable.Repeat(1.7e12f, 1000)];
        foreach ((string way, float[] found) in FiveWays.Run(Context, Fit(momentum), single, [1.7e12f]))
        {
            found.Should().Equal([0], way);
        }
    }

    [Fact]
    public void Values_one_last_digit_apart_are_standardized()
    {
        double[] values = [.. Enumerable.Range(0, 1000).Select(k => 1e15 + (k % 4 / 8.0))];
        // Deviations -3, -1, 1, 3 sixteenths; sqrt(5) sixteenths their deviation.
        double[] expected = [-3 / Math.Sqrt(5), -1 / Math.Sqrt(5), 1 / Math.Sqrt(5), 3 / Math.Sqrt(5)];
        foreach ((string way, double[] found) in FiveWays.Run(Context, data => Context.Transforms.Standardize("X").Fit(data), values, values[..4]))
        {
            // The mean lies between two doubles: rounded to one, it would be off by half a last digit, 0.45 deviations.
            found.ShouldBeClose(expected, 1e-12, because: way);
        }
    }

    [Fact]
    public void A_variance_beyond_double_is_what_batch_normalization_speaks_of()
    {
        double[] values = [double.MinValue, double.MaxValue, .. Enumerable.Range(0, 20).Select(i => (double)i)];
        var data = Context.Data.LoadFromEnumerable(values.Select(value => new FiveWays.Scalar<double> { X = value }).ToArray());

        data.Invoking(Fit(0.1)).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'X': the variance of values from -1.8E+308 to 1.8E+308 is beyond the range of double.*");
    }

    [Fact]
    public void Values_whose_squares_overflow_are_refused_where_the_variance_is_wanted_and_scaled_where_it_is_not()
    {
        var data = Rows.Of<double>(Context, [[-8e307], [-4e307], [0], [4e307], [8e307]]);

        FluentActions.Invoking(() => Context.Transforms.Standardize(Rows.Column).Fit(data)).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features'*-8E+307 to 8E+307*beyond the range of double*");
        ITransformer[] scalers =
            [Context.Transforms.ScaleMinMax(Rows.Column).Fit(data), Context.Transforms.RobustScale(Rows.Column).Fit(data), Context.Transforms.ScaleMaxAbs(Rows.Column).Fit(data)];
        double[][] expected = [[0, 0.25, 0.5, 0.75, 1], [-1, -0.5, 0, 0.5, 1], [-1, -0.5, 0, 0.5, 1]];
        foreach (var (scaler, scaled) in scalers.Zip(expected))
        {
            Rows.Read<double>(scaler.Transform(data)).SelectMany(row => row).ShouldBeClose(scaled, 1e-15, floor: 1);
            FluentActions.Invoking(() => Context.Model.Save(scaler, data.Schema, Stream.Null)).Should().Throw<InvalidOperationException>()
                .WithMessage("Column 'Features', slot 0: the variance of values from -8E+307 to 8E+307 is beyond the range of double.*");
        }
    }

    [Fact]
    public void Weights_beyond_double_are_what_standardization_speaks_of()
    {
        var data = Rows.Of<double>(Context, [[1], [2], [3]], weights: [1e308, 1e308, 1e308]);

        Context.Transforms.Standardize(Rows.Column, options: new() { WeightColumnName = Rows.Weight }).Invoking(estimator => estimator.Fit(data)).Should()
            .Throw<InvalidOperationException>().WithMessage("Column 'Features', slot 0: the weights in column 'Weight' sum up to more than double can hold.*");
    }

    private static Func<IDataView, ITransformer> Fit(double? momentum) =>
        data => Context.Transforms.BatchNormalize("X", options: new() { Momentum = momentum, BatchSize = 10 }).Fit(data);
}
