using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>One column's values as an enumerable.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => GetColumn<T>(data, data.Schema[columnName]);

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        var found = column.Index < data.Schema.Count ? data.Schema[column.Index] : default;
        Contracts.CheckParam(
            found.Name == column.Name && ReferenceEquals(found.Type, column.Type),
            nameof(column),
            $"Column with name {column.Name}, type {column.Type}, and index {column.Index} cannot be found in {nameof(data)}.");

        if (column.Type.RawType == typeof(T))
        {
            return Enumerate<T, T>(data, found, value => value);
        }

        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
        {
            return (IEnumerable<T>)Enumerate<ReadOnlyMemory<char>, string>(data, found, text => text.ToString());
        }

        if (column.Type is VectorDataViewType vector && typeof(T) == vector.ItemType.RawType.MakeArrayType())
        {
            return (IEnumerable<T>)RawTypeDispatch.Invoke(vector.ItemType.RawType, new ArraysOf(data, found));
        }

        if (typeof(T) == typeof(string[]) && column.Type is VectorDataViewType { ItemType: TextDataViewType })
        {
            return (IEnumerable<T>)Enumerate<VBuffer<ReadOnlyMemory<char>>, string[]>(
                data, found, texts => [.. texts.DenseValues().Select(text => text.ToString())]);
        }

        throw new ArgumentOutOfRangeException(
            nameof(column), $"Cannot map column '{column.Name}' of type {column.Type} to {typeof(T)}: use {column.Type.RawType} or an array of its items.");
    }

    private static IEnumerable<TResult> Enumerate<TValue, TResult>(IDataView data, DataViewSchema.Column column, Func<TValue, TResult> convert)
    {
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<TValue>(column);
        TValue value = default!;
        while (cursor.MoveNext())
        {
            get(ref value);
            yield return convert(value);
        }
    }

    private sealed record ArraysOf(IDataView Data, DataViewSchema.Column Column) : IRawTypeFunction<object>
    {
        public object Invoke<TValue>() => Enumerate<VBuffer<TValue>, TValue[]>(Data, Column, vector => [.. vector.DenseValues()]);
    }
}
