using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics.Quantiles;

public class SortedValuesTests
{
    private static readonly double[] Probabilities = [0, 0.01, 0.1, 0.125, 0.25, 0.3, 0.5, 0.625, 0.75, 0.9, 0.99, 1];

    // Quarters, whose sums are exact, and small ones beside large ones: a unit of weight may lie within one value, in two, or in many.
    [Theory]
    [InlineData(1, 1, 4)]
    [InlineData(2, 1, 4)]
    [InlineData(3, 1, 8)]
    [InlineData(10, 1, 5)]
    [InlineData(40, 1, 3)]
    [InlineData(40, 1, 30)]
    [InlineData(40, 4, 9)]
    public void A_weighted_quantile_is_the_average_over_one_unit(int count, int least, int most)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            double[] values = [.. RandomData.Normal(seed, count).Order()];
            double[] weights = [.. values.Select(_ => random.Next(least, most) / 4.0)];
            SortedValues sorted = Of(values, weights, out double unit);
            double total = weights.Sum();
            foreach (double probability in Probabilities)
            {
                double start = probability * (total - unit);
                double expected = Integral(values, weights, start, start + unit) / unit;

                sorted.Quantile(probability).Should().BeApproximately(expected, 1e-12, "of {0} at {1}", string.Join(' ', weights), probability);
            }
            sorted.Median().Should().BeApproximately(Integral(values, weights, (total - unit) / 2, (total + unit) / 2) / unit, 1e-12);
        }
    }

    [Fact]
    public void Without_weights_a_quantile_lies_between_its_neighbours()
    {
        for (int count = 1; count < 12; count++)
        {
            double[] values = [.. RandomData.Normal(count, count).Order()];
            var sorted = new SortedValues(values, null, 1);
            foreach (double probability in Probabilities)
            {
                double place = probability * (count - 1);
                int below = (int)place;
                double above = values[Math.Min(below + 1, count - 1)];
                sorted.Quantile(probability).Should().BeApproximately(values[below] + ((place - below) * (above - values[below])), 1e-14);
            }
            sorted.Median().Should().Be(count % 2 == 1 ? values[count / 2] : (values[(count / 2) - 1] + values[count / 2]) / 2);
        }
    }

    // Where half of the weight ends with a value, and the half unit beyond it lies in the next: exactly, or with something to spare.
    [Theory]
    [InlineData(0.5, 0.5, 0.5, 0.5)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 1, 0.5, 1.5)]
    [InlineData(2, 2, 0.5, 3.5)]
    [InlineData(1, 2, 2, 1)]
    public void The_median_of_two_in_the_middle_is_their_plain_average(double first, double second, double third, double fourth)
    {
        double[] weights = [first, second, third, fourth];
        for (int seed = 0; seed < 50; seed++)
        {
            double[] values = [.. RandomData.Normal(seed, 4).Order()];

            Of(values, weights, out _).Median().Should().Be((values[1] + values[2]) / 2);
        }
    }

    [Fact]
    public void Where_the_unit_goes_beyond_the_two_in_the_middle_the_median_is_its_average()
    {
        // Sums 2, 2.25, 4: the average from 1.5 to 2.5 is half a 1, a quarter of a 2 and a quarter of a 10.
        Of([1, 2, 10], [2, 0.25, 1.75], out _).Median().Should().Be(3.5);
    }

    [Fact]
    public void Neighbours_may_be_as_far_apart_as_doubles_are()
    {
        var sorted = new SortedValues([-1.6e308, 1.6e308], null, 1);

        sorted.Quantile(0.5).Should().Be(0);
        sorted.Quantile(0.25).Should().BeApproximately(-0.8e308, 1e293);
        sorted.Quantile(0.75).Should().BeApproximately(0.8e308, 1e293);
        sorted.Median().Should().Be(0);
        sorted.Quantile(0).Should().Be(-1.6e308);
        sorted.Quantile(1).Should().Be(1.6e308);
        new SortedValues([1.6e308, 1.6e308], null, 1).Median().Should().Be(1.6e308);
        new SortedValues([double.Epsilon, double.Epsilon], null, 1).Median().Should().Be(double.Epsilon);
    }

    [Fact]
    public void Shares_are_those_of_the_weight()
    {
        SortedValues sorted = Of([1, 2, 2, 5], [1, 0.5, 0.5, 2], out _);

        sorted.ShareUpTo(2, isIncluded: true).Should().Be(0.5);
        sorted.ShareUpTo(2, isIncluded: false).Should().Be(0.25);
        sorted.ShareUpTo(0, isIncluded: true).Should().Be(0);
        sorted.ShareUpTo(5, isIncluded: true).Should().Be(1);
        sorted.ShareOfFirst(0).Should().Be(0);
        sorted.ShareOfFirst(3).Should().Be(0.5);
        new SortedValues([3, 4, 5, 6], null, 1).ShareOfFirst(1).Should().Be(0.25);
        new SortedValues([], null, 1).Quantile(0.5).Should().Be(double.NaN);
    }

    private static SortedValues Of(double[] values, double[] weights, out double unit)
    {
        double sum = 0;
        double[] sums = [.. weights.Select(weight => sum += weight)];
        unit = Math.Min(1, sum / weights.Length);
        return new SortedValues(values, sums, unit);
    }

    // Each value over the stretch of its own weight.
    private static double Integral(double[] values, double[] weights, double from, double to)
    {
        double integral = 0;
        double begin = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double end = begin + weights[i];
            integral += values[i] * Math.Max(0, Math.Min(end, to) - Math.Max(begin, from));
            begin = end;
        }
        return integral;
    }
}
