using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics.Quantiles;

public class WeightedValuesTests
{
    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 0)]
    [InlineData(3, 0.99)]
    [InlineData(16, 0.3)]
    [InlineData(17, 0.7)]
    [InlineData(250, 0.123)]
    public void Values_are_taken_where_the_running_weight_passes_multiples_of_the_step(int count, double place)
    {
        var random = new Random(count);
        double[] values = RandomData.Normal(count, count);
        // Eighths: their sums are exact.
        double[] weights = [.. values.Select(_ => random.Next(1, 40) / 8.0)];
        WeightedValues weighted = Of(values, weights);

        (double[] taken, int exponent) = weighted.TakeEvenly(place);

        double step = Math.Pow(2, exponent);
        double sum = weights.Sum();
        int most = Math.Max(1, count / 2);
        step.Should().BeGreaterThan(sum / most).And.BeLessThanOrEqualTo(2 * sum / most, "it is the next power of two");
        int[] order = [.. Enumerable.Range(0, count).OrderBy(i => values[i])];
        var expected = new List<double>();
        for (int k = 0; (k + place) * step < sum; k++)
        {
            double passed = 0;
            expected.Add(values[order.First(i => (passed += weights[i]) > (k + place) * step)]);
        }
        taken.Should().Equal(expected);
        taken.Length.Should().BeLessThanOrEqualTo(most);
        weighted.Count.Should().Be(0);
    }

    [Fact]
    public void A_heavy_value_stands_for_itself_more_than_once()
    {
        WeightedValues weighted = Of([3, 1, 2, 4], [10, 1, 1, 0.5]);

        // 12.5 over 2 values: a step of 8, at 4 and 12 in the order 1, 2, 3, 4 with sums 1, 2, 12, 12.5.
        (double[] taken, int exponent) = weighted.TakeEvenly(0.5);

        exponent.Should().Be(3);
        taken.Should().Equal(3, 4);
    }

    [Fact]
    public void Weights_whose_sum_is_no_double_are_refused()
    {
        WeightedValues weighted = Of([1, 2], [1.7e308, 1.7e308]);

        FluentActions.Invoking(() => weighted.TakeEvenly(0.5)).Should().Throw<InvalidOperationException>()
            .WithMessage("The sum of the weights is beyond the range of double. Divide the weights by a constant first.");
    }

    private static WeightedValues Of(double[] values, double[] weights)
    {
        var weighted = new WeightedValues();
        for (int i = 0; i < values.Length; i++)
        {
            weighted.Add(values[i], weights[i]);
        }
        return weighted;
    }
}
