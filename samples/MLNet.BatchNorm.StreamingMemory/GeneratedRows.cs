using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.StreamingMemory;

/// <summary>
/// A data view of any number of rows that are computed when they are read and held nowhere: one column <c>Features</c> of floats, slot j
/// uniform between j and j + 1. Every cursor gives the same rows. Written as ML.NET's IDataView asks for; a custom source can look like this.
/// </summary>
internal sealed class GeneratedRows : IDataView
{
    public const string ColumnName = "Features";

    private readonly long _rowCount;
    private readonly int _featureCount;

    public GeneratedRows(long rowCount, int featureCount)
    {
        _rowCount = rowCount;
        _featureCount = featureCount;
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(ColumnName, new VectorDataViewType(NumberDataViewType.Single, featureCount));
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, columnsNeeded.Any());

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(GeneratedRows rows, bool isActive) : DataViewRowCursor
    {
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => rows.Schema;

        public override bool MoveNext() => ++_position < rows._rowCount;

        public override bool IsColumnActive(DataViewSchema.Column column) => isActive;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<VBuffer<float>> getter = Get;
            return getter as ValueGetter<TValue> ?? throw new InvalidOperationException($"Column '{column.Name}' holds vectors of Single, not {typeof(TValue)}.");
        }

        // The editor reuses the caller's buffer: nothing is allocated per row.
        private void Get(ref VBuffer<float> value)
        {
            var editor = VBufferEditor.Create(ref value, rows._featureCount);
            for (int feature = 0; feature < editor.Values.Length; feature++)
            {
                ulong number = Scramble(((ulong)_position * (ulong)editor.Values.Length) + (ulong)feature);
                editor.Values[feature] = feature + ((number >> 40) * (1f / (1 << 24)));
            }
            value = editor.Commit();
        }

        // The finalizer of splitmix64: a well-mixed number from a counter.
        private static ulong Scramble(ulong counter)
        {
            ulong number = (counter + 1) * 0x9E3779B97F4A7C15;
            number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
            number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
            return number ^ (number >> 31);
        }
    }
}
