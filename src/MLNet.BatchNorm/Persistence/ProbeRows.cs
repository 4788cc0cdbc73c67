using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Persistence;

/// <summary>A few rows of given columns. A column of fewer rows starts over.</summary>
internal sealed class ProbeRows : IDataView
{
    private readonly IReadOnlyList<ProbeColumn> _columns;
    private readonly int _rowCount;

    public ProbeRows(IReadOnlyList<ProbeColumn> columns)
    {
        _columns = columns;
        _rowCount = columns.Max(column => column.Rows.Length);
        var builder = new DataViewSchema.Builder();
        foreach (ProbeColumn column in columns)
        {
            builder.AddColumn(column.Name, column.Type);
        }
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [new Cursor(this)];

    /// <summary>The numbers of a column of a view, row by row.</summary>
    public static IEnumerable<double[]> Read(IDataView view, string columnName)
    {
        DataViewSchema.Column column = view.Schema[columnName];
        bool isDouble = ((column.Type as VectorDataViewType)?.ItemType ?? column.Type).RawType == typeof(double);
        return (column.Type is VectorDataViewType, isDouble) switch
        {
            (true, true) => view.GetColumn<double[]>(column),
            (true, false) => view.GetColumn<float[]>(column).Select(row => Array.ConvertAll(row, value => (double)value)),
            (false, true) => view.GetColumn<double>(column).Select(value => new[] { value }),
            (false, false) => view.GetColumn<float>(column).Select(value => new double[] { value }),
        };
    }

    private sealed class Cursor(ProbeRows rows) : DataViewRowCursor
    {
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => rows.Schema;

        public override bool MoveNext() => _position < rows._rowCount && ++_position < rows._rowCount;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            double[][] values = rows._columns[column.Index].Rows;
            double[] Current() => values[_position % values.Length];
            Delegate getter = column.Type switch
            {
                VectorDataViewType { ItemType: var item } when item.RawType == typeof(double) => (ValueGetter<VBuffer<double>>)(
                    (ref VBuffer<double> value) => value = new VBuffer<double>(Current().Length, [.. Current()])),
                VectorDataViewType => (ValueGetter<VBuffer<float>>)(
                    (ref VBuffer<float> value) => value = new VBuffer<float>(Current().Length, Array.ConvertAll(Current(), number => (float)number))),
                _ when column.Type.RawType == typeof(double) => (ValueGetter<double>)((ref double value) => value = Current()[0]),
                _ => (ValueGetter<float>)((ref float value) => value = (float)Current()[0]),
            };
            return (ValueGetter<TValue>)getter;
        }
    }
}
