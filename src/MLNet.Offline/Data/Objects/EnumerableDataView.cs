using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view over objects, enumerated anew by each cursor and never held.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IEnumerable<TRow> _rows;
    private readonly RowMember[] _members;

    public EnumerableDataView(IEnumerable<TRow> rows, RowMember[] members)
    {
        _rows = rows;
        _members = members;
        Schema = RowMember.ToSchema(members);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => (_rows as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Contracts.CheckValue(columnsNeeded, nameof(columnsNeeded));
        return new Cursor(this, columnsNeeded);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly IEnumerator<TRow> _rows;
        private TRow? _current;

        public Cursor(EnumerableDataView<TRow> view, IEnumerable<DataViewSchema.Column> columns)
            : base(view.Schema)
        {
            Activate(columns, column => MemberGetters.Create(view._members[column.Index], GetCurrent));
            _rows = view._rows.GetEnumerator();
        }

        protected override bool MoveNextCore()
        {
            if (!_rows.MoveNext())
            {
                return false;
            }

            _current = _rows.Current ?? throw new InvalidOperationException(
                $"Encountered null when iterating over data, this is not supported: row {Position + 1} of {typeof(TRow)} is null.");
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _current = null;
            _rows.Dispose();
            base.Dispose(disposing);
        }

        private TRow GetCurrent()
        {
            CheckPositioned();
            return _current!;
        }
    }
}
