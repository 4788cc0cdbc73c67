using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

public class FeatureMomentsTests
{
    // The lesson's table: age, salary, height, weight.
    private static readonly float[] People =
    [
        25, 35000, 170, 65,
        30, 50000, 175, 72,
        28, 42000, 168, 60,
        35, 65000, 180, 78,
    ];

    [Fact]
    public void Moments_of_four_people_are_those_computed_by_hand()
    {
        var moments = new FeatureMoments(4);
        moments.AddRows<float>(People, 4);

        moments.RowCount.Should().Be(4);
        moments.Count.Should().Equal(4, 4, 4, 4);
        moments.WeightSum.Should().Equal(4, 4, 4, 4);
        moments.Mean.Should().Equal(29.5, 48000, 173.25, 68.75);
        moments.PopulationVariance.Should().Equal(13.25, 124500000, 21.6875, 46.6875);
        moments.SampleVariance.ShouldBeClose([53.0 / 3, 498000000.0 / 3, 86.75 / 3, 186.75 / 3], 1e-15, because: "one division");
        moments.Minimum.Should().Equal(25, 35000, 168, 60);
        moments.Maximum.Should().Equal(35, 65000, 180, 78);
    }

    [Fact]
    public void Without_rows_everything_is_NaN_or_zero()
    {
        var moments = new FeatureMoments(2);

        moments.RowCount.Should().Be(0);
        moments.Count.Should().Equal(0, 0);
        moments.WeightSum.Should().Equal(0, 0);
        moments.Mean.ShouldBeClose([double.NaN, double.NaN], 0);
        moments.PopulationVariance.ShouldBeClose([double.NaN, double.NaN], 0);
        moments.SampleVariance.ShouldBeClose([double.NaN, double.NaN], 0);
        moments.Minimum.ShouldBeClose([double.NaN, double.NaN], 0);
        moments.Maximum.ShouldBeClose([double.NaN, double.NaN], 0);
        moments.FirstInfinity.Should().BeNull();
    }

    [Fact]
    public void One_row_has_population_variance_zero_and_no_sample_variance()
    {
        var moments = new FeatureMoments(1);
        moments.Add<double>([3]);

        moments.PopulationVariance[0].Should().Be(0);
        moments.SampleVariance[0].Should().Be(double.NaN);
    }

    [Fact]
    public void Missing_values_are_left_out_each_of_its_own_feature()
    {
        var moments = new FeatureMoments(2);
        moments.AddRows<float>([1, float.NaN, float.NaN, 20, 3, 40], 3);

        moments.Count.Should().Equal(2, 2);
        moments.MissingCount.Should().Equal(1, 1);
        moments.Mean.Should().Equal(2, 30);
        moments.PopulationVariance.Should().Equal(1, 100);
        moments.Minimum.Should().Equal(1, 20);
        moments.Maximum.Should().Equal(3, 40);
    }

    [Fact]
    public void A_feature_that_is_always_missing_has_no_moments()
    {
        var moments = new FeatureMoments(2);
        moments.AddRows<double>([double.NaN, 1, double.NaN, 3], 2);

        moments.Count.Should().Equal(0, 2);
        moments.MissingCount.Should().Equal(2, 0);
        moments.Mean.ShouldBeClose([double.NaN, 2], 0);
        moments.Minimum.ShouldBeClose([double.NaN, 1], 0);
    }

    [Fact]
    public void Infinities_are_left_out_counted_and_the_first_is_named()
    {
        var moments = new FeatureMoments(6);
        moments.Add<double>([1, 2, 3, 4, 5, 6]);
        moments.AddRows<double>(
            [
                1, 2, 3, 4, 5, double.NegativeInfinity,
                double.PositiveInfinity, 2, 3, 4, 5, 6,
            ],
            2);

        moments.InfiniteCount.Should().Equal(1, 0, 0, 0, 0, 1);
        moments.MissingCount.Should().Equal(0, 0, 0, 0, 0, 0);
        moments.Count.Should().Equal(2, 3, 3, 3, 3, 2);
        moments.Maximum[0].Should().Be(1);
        moments.Minimum[5].Should().Be(6);
        moments.FirstInfinity.Should().Be(new ValueLocation(1, 5));
    }

