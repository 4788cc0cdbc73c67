using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.MLNetContract;

/// <summary>Positions, ids, activity and types of cursors over every kind of view.</summary>
public class CursorTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void A_cursor_stands_before_the_first_row_and_after_the_last_one_at_minus_one()
    {
        var data = Numbers(2);
        using var cursor = data.GetRowCursor(data.Schema);

        cursor.Position.Should().Be(-1);
        cursor.MoveNext().Should().BeTrue();
        cursor.Position.Should().Be(0);
        cursor.MoveNext().Should().BeTrue();
        cursor.Position.Should().Be(1);
        cursor.MoveNext().Should().BeFalse();
        cursor.Position.Should().Be(-1);
        cursor.MoveNext().Should().BeFalse();
    }

    [Fact]
    public void Only_the_columns_asked_for_are_active()
    {
        var data = Numbers(1);
        foreach (var view in new[] { data, _context.Data.Cache(data), _context.Data.TakeRows(data, 1), _context.Data.ShuffleRows(data) })
        {
            using var cursor = view.GetRowCursor([view.Schema["X"]]);

            cursor.IsColumnActive(view.Schema["X"]).Should().BeTrue();
            cursor.IsColumnActive(view.Schema["Group"]).Should().BeFalse();
            cursor.Invoking(c => c.GetGetter<string>(view.Schema["Group"])).Should().Throw<Exception>()
                .Which.Should().Match(exception => exception is ArgumentException || exception is InvalidOperationException);
        }
    }

    [Fact]
    public void A_column_that_only_a_filter_reads_is_not_active()
    {
        var data = _context.Data.FilterRowsByMissingValues(Numbers(3), "X");
        using var cursor = data.GetRowCursor([data.Schema["Group"]]);

        cursor.IsColumnActive(data.Schema["X"]).Should().BeFalse();
        cursor.MoveNext().Should().BeTrue();
    }

    [Fact]
    public void A_getter_of_another_type_is_refused()
    {
        var data = Numbers(1);
        using var cursor = data.GetRowCursor(data.Schema);

        cursor.Invoking(c => c.GetGetter<double>(data.Schema["X"])).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void An_id_stays_with_its_row_whatever_the_order()
    {
        var data = Numbers(20);
        var cache = _context.Data.Cache(data);

        Ids(_context.Data.TakeRows(_context.Data.SkipRows(data, 3), 2)).Should().Equal((3f, 3ul), (4f, 4ul));
        Ids(_context.Data.ShuffleRows(data, seed: 1)).Should().OnlyContain(row => row.X == row.Id).And.HaveCount(20);
        Ids(_context.Data.ShuffleRows(cache, seed: 1)).Should().OnlyContain(row => row.X == row.Id).And.HaveCount(20);
    }

    [Fact]
    public void Positions_count_the_rows_that_come_out()
    {
        var data = _context.Data.SkipRows(Numbers(5), 3);
        using var cursor = data.GetRowCursor(data.Schema);

        cursor.MoveNext().Should().BeTrue();
        cursor.Position.Should().Be(0);
    }

    [Fact]
    public void Views_tell_how_many_rows_they_have_only_where_they_know()
    {
        var list = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new Row { X = i }).ToList());

        list.GetRowCount().Should().Be(5);
        _context.Data.TakeRows(list, 3).GetRowCount().Should().Be(3);
        _context.Data.SkipRows(list, 3).GetRowCount().Should().Be(2);
        _context.Data.SkipRows(list, 9).GetRowCount().Should().Be(0);
        Numbers(5).GetRowCount().Should().BeNull();
        _context.Data.FilterRowsByMissingValues(list, "X").GetRowCount().Should().BeNull();
    }

    [Fact]
    public void Views_tell_whether_they_can_shuffle()
    {
        var data = Numbers(5);

        data.CanShuffle.Should().BeFalse();
        _context.Data.Cache(data).CanShuffle.Should().BeTrue();
        _context.Data.ShuffleRows(data).CanShuffle.Should().BeTrue();
        _context.Data.TakeRows(_context.Data.Cache(data), 3).CanShuffle.Should().BeFalse();
        _context.Data.FilterRowsByMissingValues(_context.Data.Cache(data), "X").CanShuffle.Should().BeTrue();
    }

    [Fact]
    public void A_null_row_is_an_error_when_it_is_reached()
    {
        var data = _context.Data.LoadFromEnumerable(new Row[] { new(), null! });
        using var cursor = data.GetRowCursor(data.Schema);

        cursor.MoveNext().Should().BeTrue();
        cursor.Invoking(c => c.MoveNext()).Should().Throw<InvalidOperationException>().WithMessage("*null*");
    }

    [Fact]
    public void Values_that_a_cursor_gave_are_copies_that_later_rows_do_not_change()
    {
        var data = _context.Data.Cache(_context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 3).Select(i => new Row { Sparse = new VBuffer<float>(4, 1, [i], [i]) })));

        data.GetColumn<float[]>("Sparse").Should().BeEquivalentTo(
            [new float[] { 0, 0, 0, 0 }, [0, 1, 0, 0], [0, 0, 2, 0]], options => options.WithStrictOrdering());
        using var cursor = data.GetRowCursor(data.Schema);
        var get = cursor.GetGetter<VBuffer<float>>(data.Schema["Sparse"]);
        cursor.MoveNext();
        var first = default(VBuffer<float>);
        get(ref first);
        first.IsDense.Should().BeFalse("a sparse vector goes through a cache as it is");
    }

    private static List<(float X, ulong Id)> Ids(IDataView data)
    {
        var rows = new List<(float, ulong)>();
        using var cursor = data.GetRowCursor([data.Schema["X"]]);
        var getX = cursor.GetGetter<float>(data.Schema["X"]);
        var getId = cursor.GetIdGetter();
        var (x, id) = (0f, default(DataViewRowId));
        while (cursor.MoveNext())
        {
            getX(ref x);
            getId(ref id);
            rows.Add((x, id.Low));
        }

        return rows;
    }

    private IDataView Numbers(int count) =>
        _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row { X = i, Group = i % 2 == 0 ? "even" : "odd" }));

    private sealed class Row
    {
        public float X { get; set; }

        public string Group { get; set; } = "";

        [VectorType(4)]
        public VBuffer<float> Sparse { get; set; }
    }
}
