using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics.Quantiles;

public class QuantileSketchTests
{
    private const int Rows = ColumnSorter.RowCount;

    // One of 2^k values of a block is kept where 4^k is at most 0.006144 n, for a size of 10,240 and n values; k is 7 at most.
    [Theory]
    [InlineData(651, 0)]
    [InlineData(652, 1)]
    [InlineData(2604, 1)]
    [InlineData(2605, 2)]
    [InlineData(10_416, 2)]
    [InlineData(10_417, 3)]
    [InlineData(2_666_666, 6)]
    [InlineData(2_666_668, 7)]
    [InlineData(1L << 53, 7)]
    public void The_more_values_there_are_the_more_one_of_a_block_stands_for(long count, int exponent)
    {
        new QuantileSketch(10_240, new SketchRandom(1)) { Count = count, IsExact = false }.BlockExponent.Should().Be(exponent);
        new QuantileSketch(10_240, new SketchRandom(1)) { Count = count, IsExact = true }.BlockExponent.Should().Be(0, "there is room for a block");
    }

    [Fact]
    public void Of_the_largest_sketch_no_block_is_thinned_out_when_it_is_full() =>
        new QuantileSketch(1 << 24, new SketchRandom(1)) { Count = (1 << 24) + 1, IsExact = false }.BlockExponent.Should().Be(0);

    [Fact]
    public void Columns_make_room_for_themselves()
    {
        double[] block = RandomData.Normal(1, Rows * ColumnSorter.LaneCount);
        var plain = new QuantileSketch(128, new SketchRandom(5));
        var sorted = new QuantileSketch(128, new SketchRandom(5));
        for (int i = 1; i <= 20; i++)
        {
            plain.AddColumn(block, 2);
            sorted.AddSortedColumn(block, 2, 2);

            plain.Count.Should().Be(i * Rows);
            plain.StoredCount.Should().BeLessThanOrEqualTo(128);
            sorted.StoredCount.Should().BeLessThanOrEqualTo(128);
            sorted.Levels.Sum(level => level.Count * level.Weight).Should().Be(i * Rows);
        }
    }

