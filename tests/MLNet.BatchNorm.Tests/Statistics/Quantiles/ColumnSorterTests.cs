using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics.Quantiles;

public class ColumnSorterTests
{
    private const int Length = ColumnSorter.RowCount * ColumnSorter.LaneCount;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_column_is_sorted_by_itself(int seed)
    {
        double[] block = RandomData.Normal(seed, Length);
        for (int row = 0; row < ColumnSorter.RowCount; row++)
        {
            // One column the wrong way round, one of few different values.
            block[row * ColumnSorter.LaneCount] = -row;
            block[(row * ColumnSorter.LaneCount) + 1] = row * 7 % 5;
        }
        double[][] expected = [.. Enumerable.Range(0, ColumnSorter.LaneCount).Select(lane => Column(block, lane).Order().ToArray())];

        ColumnSorter.Sort(block);

        for (int lane = 0; lane < ColumnSorter.LaneCount; lane++)
        {
            Column(block, lane).Should().Equal(expected[lane]);
        }
    }

    // A network of comparisons that sorts zeros and ones sorts everything: Knuth, "The Art of Computer Programming" 3, section 5.3.4, theorem Z.
    [Fact]
    public void Zeros_and_ones_are_sorted_wherever_the_ones_are()
    {
        for (int ones = 0; ones <= ColumnSorter.RowCount; ones++)
        {
            var random = new Random(ones);
            double[] block = new double[Length];
            for (int lane = 0; lane < ColumnSorter.LaneCount; lane++)
            {
                int[] rows = [.. Enumerable.Range(0, ColumnSorter.RowCount)];
                random.Shuffle(rows);
                foreach (int row in rows.Take(ones))
                {
                    block[(row * ColumnSorter.LaneCount) + lane] = 1;
                }
            }

            ColumnSorter.Sort(block);

            int zeros = (ColumnSorter.RowCount - ones) * ColumnSorter.LaneCount;
            block.AsSpan(0, zeros).ContainsAnyExcept(0).Should().BeFalse("there are {0} ones", ones);
            block.AsSpan(zeros).ContainsAnyExcept(1).Should().BeFalse("there are {0} ones", ones);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void One_value_that_is_not_finite_is_found_anywhere(double wrong)
    {
        double[] block = RandomData.Normal(1, Length, 0, 1e300);
        ColumnSorter.IsFinite(block).Should().BeTrue();
        for (int place = 0; place < Length; place += 37)
        {
            double[] damaged = [.. block];
            damaged[place] = wrong;
            ColumnSorter.IsFinite(damaged).Should().BeFalse();
        }
    }

    private static IEnumerable<double> Column(double[] block, int lane) => block.Where((_, i) => i % ColumnSorter.LaneCount == lane);
}
