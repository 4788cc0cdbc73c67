using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Benchmarks;

/// <summary>
/// A matrix in memory as a data view with one vector column: the cheapest source there can be, so that what is measured is not the
/// source. Its cursor sets deal out whole runs of rows.
/// </summary>
public sealed class MatrixDataView : IDataView
{
    public const string ColumnName = "Features";

    private readonly float[] _values;
    private readonly int _rowCount;
    private readonly int _width;

    public MatrixDataView(float[] values, int width)
    {
        _values = values;
        _width = width;
        _rowCount = values.Length / width;
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(ColumnName, new VectorDataViewType(NumberDataViewType.Single, width));
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, 0, _rowCount);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. Enumerable.Range(0, n).Select(i => new Cursor(this, (int)((long)_rowCount * i / n), (int)((long)_rowCount * (i + 1) / n)))];

    private sealed class Cursor(MatrixDataView view, int first, int end) : DataViewRowCursor
    {
        private int _row = first - 1;

        public override long Position => _row - first;

        public override long Batch => first;

        public override DataViewSchema Schema => view.Schema;

        public override bool MoveNext() => ++_row < end;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (Delegate)new ValueGetter<VBuffer<float>>(Get) as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' holds vectors of Single, not {typeof(TValue)}.");

        private void Get(ref VBuffer<float> row)
        {
            var editor = VBufferEditor.Create(ref row, view._width);
            view._values.AsSpan(_row * view._width, view._width).CopyTo(editor.Values);
            row = editor.Commit();
        }
    }
}
