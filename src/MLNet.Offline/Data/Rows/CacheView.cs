namespace Microsoft.ML.Data;

/// <summary>A view in memory: each column is read from the source once, when a cursor first needs it.</summary>
internal sealed class CacheView : IDataView
{
    private readonly IDataView _source;
    private readonly RowStore?[] _columns;
    private readonly Lock _lock = new();
    private int? _rowCount;

    public CacheView(IDataView source)
    {
        _source = source;
        _columns = new RowStore?[source.Schema.Count];
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _rowCount ?? _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        var rowCount = Load(columns);
        return new Cursor(this, columns, Order(rowCount, rand), 0, rowCount);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        var rowCount = Load(columns);
        var order = Order(rowCount, rand);
        var parts = Math.Max(1, Math.Min(n, rowCount));
        return [.. Enumerable.Range(0, parts).Select(
            part => new Cursor(this, columns, order, (int)((long)rowCount * part / parts), (int)((long)rowCount * (part + 1) / parts)))];
    }

    /// <summary>Reads what is not yet in memory of these columns, in one pass; gives the number of rows.</summary>
    public int Load(IEnumerable<DataViewSchema.Column> columns)
    {
        lock (_lock)
        {
            DataViewSchema.Column[] missing = [.. columns.Where(column => _columns[column.Index] is null)];
            if (missing.Length == 0 && _rowCount is { } known)
            {
                return known;
            }

            using var cursor = _source.GetRowCursor(missing);
            RowStore[] stores = [.. missing.Select(column => RowStore.Create(column.Type))];
            Action<int>[] writers = [.. missing.Select((column, i) => stores[i].CreateWriter(cursor, column))];
            var rowCount = 0;
            for (; cursor.MoveNext(); rowCount++)
            {
                foreach (var write in writers)
                {
                    write(rowCount);
                }
            }

            if (_rowCount is { } before && before != rowCount)
            {
                throw new InvalidOperationException($"The data changed while being cached: {before} rows at first, {rowCount} now.");
            }

            for (var i = 0; i < missing.Length; i++)
            {
                _columns[missing[i].Index] = stores[i];
            }

            _rowCount = rowCount;
            return rowCount;
        }
    }

    private static int[]? Order(int rowCount, Random? rand)
    {
        if (rand is null)
        {
            return null;
        }

        int[] order = [.. Enumerable.Range(0, rowCount)];
        rand.Shuffle(order);
        return order;
    }

    private sealed class Cursor : RootCursor
    {
        private readonly int[]? _order;
        private readonly int _start;
        private readonly int _count;

        public Cursor(CacheView view, DataViewSchema.Column[] columns, int[]? order, int start, int end)
            : base(view.Schema)
        {
            _order = order;
            _start = start;
            _count = end - start;
            Activate(columns, column => view._columns[column.Index]!.CreateGetter(GetPlace));
        }

        protected override long RowIndex => GetPlace();

        protected override bool MoveNextCore() => Position + 1 < _count;

        private int GetPlace()
        {
            CheckPositioned();
            var place = _start + (int)Position;
            return _order is null ? place : _order[place];
        }
    }
}
