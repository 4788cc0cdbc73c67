using System.Collections.Immutable;

namespace Microsoft.ML.Data;

/// <summary>The first rows of a view in memory, to look at.</summary>
public sealed class DataDebuggerPreview
{
    internal DataDebuggerPreview(IDataView data, int maxRows)
    {
        Runtime.Contracts.CheckValue(data, nameof(data));
        Runtime.Contracts.CheckParam(maxRows >= 0, nameof(maxRows), $"Must not be negative, got {maxRows}.");
        Schema = data.Schema;
        using var cursor = data.GetRowCursor(Schema);
        Func<object?>[] readers = [.. Schema.Select(column => RawTypeDispatch.Invoke(column.Type.RawType, new ReaderOf(cursor, column)))];
        var rows = ImmutableArray.CreateBuilder<RowInfo>();
        while (rows.Count < maxRows && cursor.MoveNext())
        {
            rows.Add(new RowInfo([.. readers.Select((read, i) => KeyValuePair.Create(Schema[i].Name, read()!))]));
        }

        RowView = rows.ToImmutable();
        ColumnView = [.. Schema.Select(column => new ColumnInfo(column, [.. RowView.Select(row => row.Values[column.Index].Value)]))];
    }

    public DataViewSchema Schema { get; }

    public ImmutableArray<ColumnInfo> ColumnView { get; }

    public ImmutableArray<RowInfo> RowView { get; }

    public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

    private sealed record ReaderOf(DataViewRow Row, DataViewSchema.Column Column) : IRawTypeFunction<Func<object?>>
    {
        public Func<object?> Invoke<TValue>()
        {
            var get = Row.GetGetter<TValue>(Column);
            return () =>
            {
                TValue value = default!;
                get(ref value);
                return value;
            };
        }
    }

    /// <summary>One row: column names with values, hidden columns included.</summary>
    public sealed class RowInfo
    {
        internal RowInfo(KeyValuePair<string, object>[] values) => Values = values;

        public KeyValuePair<string, object>[] Values { get; }

        public override string ToString() => $"{Values.Length} columns";
    }

    /// <summary>One column with its values.</summary>
    public sealed class ColumnInfo
    {
        internal ColumnInfo(DataViewSchema.Column column, object[] values)
        {
            Column = column;
            Values = values;
        }

        public DataViewSchema.Column Column { get; }

        public object[] Values { get; }

        public override string ToString() => $"{Column.Name}: {Column.Type}";
    }
}
