namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>Counts are exact up to 2^53. One more is an error that names the count, before anything is changed.</summary>
public class CountTests
{
    [Fact]
    public void Rows_merged_with_themselves_end_in_an_error_and_can_be_saved_until_then()
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>([1, 2, double.NaN, double.PositiveInfinity], 4);
        for (int i = 0; i < 51; i++)
        {
            moments.Merge(moments);
        }

        moments.RowCount.Should().Be(1L << 53);
        moments.Invoking(m => m.Merge(m)).Should().Throw<InvalidOperationException>().WithMessage("RowCount: 9007199254740992 and 9007199254740992 more exceed 2^53*");
        moments.Invoking(m => m.Add<double>([1])).Should().Throw<InvalidOperationException>().WithMessage("RowCount: *");
        moments.Invoking(m => m.AddRows<double>([1], 1)).Should().Throw<InvalidOperationException>().WithMessage("RowCount: *");
        moments.Invoking(m => m.AddRows<double>([[1.0]], [])).Should().Throw<InvalidOperationException>().WithMessage("RowCount: *");
        moments.Invoking(m => m.AddSparse<double>([1], [0])).Should().Throw<InvalidOperationException>().WithMessage("RowCount: *");
        moments.RowCount.Should().Be(1L << 53);
        FeatureMoments.FromState(moments.ExportState()).Count.Should().Equal(1L << 52);
    }

    [Fact]
    public void Channels_have_more_values_than_rows()
    {
        var moments = new FeatureMoments(8);
        moments.Add<double>([1, 2, 3, 4, double.NaN, double.NaN, double.NaN, double.NaN]);
        var channels = moments.CollapseToChannels([2, 4], 0);
        for (int i = 0; i < 51; i++)
        {
            channels.Merge(channels);
        }

        channels.RowCount.Should().Be(1L << 51);
        channels.Invoking(m => m.Merge(m)).Should().Throw<InvalidOperationException>().WithMessage("Count of feature 0: *");
        channels.Count[0].Should().Be(1L << 53);

        var one = new FeatureMoments(2);
        one.Add<double>([1, double.NaN]);
        channels.Invoking(m => m.Merge(one)).Should().Throw<InvalidOperationException>().WithMessage("Count of feature 0: *");
        channels.Merge(new FeatureMoments(2));
        channels.RowCount.Should().Be(1L << 51);
    }

    [Theory]
    [InlineData("Count")]
    [InlineData("MissingCount")]
    [InlineData("InfiniteCount")]
    public void Whatever_count_is_large_is_watched_after_each_merge(string name)
    {
        FeatureMoments Moments(long count, long rowCount) => FeatureMoments.FromStatistics(
            [
                new FeatureStatistics
                {
                    Count = name == "Count" ? count : 1,
                    MissingCount = name == "MissingCount" ? count : 0,
                    InfiniteCount = name == "InfiniteCount" ? count : 0,
                },
            ],
            rowCount);
        FeatureMoments moments = Moments((1L << 53) - 4, 1L << 23);
        moments.Merge(Moments(2, 1));

        moments.Invoking(m => m.Merge(Moments(3, 1))).Should().Throw<InvalidOperationException>()
            .WithMessage($"{name} of feature 0: 9007199254740990 and 3 more exceed 2^53*");
        moments.Merge(Moments(2, 1));
        moments.RowCount.Should().Be((1L << 23) + 2);
    }

    [Fact]
    public void Batches_are_merged_into_many_rows_without_allocating()
    {
        var batch = new FeatureMoments(32);
        batch.AddRows<double>(Enumerable.Range(0, 64).Select(i => (double)i).ToArray(), 2);
        var many = batch.Clone();
        for (int i = 0; i < 40; i++)
        {
            many.Merge(many);
        }
        many.Merge(batch);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            many.Merge(batch);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        many.RowCount.Should().Be((1L << 41) + 2002);
    }

    [Fact]
    public void Plain_averages_merged_with_themselves_end_in_an_error()
    {
        var running = new RunningMoments(1, momentum: null);
        var batch = new FeatureMoments(1);
        batch.AddRows<double>([1, 2], 2);
        running.Update(batch);
        for (int i = 0; i < 53; i++)
        {
            running.Merge(running.Clone());
        }

        running.BatchCount.Should().Be(1L << 53);
        running.Invoking(r => r.Merge(r.Clone())).Should().Throw<InvalidOperationException>().WithMessage("BatchCount: *");
        running.Invoking(r => r.Update(batch)).Should().Throw<InvalidOperationException>().WithMessage("BatchCount: *");
        RunningMoments.FromState(running.ExportState()).UpdateCount.Should().Equal(1L << 53);
    }

    [Fact]
    public void What_batches_left_out_is_counted_to_the_same_limit()
    {
        var tally = BatchTally.FromState([1L << 53], [0], new RunningPrecision(1), 1L << 53, 1L << 53);

        tally.Invoking(t => t.Merge(t, [1], [2])).Should().Throw<InvalidOperationException>().WithMessage("GroupCount: *");
        BatchTally.FromState([0], [0], new RunningPrecision(1), 1L << 53, 1L << 53).Invoking(t => t.Merge(t, [0], [0]))
            .Should().Throw<InvalidOperationException>().WithMessage("LeftOutBatchCount: *");
    }
}
