using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>What is done to all features at once gives the bits that one feature at a time gives.</summary>
public class MomentTableTests
{
    private static readonly WeightedMoments[] Samples =
    [
        default,
        new(1, 1, 1e6, 0, 0),
        new(10, 10, -3, 0.123456789, 17.25),
        new(7, 3.5, 1e6, -0.7, 1e-3),
        new(512, 512, 0.1, 1.0 / 3, 99.9),
        new(3, 3, 1e200, 0, double.PositiveInfinity),
        new(2, 2, -1e200, 0, 1),
    ];

    [Fact]
    public void Tables_combine_as_features_do()
    {
        int count = Samples.Length * Samples.Length;
        var table = new MomentTable(count);
        var other = new MomentTable(count);
        var expected = new WeightedMoments[count];
        for (int i = 0; i < count; i++)
        {
            (table[i], other[i]) = (Samples[i / Samples.Length], Samples[i % Samples.Length]);
            expected[i] = WeightedMoments.Combine(table[i], other[i]);
        }

        table.Add(other);

        for (int i = 0; i < count; i++)
        {
            table[i].Should().Be(expected[i], "that is {0} and {1}", Samples[i / Samples.Length], Samples[i % Samples.Length]);
        }
    }

    [Fact]
    public void Values_too_far_apart_have_an_infinite_variance_whatever_they_weigh()
    {
        var light = new WeightedMoments(1, 1e-300, 1.7e308, 0, 0);
        var heavy = new WeightedMoments(1, 1e300, -1.7e308, 0, 0);

        WeightedMoments.Combine(heavy, light).SquaredDeviations.Should().Be(double.PositiveInfinity);
        WeightedMoments.Combine(light, heavy).SquaredDeviations.Should().Be(double.PositiveInfinity);
        WeightedMoments.FromShiftedSums(0, 0, 5, 0, 0).Should().Be(default(WeightedMoments));
        default(WeightedMoments).PopulationVariance.Should().Be(double.NaN);
    }

    [Fact]
    public void Shifted_sums_become_moments_as_those_of_one_feature_do()
    {
        double[] count = [4, 0, 1, 3, 2, 5, 0, 0];
        double[] weight = [4, 0, 1, 1.5, 2, 5, 0, 0];
        double[] shift = [1e6, 7, 3, -2, 1e200, 0.1, 0, 0];
        double[] sum = [0.1, 0, 0, 5, double.PositiveInfinity, 1, 0, 0];
        double[] squareSum = [0.0025, 0, 0, 20, double.PositiveInfinity, 0.19999999, 0, 0];
        var table = new MomentTable(6) { [5] = Samples[2] };
        WeightedMoments[] expected = [.. Enumerable.Range(0, 6).Select(i => WeightedMoments.Combine(
            table[i], WeightedMoments.FromShiftedSums(count[i], weight[i], shift[i], sum[i], squareSum[i])))];

        table.AddShiftedSums(count, weight, shift, sum, squareSum);

        Enumerable.Range(0, 6).Select(i => table[i]).Should().Equal(expected);
    }

    [Theory]
    [InlineData(null, RunningStart.Debiased, VarianceEstimator.Population)]
    [InlineData(0.1, RunningStart.Debiased, VarianceEstimator.Sample)]
    [InlineData(0.1, RunningStart.FirstBatch, VarianceEstimator.Population)]
    [InlineData(0.25, RunningStart.ZeroOne, VarianceEstimator.Sample)]
    public void Running_statistics_of_many_features_are_those_of_each(double? momentum, RunningStart start, VarianceEstimator variance)
    {
        const int Width = 7;
        var together = new RunningMoments(Width, momentum, variance, start);
        RunningMoments[] apart = [.. Enumerable.Range(0, Width).Select(_ => new RunningMoments(1, momentum, variance, start))];
        for (int batch = 0; batch < 4; batch++)
        {
            double[] rows = RandomData.Normal(batch, Width * 5, 100);
            rows.AsSpan(0, Width * 4).Fill(double.NaN);
            rows[Width * batch] = 3; // feature 0 alone has two values
            rows[(Width * 4) + 6] = batch == 2 ? double.NaN : 1; // feature 6 has none in one batch
            Update(together, rows, Width);
            for (int feature = 0; feature < Width; feature++)
            {
                Update(apart[feature], [.. rows.Where((_, i) => i % Width == feature)], 1);
            }
        }

        together.Mean.Should().Equal(apart.Select(one => one.Mean[0]));
        together.Variance.Should().Equal(apart.Select(one => one.Variance[0]));
        together.UpdateCount.Should().Equal(apart.Select(one => one.UpdateCount[0]));
        together.UpdateCount[0].Should().Be(4);
        together.UpdateCount[1].Should().Be(0);
    }

    private static void Update(RunningMoments running, double[] rows, int width)
    {
        var batch = new FeatureMoments(width);
        batch.AddRows<double>(rows, rows.Length / width);
        var totals = batch.EndBlock();
        running.Update(totals, new double[totals.Count.Length], new double[totals.Count.Length]);
    }
}