    // However many infinities there are in one call, and wherever lines of several rows, vectors and blocks begin.
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    [InlineData(2, 3)]
    [InlineData(16, 0)]
    [InlineData(16, 1)]
    public void Two_infinities_are_as_many_as_they_are_and_not_none(int width, int rowsBefore)
    {
        foreach ((int first, int second) in ((int, int)[])[(0, width - 1), (0, width * 10), ((width * 9) + (width / 2), (width * 23) - 1)])
        {
            double[] rows = new double[width * 24];
            rows[first] = double.PositiveInfinity;
            rows[second] = double.NegativeInfinity;
            var moments = new FeatureMoments(width);
            moments.AddRows<double>(new double[width * rowsBefore], rowsBefore);
            moments.AddRows<double>(rows, 24);

            moments.FirstInfinity.Should().Be(new ValueLocation(rowsBefore + (first / width), first % width));
            moments.InfiniteCount.Sum().Should().Be(first == second ? 1 : 2);
        }
    }

    // Widths around every multiple of a vector, and one beyond a cache tile; row counts around a block.
    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_width_agrees_with_plain_two_pass_sums(int width, int rowCount)
    {
        double[] values = RandomData.Normal(width, width * rowCount, 3, 2);
        values[(width * 2) - 1] = double.NaN;
        values[width / 2] = double.NegativeInfinity;
        var moments = new FeatureMoments(width);

        moments.AddRows<double>(values, rowCount);

        for (int feature = 0; feature < width; feature++)
        {
            double[] column = [.. Enumerable.Range(0, rowCount).Select(row => values[(row * width) + feature]).Where(double.IsFinite)];
            double mean = column.Average();
            moments.Count[feature].Should().Be(column.Length);
            moments.Mean[feature].Should().BeApproximately(mean, 1e-13, "the means are near 3, sums of {0} values", rowCount);
            moments.PopulationVariance[feature].Should().BeApproximately(column.Average(x => (x - mean) * (x - mean)), 1e-12);
            moments.Minimum[feature].Should().Be(column.Min());
            moments.Maximum[feature].Should().Be(column.Max());
        }

        moments.MissingCount.Sum().Should().Be(1);
        moments.InfiniteCount.Sum().Should().Be(1);
        moments.FirstInfinity.Should().Be(new ValueLocation(0, width / 2));
    }

    public static TheoryData<int, int> Widths()
    {
        var data = new TheoryData<int, int>();
        for (int width = 1; width <= 33; width++)
        {
            data.Add(width, 40);
        }

        data.Add(3, 511);
        data.Add(3, 512);
        data.Add(3, 513);
        data.Add(5, 1100);
        data.Add(4096, 40);
        return data;
    }

    [Fact]
    public void Snapshots_do_not_change_when_rows_are_added()
    {
        var moments = new FeatureMoments(1);
        moments.Add<double>([1]);
        var before = moments.Mean;
        moments.Add<double>([3]);

        before[0].Should().Be(1);
        moments.Mean[0].Should().Be(2);
    }

    [Fact]
    public void A_clone_goes_its_own_way()
    {
        var moments = new FeatureMoments(1);
        moments.Add<double>([1]);
        moments.AddSparse<double>([3], [0]);
        FeatureMoments clone = moments.Clone();
        clone.Add<double>([8]);
        clone.AddSparse<double>([], []);

        moments.Mean[0].Should().Be(2);
        moments.RowCount.Should().Be(2);
        clone.Mean[0].Should().Be(3);
        clone.RowCount.Should().Be(4);
    }

    [Fact]
    public void Wrong_shapes_are_refused_with_what_was_expected_and_found()
    {
        var moments = new FeatureMoments(3);

        FluentActions.Invoking(() => new FeatureMoments(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => moments.Add<double>([1, 2])).Should().Throw<ArgumentException>()
            .WithMessage("Expected 1 row(s) of 3 feature(s), 3 values in all, and found 2 values.*");
        FluentActions.Invoking(() => moments.AddRows<float>([1, 2, 3, 4], 1)).Should().Throw<ArgumentException>().WithMessage("*found 4 values.*");
        FluentActions.Invoking(() => moments.AddRows<float>([], -1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => moments.IsConstant(3)).Should().Throw<ArgumentOutOfRangeException>();
        moments.RowCount.Should().Be(0);
    }
}
