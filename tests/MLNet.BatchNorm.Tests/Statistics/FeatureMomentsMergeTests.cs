using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

public class FeatureMomentsMergeTests
{
    private const int FeatureCount = 5;
    private const int RowCount = 1300;

    private static readonly double[] Values = MakeValues();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(RowCount)]
    [InlineData(RowCount + 42)]
    public void Adding_in_chunks_gives_the_same_bits_as_adding_at_once(int chunkSize)
    {
        FeatureMoments whole = Measure(0, RowCount);
        var chunks = new FeatureMoments(FeatureCount);
        for (int row = 0; row < RowCount; row += chunkSize)
        {
            int count = Math.Min(chunkSize, RowCount - row);
            chunks.AddRows(Values.AsSpan(row * FeatureCount, count * FeatureCount).ToArray().AsSpan(), count);
        }

        AssertSame(chunks, whole, 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(RowCount)]
    public void Chunks_merged_in_any_order_give_the_whole(int chunkSize)
    {
        FeatureMoments whole = Measure(0, RowCount);
        FeatureMoments[] parts =
            [.. Enumerable.Range(0, (RowCount + chunkSize - 1) / chunkSize).Select(i => Measure(i * chunkSize, Math.Min(RowCount, (i + 1) * chunkSize)))];
        FeatureMoments forward = Merge(parts);
        FeatureMoments backward = Merge(parts.Reverse());
        new Random(1).Shuffle(parts);
        FeatureMoments shuffled = Merge(parts);

        // The features differ by 1e8 times their deviation; a rounding of the mean is 1e-8 of a deviation.
        AssertSame(forward, whole, 1e-12);
        AssertSame(backward, whole, 1e-12);
        AssertSame(shuffled, whole, 1e-12);
    }

    [Fact]
    public void Merging_is_associative_to_rounding()
    {
        FeatureMoments leftFirst = Merge([Merge([Measure(0, 100), Measure(100, 700)]), Measure(700, RowCount)]);
        FeatureMoments rightFirst = Merge([Measure(0, 100), Merge([Measure(100, 700), Measure(700, RowCount)])]);

        AssertSame(leftFirst, rightFirst, 1e-12);
    }

    [Fact]
    public void Empty_moments_change_nothing_on_either_side()
    {
        FeatureMoments whole = Measure(0, RowCount);
        FeatureMoments into = Merge([new FeatureMoments(FeatureCount), whole]);
        FeatureMoments from = Merge([whole, new FeatureMoments(FeatureCount)]);

        AssertSame(into, whole, 0);
        AssertSame(from, whole, 0);
    }

    [Fact]
    public void Merging_with_itself_doubles_the_weight()
    {
        FeatureMoments twice = Measure(0, 700);
        twice.Merge(twice);

        twice.RowCount.Should().Be(1400);
        twice.Mean.ShouldBeClose(Measure(0, 700).Mean, 1e-15);
        twice.PopulationVariance.ShouldBeClose(Measure(0, 700).PopulationVariance, 1e-14);
    }

    [Fact]
    public void The_other_side_is_left_as_it_was()
    {
        FeatureMoments other = Measure(0, 100);
        Measure(100, 200).Merge(other);

        AssertSame(other, Measure(0, 100), 0);
    }

    [Fact]
    public void The_first_infinity_of_the_second_part_counts_from_the_end_of_the_first()
    {
        var first = new FeatureMoments(2);
        first.AddRows<double>([1, 2, 3, 4], 2);
        var second = new FeatureMoments(2);
        second.AddRows<double>([1, 2, 3, double.PositiveInfinity], 2);
        first.Merge(second);

        first.FirstInfinity.Should().Be(new ValueLocation(3, 1));
    }

    [Fact]
    public void Other_features_are_refused()
    {
        FluentActions.Invoking(() => new FeatureMoments(2).Merge(new FeatureMoments(3))).Should().Throw<ArgumentException>()
            .WithMessage("Expected moments of 2 feature(s), as here, and found 3.*");
    }

    [Fact]
    public void Channels_take_the_values_of_all_their_pixels_together()
    {
        // Two rows of [2 channels, 3 pixels].
        var pixels = new FeatureMoments(6);
        pixels.AddRows<float>([1, 2, 3, 10, 20, 30, 4, 5, 6, 40, float.NaN, 60], 2);

        FeatureMoments channels = pixels.CollapseToChannels([2, 3], 0);

        channels.FeatureCount.Should().Be(2);
        channels.RowCount.Should().Be(2);
        channels.Count.Should().Equal(6, 5);
        channels.MissingCount.Should().Equal(0, 1);
        channels.Mean.Should().Equal(3.5, 32);
        channels.PopulationVariance.ShouldBeClose([17.5 / 6, 1480.0 / 5], 1e-14);
        channels.Minimum.Should().Equal(1, 10);
        channels.Maximum.Should().Equal(6, 60);
    }

    [Fact]
    public void The_channel_axis_may_be_the_last()
    {
        var pixels = new FeatureMoments(6);
        pixels.Add<double>([1, 10, 2, 20, 3, 30]);
        pixels.AddSparse<double>([60, double.PositiveInfinity], [3, 5]);

        FeatureMoments channels = pixels.CollapseToChannels([3, 2], 1);

        channels.Count.Should().Equal(6, 5);
        channels.Mean.Should().Equal(1, 24);
        channels.Minimum.Should().Equal(0, 0);
        channels.Maximum.Should().Equal(3, 60);
        channels.FirstInfinity.Should().Be(new ValueLocation(1, 1));
    }

    [Fact]
    public void The_first_infinity_of_channels_on_an_axis_in_the_middle_names_the_channel()
    {
        // [2, 3 channels, 2]: feature 9 is at 1, 1, 1.
        var pixels = new FeatureMoments(12);
        double[] row = new double[12];
        row[9] = double.PositiveInfinity;
        pixels.Add<double>(row);

        pixels.CollapseToChannels([2, 3, 2], 1).FirstInfinity.Should().Be(new ValueLocation(0, 1));
    }

    // Of nine features a block that has ended is merged in vectors, and one under way feature by feature.
    [Theory]
    [InlineData(512)]
    [InlineData(511)]
    public void What_was_left_out_is_counted_of_both_sides(int rowCount)
    {
        var first = new FeatureMoments(9);
        first.Add<double>([1, double.NaN, 3, 4, 5, 6, 7, double.PositiveInfinity, 9]);
        var second = new FeatureMoments(9);
        double[] rows = new double[9 * rowCount];
        rows[1] = double.NaN;
        rows[9 + 1] = double.NaN;
        rows[18 + 7] = double.NegativeInfinity;
        rows[18 + 8] = double.NaN;
        second.AddRows<double>(rows, rowCount);

        first.Merge(second);

        first.MissingCount.Should().Equal(0, 3, 0, 0, 0, 0, 0, 0, 1);
        first.InfiniteCount.Should().Equal(0, 0, 0, 0, 0, 0, 0, 2, 0);
        first.FirstInfinity.Should().Be(new ValueLocation(0, 7));
    }

    [Fact]
    public void Null_is_refused() =>
        FluentActions.Invoking(() => new FeatureMoments(2).Merge(null!)).Should().Throw<ArgumentNullException>().WithParameterName("other");

    [Fact]
    public void Dimensions_must_multiply_to_the_features()
    {
        var pixels = new FeatureMoments(6);

        pixels.Invoking(p => p.CollapseToChannels([2, 4], 0)).Should().Throw<ArgumentException>().WithMessage("*product 6*[2, 4]*");
        pixels.Invoking(p => p.CollapseToChannels([-2, -3], 0)).Should().Throw<ArgumentException>().WithMessage("*product 6*[-2, -3]*");
        pixels.Invoking(p => p.CollapseToChannels([2, 3], 2)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("channelAxis");
        pixels.Invoking(p => p.CollapseToChannels([2, 3], -1)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("channelAxis");
    }

    private static double[] MakeValues()
    {
        double[] values = RandomData.Normal(3, FeatureCount * RowCount);
        double[] offsets = [0, 1e8, -5, 1e-3, 12345];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i % 97 == 5 ? double.NaN : i % 389 == 7 ? double.PositiveInfinity : values[i] + offsets[i % FeatureCount];
        }

        return values;
    }

    private static FeatureMoments Measure(int firstRow, int endRow)
    {
        var moments = new FeatureMoments(FeatureCount);
        moments.AddRows<double>(Values.AsSpan()[(firstRow * FeatureCount)..(endRow * FeatureCount)], endRow - firstRow);
        return moments;
    }

    private static FeatureMoments Merge(IEnumerable<FeatureMoments> parts)
    {
        var merged = new FeatureMoments(FeatureCount);
        foreach (FeatureMoments part in parts)
        {
            merged.Merge(part);
        }

        return merged;
    }

    private static void AssertSame(FeatureMoments actual, FeatureMoments expected, double relative)
    {
        actual.RowCount.Should().Be(expected.RowCount);
        actual.Count.Should().Equal(expected.Count);
        actual.MissingCount.Should().Equal(expected.MissingCount);
        actual.InfiniteCount.Should().Equal(expected.InfiniteCount);
        actual.Minimum.Should().Equal(expected.Minimum);
        actual.Maximum.Should().Equal(expected.Maximum);
        actual.WeightSum.Should().Equal(expected.WeightSum);
        actual.Mean.ShouldBeClose(expected.Mean, relative);
        actual.PopulationVariance.ShouldBeClose(expected.PopulationVariance, relative);
    }
}