    [Fact]
    public void A_block_is_kept_as_long_as_there_is_room_for_all_of_it()
    {
        var sketch = new QuantileSketch(256, new SketchRandom(1));
        for (int i = 0; i < Rows; i++)
        {
            sketch.Add(i, 1);
        }
        sketch.BlockExponent.Should().Be(0);
        sketch.Add(128, 1);
        // 129 644245 / 256^2 = 1268.1, between 4^5 and 4^6.
        sketch.BlockExponent.Should().Be(5);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 2)]
    [InlineData(7, 5)]
    public void A_sorted_column_is_thinned_out_at_even_distances(int lane, int exponent)
    {
        double[] block = RandomData.Normal(lane, Rows * ColumnSorter.LaneCount);
        ColumnSorter.Sort(block);
        double[] column = [.. block.Where((_, i) => i % ColumnSorter.LaneCount == lane)];
        var sketch = new QuantileSketch(1000, new SketchRandom(5));

        sketch.AddSortedColumn(block, lane, exponent);

        IsThinnedOut(sketch, column, exponent);
        sketch.StoredCount.Should().Be(Rows >> exponent);
        sketch.Count.Should().Be(Rows);
        sketch.WeightSum.Should().Be(Rows);
        sketch.Minimum.Should().Be(column[0]);
        sketch.Maximum.Should().Be(column[^1]);
        sketch.IsExact.Should().BeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void An_uneven_column_is_thinned_out_as_far_as_whole_steps_go(int lane)
    {
        double[] block = RandomData.Normal(lane, Rows * ColumnSorter.LaneCount);
        for (int row = 0; row < 3; row++)
        {
            block[(row * 11 * ColumnSorter.LaneCount) + lane] = double.NaN;
            block[(((row * 9) + 1) * ColumnSorter.LaneCount) + lane] = row == 0 ? double.PositiveInfinity : double.NegativeInfinity;
        }
        double[] column = [.. block.Where((value, i) => i % ColumnSorter.LaneCount == lane && double.IsFinite(value))];
        column.Should().HaveCount(122);
        // As if 5,000 values had come: one of four is kept.
        var sketch = new QuantileSketch(10_240, new SketchRandom(5)) { Count = 5000, IsExact = false };
        sketch.BlockExponent.Should().Be(2);

        sketch.AddUneven(block, lane);

        // 30 steps of 4, and two rows that are left over: the last ones.
        IsThinnedOut(sketch, [.. column[..120].Order()], 2);
        sketch.Levels.Single(level => level.Exponent == 0).Values.ToArray().Should().Equal(column[120..]);
        sketch.StoredCount.Should().Be(32);
        sketch.Count.Should().Be(5122);
        sketch.WeightSum.Should().Be(122);
        sketch.MissingCount.Should().Be(3);
        sketch.InfiniteCount.Should().Be(3);
        sketch.Minimum.Should().Be(column.Min());
        sketch.Maximum.Should().Be(column.Max());
    }

    [Fact]
    public void An_uneven_column_is_kept_where_there_is_room()
    {
        double[] block = RandomData.Normal(1, Rows * ColumnSorter.LaneCount);
        block[5 * ColumnSorter.LaneCount] = double.NaN;
        var sketch = new QuantileSketch(128, new SketchRandom(5));

        sketch.AddUneven(block, 0);

        sketch.IsExact.Should().BeTrue();
        sketch.StoredCount.Should().Be(127);
        sketch.Count.Should().Be(127);
        sketch.Levels.Should().ContainSingle();
    }

    [Theory]
    [InlineData(128)]
    [InlineData(500)]
    [InlineData(1024)]
    public void However_values_come_there_is_room_for_them_and_all_of_their_weight_is_kept(int size)
    {
        const int Count = 20_000;
        double[] values = RandomData.Normal(size, Count);
        var whole = new QuantileSketch(size, new SketchRandom(1));
        var parts = new QuantileSketch(size, new SketchRandom(2));
        foreach (double[] part in values.Chunk(700))
        {
            var sketch = new QuantileSketch(size, new SketchRandom((ulong)part.Length));
            foreach (double value in part)
            {
                whole.Add(value, 1);
                sketch.Add(value, 1);
            }
            parts.Merge(sketch);
            whole.StoredCount.Should().BeLessThanOrEqualTo(size);
            parts.StoredCount.Should().BeLessThanOrEqualTo(size);
        }

        double[] sorted = [.. values.Order()];
        foreach (QuantileSketch sketch in new[] { whole, parts })
        {
            sketch.Count.Should().Be(Count);
            sketch.IsExact.Should().BeFalse();
            sketch.StoredCount.Should().Be(sketch.Levels.Sum(level => level.Count));
            sketch.Levels.Sum(level => level.Count * level.Weight).Should().Be(Count, "of each pair one stands for both");
            sketch.Minimum.Should().Be(sorted[0]);
            sketch.Maximum.Should().Be(sorted[^1]);
            FeatureSnapshot snapshot = FeatureSnapshot.Create(sketch, zeros: default);
            foreach (double probability in (double[])[0.05, 0.2, 0.5, 0.8, 0.95])
            {
                // Half a percent for a size of 10,240, inversely proportional to the size.
                double share = Array.BinarySearch(sorted, snapshot.Values.Quantile(probability)) is var place && place < 0 ? ~place : place;
                (share / Count).Should().BeApproximately(probability, 0.005 * 10_240 / size);
            }
        }
    }

    [Fact]
    public void Merged_counts_are_sums_and_what_stands_for_others_stays_so()
    {
        var exact = new QuantileSketch(128, new SketchRandom(1));
        foreach (double value in (double[])[4, double.NaN, double.NaN, double.PositiveInfinity])
        {
            exact.Add(value, 1);
        }
        var thinned = new QuantileSketch(128, new SketchRandom(2));
        for (int i = 0; i < 200; i++)
        {
            thinned.Add(i - 100, 1);
        }
        thinned.Add(double.NaN, 1);
        thinned.Add(double.NegativeInfinity, 1);

        exact.Merge(thinned);

        exact.Count.Should().Be(201);
        exact.MissingCount.Should().Be(3);
        exact.InfiniteCount.Should().Be(2);
        exact.IsExact.Should().BeFalse();
        exact.Minimum.Should().Be(-100);
        exact.Maximum.Should().Be(99);
        exact.StoredCount.Should().BeLessThanOrEqualTo(128);
    }

    // Of each step of 2^exponent sorted values, the one at the same place.
    private static void IsThinnedOut(QuantileSketch sketch, double[] sorted, int exponent)
    {
        double[] kept = sketch.Levels.Single(level => level.Exponent == exponent).Values.ToArray();
        int step = 1 << exponent;
        int start = Array.IndexOf(sorted, kept[0]);

        start.Should().BeInRange(0, step - 1);
        kept.Should().Equal(sorted.Where((_, i) => i % step == start));
    }
}
