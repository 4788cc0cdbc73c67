using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

/// <summary>Several passes over data that may not be what they say they are.</summary>
public class EpochsTests
{
    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(3000, 500)]
    [InlineData(500, 3000)]
    [InlineData(300, 0)]
    public void Data_that_give_another_number_of_rows_in_a_later_epoch_are_an_error(int first, int later)
    {
        var data = _context.Data.LoadFromEnumerable(new Changing([first, first, later]));
        var estimator = _context.Transforms.BatchNormalize("X", options: new BatchNormOptions { BatchSize = 32, Epochs = 3 });

        estimator.Invoking(e => e.Fit(data)).Should().Throw<InvalidOperationException>()
            .WithMessage($"Column 'X': the data gave {first} row(s) in the first epoch and {later} in epoch 3 of 3.*Data.Cache*");
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue - 40)]
    [InlineData(1 << 28)]
    public void A_pool_of_more_rows_than_there_are_takes_no_more_memory_and_gives_the_same_batches(int poolSize)
    {
        var options = new BatchNormOptions { BatchSize = 32, Shuffle = true, Seed = 3, ShufflePoolSize = 1 << 16 };
        long before = GC.GetAllocatedBytesForCurrentThread();

        var model = Fit(options with { ShufflePoolSize = poolSize });

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64 << 20);
        model.Should().Equal(Fit(options));
    }

    [Theory]
    [InlineData(long.MaxValue, 2)]
    // Three times that is a positive number again, in 64 bits.
    [InlineData(long.MaxValue, 3)]
    [InlineData(-1L, 2)]
    public void A_number_of_rows_beyond_reason_is_none_to_report(long claimed, int epochs) =>
        Progress(claimed, epochs).Should().Be(new FitProgress(2000 * epochs, null));

    [Theory]
    [InlineData(2000, 2, 4000)]
    [InlineData(0, 2, 0)]
    [InlineData(long.MaxValue / 2, 2, long.MaxValue - 1)]
    [InlineData(long.MaxValue, 1, long.MaxValue)]
    public void Any_other_number_is_reported_times_the_epochs(long claimed, int epochs, long total) =>
        Progress(claimed, epochs).Should().Be(new FitProgress(2000 * epochs, total));

    private FitProgress Progress(long claimed, int epochs)
    {
        var progress = new Listener();
        _context.Transforms.BatchNormalize("X", options: new BatchNormOptions { BatchSize = 32, Epochs = epochs, Progress = progress })
            .Fit(new ClaimingView(Rows(), claimed));
        return progress.Reports.Should().ContainSingle().Subject;
    }

    private double[] Fit(BatchNormOptions options)
    {
        var batchNorm = _context.Transforms.BatchNormalize("X", options: options).Fit(Rows());
        return [batchNorm.Columns[0].RunningMean[0], batchNorm.Columns[0].RunningVariance[0]];
    }

    private IDataView Rows() => _context.Data.LoadFromEnumerable(RandomData.Normal(1, 2000).Select(value => new Row { X = (float)value }).ToArray());

    private sealed class Row
    {
        public float X { get; set; }
    }

    private sealed class Listener : IProgress<FitProgress>
    {
        public List<FitProgress> Reports { get; } = [];

        public void Report(FitProgress value) => Reports.Add(value);
    }

    private sealed class ClaimingView(IDataView source, long claimed) : IDataView
    {
        public bool CanShuffle => source.CanShuffle;

        public DataViewSchema Schema => source.Schema;

        public long? GetRowCount() => claimed;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => source.GetRowCursor(columnsNeeded, rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => source.GetRowCursorSet(columnsNeeded, n, rand);
    }

    /// <summary>Gives another number of rows each time it is read.</summary>
    private sealed class Changing(int[] counts) : IEnumerable<Row>
    {
        private int _reads;

        public IEnumerator<Row> GetEnumerator()
        {
            int count = counts[_reads++];
            return Enumerable.Range(0, count).Select(i => new Row { X = i % 7 }).GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
