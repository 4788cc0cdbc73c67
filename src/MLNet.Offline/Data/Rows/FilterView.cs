namespace Microsoft.ML.Data;

/// <summary>A view of some of another's rows. Which ones, a test says that is made anew for each cursor.</summary>
internal sealed class FilterView : IDataView
{
    private readonly IDataView _source;
    private readonly DataViewSchema.Column[] _tested;
    private readonly Func<DataViewRowCursor, Func<bool>> _createTest;
    private readonly bool _inOrder;

    /// <param name="source">The view to choose from.</param>
    /// <param name="tested">The columns that the test reads.</param>
    /// <param name="createTest">Makes, for a cursor, the test of its current row; called once a row, in the order of the rows.</param>
    /// <param name="inOrder">True where the test counts rows, so that they must come in one cursor and in the source's own order.</param>
    public FilterView(
        IDataView source, DataViewSchema.Column[] tested, Func<DataViewRowCursor, Func<bool>> createTest, bool inOrder)
    {
        _source = source;
        _tested = tested;
        _createTest = createTest;
        _inOrder = inOrder;
    }

    public bool CanShuffle => !_inOrder && _source.CanShuffle;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return Wrap(_source.GetRowCursor(WithTested(active), _inOrder ? null : rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        if (_inOrder)
        {
            return [GetRowCursor(columnsNeeded, rand)];
        }

        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return [.. _source.GetRowCursorSet(WithTested(active), n, rand).Select(input => Wrap(input, active))];
    }

    private IEnumerable<DataViewSchema.Column> WithTested(bool[] active) =>
        Schema.Where(column => active[column.Index] || _tested.Any(tested => tested.Index == column.Index));

    private Cursor Wrap(DataViewRowCursor input, bool[] active) => new(input, active, _createTest(input));

    private sealed class Cursor(DataViewRowCursor input, bool[] active, Func<bool> accepts) : WrappingCursor(input, input.Schema)
    {
        private long _position = -1;

        public override long Position => _position;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            active[column.Index] ? Input.GetGetter<TValue>(column) : throw Runtime.Contracts.ExceptInactive(column);

        public override bool MoveNext()
        {
            while (Input.MoveNext())
            {
                if (accepts())
                {
                    _position++;
                    return true;
                }
            }

            _position = -1;
            return false;
        }
    }
}
