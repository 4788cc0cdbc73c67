using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

/// <summary>A pool of more rows than the data have is one of all of them; up to 65,536 rows nobody counts.</summary>
public class ShufflePoolTests
{
    private const int Small = 65_536;

    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(Small)]
    public void A_pool_of_up_to_65536_rows_is_taken_without_a_look_at_the_data(int size)
    {
        var data = Uncounted(10);
        SizeFor(data, size).Should().Be(size);
        data.Cursors.Should().BeEmpty();
    }

    [Theory]
    [InlineData(10, Small)]
    [InlineData(Small, Small)]
    [InlineData(Small + 1, Small + 1)]
    [InlineData(70_000, 70_000)]
    [InlineData(80_000, 70_000)]
    public void A_larger_one_is_of_as_many_rows_as_a_pass_counts(int rowCount, int expected)
    {
        var data = Uncounted(rowCount);
        SizeFor(data, size: 70_000).Should().Be(expected);
        data.Cursors.Should().ContainSingle().Which.Should().BeEmpty("rows are counted, and no column is read");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 0)]
    [InlineData(Small, 0)]
    [InlineData(Small + 1, 1)]
    public void Data_that_say_they_have_no_more_rows_are_not_read(int rowCount, int passes)
    {
        var data = new SpyDataView(_context.Data.LoadFromEnumerable(Enumerable.Range(0, rowCount).Select(i => new Row { X = i }).ToArray()));
        data.GetRowCount().Should().Be(rowCount);

        SizeFor(data, size: 1 << 20).Should().Be(Math.Max(rowCount, Small));
        data.Cursors.Should().HaveCount(passes);
    }

    [Fact]
    public void Counting_stops_when_it_is_canceled()
    {
        var options = new BatchNormOptions { ShufflePoolSize = 1 << 20, CancellationToken = new CancellationToken(canceled: true) };
        FluentActions.Invoking(() => ShufflePool.SizeFor(Uncounted(10), options)).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Where_nothing_is_shuffled_nothing_is_counted()
    {
        var data = Uncounted(10);
        _context.Transforms.BatchNormalize("X", options: new() { ShufflePoolSize = 1 << 20 }).Fit(data);
        data.Cursors.Should().ContainSingle().Which.Should().Equal("X");
    }

    private static int SizeFor(IDataView data, int size) => ShufflePool.SizeFor(data, new BatchNormOptions { ShufflePoolSize = size });

    /// <summary>Rows whose number is not known before they have been read.</summary>
    private SpyDataView Uncounted(int rowCount)
    {
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, rowCount).Select(i => new Row { X = i }));
        data.GetRowCount().Should().BeNull();
        return new SpyDataView(data);
    }

    private sealed class Row
    {
        public float X { get; set; }
    }
}
