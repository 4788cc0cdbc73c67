using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics.Quantiles;

public class SketchLevelTests
{
    public static TheoryData<int, int> Counts => new()
    {
        { 1, 0 }, { 2, 0 }, { 7, 1 }, { 16, 3 }, { 17, 40 }, { 100, 100 },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void What_was_appended_and_merged_is_sorted(int first, int second)
    {
        double[] values = RandomData.Normal(first, first + second);
        double[] run = [.. RandomData.Normal(second, 20).Order()];
        var level = new SketchLevel(2);
        values.AsSpan(0, first).CopyTo(level.Append(first));
        level.Sort();
        level.Values.ToArray().Should().Equal(values[..first].Order());
        values.AsSpan(first).CopyTo(level.Append(second));
        level.Sort();
        level.Values.ToArray().Should().Equal(values.Order());

        level.MergeSorted(run);

        level.Values.ToArray().Should().Equal(values.Concat(run).Order());
        level.Count.Should().Be(first + second + 20);
        level.Weight.Should().Be(4);
    }

    [Fact]
    public void A_run_is_merged_into_what_is_not_sorted_yet()
    {
        var level = new SketchLevel(0);
        ((double[])[5, 1, 3]).CopyTo(level.Append(3));

        level.MergeSorted([2, 4, 9]);

        level.Values.ToArray().Should().Equal(1, 2, 3, 4, 5, 9);
    }

    [Theory]
    [InlineData(false, 4, new double[] { 1, 3 }, new double[0])]
    [InlineData(true, 4, new double[] { 2, 4 }, new double[0])]
    [InlineData(false, 5, new double[] { 1, 3 }, new double[] { 5 })]
    [InlineData(true, 5, new double[] { 2, 4 }, new double[] { 5 })]
    [InlineData(true, 1, new double[0], new double[] { 1 })]
    public void Every_other_value_is_taken_out_and_of_an_odd_number_the_largest_stays(bool second, int count, double[] taken, double[] left)
    {
        var level = new SketchLevel(0);
        Span<double> values = level.Append(count);
        for (int i = 0; i < count; i++)
        {
            values[i] = count - i;
        }
        double[] half = new double[count / 2];

        level.TakeHalf(second, half).Should().Be(count / 2);

        half.Should().Equal(taken);
        level.Values.ToArray().Should().Equal(left);
        level.Append(1)[0] = 0;
        level.Sort();
        level.Values.ToArray().Should().Equal([0, .. left]);
    }
}
