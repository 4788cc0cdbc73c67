using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>Choosing, ordering and keeping rows; the same on both providers, to the row.</summary>
public sealed class RowOperationTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Take_and_skip_cut_the_rows()
    {
        var data = Numbers(10);

        Values(_context.Data.TakeRows(data, 3)).Should().Equal(0, 1, 2);
        Values(_context.Data.SkipRows(data, 8)).Should().Equal(8, 9);
        Values(_context.Data.TakeRows(_context.Data.SkipRows(data, 8), 100)).Should().Equal(8, 9);
    }

    [Fact]
    public void A_split_chooses_the_rows_that_ML_NET_chooses()
    {
        var split = _context.Data.TrainTestSplit(Numbers(40), testFraction: 0.2, seed: 7);

        var test = Values(split.TestSet);
        // Read off Microsoft.ML 5.0.0: the same seed must choose the same rows on both providers.
        test.Should().Equal(SplitOfFortyWithSeedSeven);
        Values(split.TrainSet).Concat(test).Order().Should().Equal(Enumerable.Range(0, 40).Select(i => (float)i));
    }

    [Fact]
    public void A_split_repeats_with_its_seed_and_differs_with_another()
    {
        var data = Numbers(200);

        float[] Test(int seed) => Values(_context.Data.TrainTestSplit(data, 0.3, seed: seed).TestSet);

        Test(1).Should().Equal(Test(1));
        Test(1).Should().NotEqual(Test(2));
    }

    [Fact]
    public void Shuffling_keeps_every_row_once_and_repeats_with_its_seed()
    {
        var data = Numbers(50);

        var shuffled = Values(_context.Data.ShuffleRows(data, seed: 3));

        shuffled.Should().NotEqual(Values(data));
        shuffled.Order().Should().Equal(Values(data));
        Values(_context.Data.ShuffleRows(data, seed: 3)).Should().Equal(shuffled);
    }

    [Fact]
    public void Rows_with_a_missing_value_are_left_out()
    {
        var data = _context.Data.LoadFromEnumerable(
        [
            new Row { X = 1, Features = [1, 2] }, new Row { X = float.NaN, Features = [1, 2] }, new Row { X = 3, Features = [1, float.NaN] },
        ]);

        Values(_context.Data.FilterRowsByMissingValues(data, "X")).Should().Equal(1, 3);
        Values(_context.Data.FilterRowsByMissingValues(data, "X", "Features")).Should().Equal(1);
    }

    [Fact]
    public void A_cache_reads_its_source_once()
    {
        int made = 0;
        var data = _context.Data.Cache(_context.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i =>
        {
            made++;
            return new Row { X = i, Features = [i, i] };
        })));

        Values(data).Should().Equal(0, 1, 2, 3, 4);
        Values(data).Should().Equal(0, 1, 2, 3, 4);

        made.Should().Be(5);
    }

    [Fact]
    public void Cursor_sets_give_every_row_exactly_once()
    {
        var data = _context.Data.Cache(Numbers(1000));
        var seen = new List<float>();
        foreach (var cursor in data.GetRowCursorSet(data.Schema.Where(column => column.Name == "X"), 4))
        {
            using (cursor)
            {
                var get = cursor.GetGetter<float>(cursor.Schema["X"]);
                float value = 0;
                while (cursor.MoveNext())
                {
                    get(ref value);
                    seen.Add(value);
                }
            }
        }

        seen.Order().Should().Equal(Enumerable.Range(0, 1000).Select(i => (float)i));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_count_that_is_not_positive_is_refused(long count)
    {
        var take = () => _context.Data.TakeRows(Numbers(3), count);

        take.Should().Throw<ArgumentException>();
    }

    private static readonly float[] SplitOfFortyWithSeedSeven = [3, 16, 17, 19, 22, 32, 34, 36];

    private IDataView Numbers(int count) =>
        _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row { X = i, Features = [i, -i] }));

    private static float[] Values(IDataView data) => [.. data.GetColumn<float>("X")];

    private sealed class Row
    {
        public float X { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
