using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor that is itself the source of rows: keeps the position, and the getters of the active columns.</summary>
internal abstract class RootCursor : DataViewRowCursor
{
    private readonly Delegate?[] _getters;
    private long _position = -1;
    private bool _isDone;

    protected RootCursor(DataViewSchema schema)
    {
        Schema = schema;
        _getters = new Delegate?[schema.Count];
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
    {
        CheckPositioned();
        value = new DataViewRowId((ulong)RowIndex, 0);
    };

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        Contracts.CheckParam(
            column.Index < _getters.Length, nameof(column), $"Column '{column.Name}' has index {column.Index}; the row has {_getters.Length} columns.");
        return _getters[column.Index] is not null;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        IsColumnActive(column) ? Contracts.CheckGetter<TValue>(_getters[column.Index], column) : throw Contracts.ExceptInactive(column);

    public override bool MoveNext()
    {
        if (_isDone)
        {
            return false;
        }

        if (MoveNextCore())
        {
            _position++;
            return true;
        }

        Dispose();
        return false;
    }

    /// <summary>The row's number in the source's own order, which is its id whatever order it is read in.</summary>
    protected virtual long RowIndex => _position;

    /// <summary>To be called once by the derived constructor, for the columns that the cursor is opened for.</summary>
    protected void Activate(IEnumerable<DataViewSchema.Column> columns, Func<DataViewSchema.Column, Delegate> createGetter)
    {
        foreach (var column in columns)
        {
            Contracts.CheckParam(
                column.Index < _getters.Length && Schema[column.Index].Name == column.Name,
                nameof(columns),
                $"Column '{column.Name}' at index {column.Index} is not of this view's schema.");
            _getters[column.Index] = createGetter(column);
        }
    }

    protected void CheckPositioned()
    {
        if (_position < 0)
        {
            throw new InvalidOperationException(
                "Values cannot be fetched at this time: call MoveNext first; after it has returned false there are no more values.");
        }
    }

    protected abstract bool MoveNextCore();

    protected override void Dispose(bool disposing)
    {
        _isDone = true;
        _position = -1;
        base.Dispose(disposing);
    }
}
