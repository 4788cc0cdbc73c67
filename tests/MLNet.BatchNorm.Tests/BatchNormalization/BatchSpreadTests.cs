using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

/// <summary>The one-way analysis of variance of batches, against sums that are taken value by value.</summary>
public class BatchSpreadTests
{
    private const double NaN = double.NaN;

    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Share_and_score_follow_the_formulas_whichever_side_the_largest_deviation_is_on(int sign)
    {
        // Mean 5: SST = 40, and 2 + 8 + 2 = 12 of it within batches. Variances 12 / 3 = 4 within, 28 / 2 = 14 between, 40 / 5 = 8 of all.
        var spread = Of(2, [1, 3, 4, 8, 6, 8], sign);

        spread.ValuesPerBatch.Should().Be(2);
        spread.BetweenShare.Should().Be(1 - (4 / 8.0));
        // The largest deviation is 4, at the one end: degrees of freedom count at most 40 / 16.
        spread.Score.Should().BeApproximately(Paulson(14 / 4.0, Math.Min(2, 2.5), Math.Min(3, 2.5)), 1e-13);
    }

    [Fact]
    public void Two_batches_are_enough_and_one_has_nothing_to_compare()
    {
        double[] values = [1, 2, 3, 4, 5, 9];
        // Mean 4: SST = 40; SSW = 2 + 14. F = 24 / (16 / 4).
        var two = Of(3, values);
        two.BetweenShare.Should().BeApproximately(1 - (4 / 8.0), 1e-15);
        two.Score.Should().BeApproximately(Paulson(6, Math.Min(1, 40 / 25.0), Math.Min(4, 40 / 25.0)), 1e-13);

        Of(6, values).Should().Be(new BatchSpread(6, NaN, NaN));
    }

    [Fact]
    public void Fewer_than_three_values_beside_the_batches_means_say_nothing()
    {
        Of(2, [1, 3, 4, 8]).Should().Be(new BatchSpread(2, NaN, NaN));
    }

    [Fact]
    public void Batches_of_one_value_each_leave_nothing_within_and_no_doubt()
    {
        var spread = Of(2, [1, 1, 2, 2, 5, 5]);
        spread.BetweenShare.Should().Be(1);
        spread.Score.Should().Be(double.PositiveInfinity);
        spread.IsNotable.Should().BeTrue();
    }

    [Fact]
    public void Missing_values_count_in_no_batch()
    {
        // The first batch has two values of the first feature, the second none, and the last, which is too small for the running statistics, one.
        double[] values = [3, NaN, 7, NaN, NaN, NaN, 2, 8, 4, 6, 1, NaN, 5];
        double[][] batches = [[3, 7], [2, 8, 4], [6, 1], [5]];

        var spread = Of(3, values);

        spread.ValuesPerBatch.Should().Be(8 / 4.0);
        spread.BetweenShare.Should().BeApproximately(Share(batches), 1e-14);
    }

    [Theory]
    [InlineData(8, 200)]
    [InlineData(7, 200)]
    [InlineData(64, 200)]
    public void Any_number_of_batches_agrees_with_the_sums(int batchSize, int rowCount)
    {
        double[] values = [.. RandomData.Normal(3, rowCount).Select((value, i) => value + (i / 50))];
        double[][] batches = [.. values.Chunk(batchSize)];
        double mean = values.Average();
        double total = SquaredDeviations(values);
        double within = batches.Sum(SquaredDeviations);
        double betweenFreedom = batches.Length - 1;
        double withinFreedom = rowCount - batches.Length;
        double influential = total / values.Max(value => (value - mean) * (value - mean));

        var spread = Of(batchSize, values);

        spread.BetweenShare.Should().BeApproximately(Share(batches), 1e-12);
        spread.Score.Should().BeApproximately(
            Paulson((total - within) / betweenFreedom / (within / withinFreedom), Math.Min(betweenFreedom, influential), Math.Min(withinFreedom, influential)),
            1e-10);
    }

    [Theory]
    [InlineData(0.05, 6, false)]
    [InlineData(0.051, 5, false)]
    [InlineData(0.051, 5.1, true)]
    [InlineData(0.9, 4.9, false)]
    [InlineData(0.049, 100, false)]
    [InlineData(NaN, NaN, false)]
    public void Share_and_score_both_have_to_be_exceeded(double share, double score, bool isNotable) =>
        new BatchSpread(10, share, score).IsNotable.Should().Be(isNotable);

    private BatchSpread Of(int batchSize, double[] values, int sign = 1)
    {
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: new() { BatchSize = batchSize })
            .Fit(Rows.Of(_context, values.Select(value => new[] { sign * value }).ToArray()));
        return BatchSpread.Of(transformer.Columns[0].Running, feature: 0);
    }

    private static double SquaredDeviations(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean));
    }

    private static double Share(double[][] batches)
    {
        double[] values = [.. batches.SelectMany(batch => batch)];
        return 1 - (batches.Sum(SquaredDeviations) / (values.Length - batches.Length) / (SquaredDeviations(values) / (values.Length - 1)));
    }

    // Paulson (1942), as in the documentation.
    private static double Paulson(double ratio, double above, double below)
    {
        double a = 2 / (9 * above);
        double b = 2 / (9 * below);
        return (((1 - b) * Math.Cbrt(ratio)) - (1 - a)) / Math.Sqrt((b * Math.Pow(ratio, 2 / 3.0)) + a);
    }
}
