using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Benchmarks;

/// <summary>A small matrix over and over: any number of rows from little memory.</summary>
public sealed class RepeatingDataView(float[] values, int width, long rowCount) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = new MatrixDataView(values, width).Schema;

    public long? GetRowCount() => rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(Schema, values, width, rowCount);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewSchema schema, float[] values, int width, long rowCount) : DataViewRowCursor
    {
        private long _position = -1;
        private int _start = -width;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool MoveNext()
        {
            _start = _start + width < values.Length ? _start + width : 0;
            return ++_position < rowCount;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (Delegate)new ValueGetter<VBuffer<float>>(Get) as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' holds vectors of Single, not {typeof(TValue)}.");

        private void Get(ref VBuffer<float> row)
        {
            var editor = VBufferEditor.Create(ref row, width);
            values.AsSpan(_start, width).CopyTo(editor.Values);
            row = editor.Commit();
        }
    }
}
