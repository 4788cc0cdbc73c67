using System.Linq.Expressions;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Makes actions that write the current row's values into an object's members.</summary>
internal static class MemberSetters
{
    /// <summary>The columns of <paramref name="schema"/> that <paramref name="members"/> are written from.</summary>
    public static List<(RowMember Member, DataViewSchema.Column Column)> Match(
        IEnumerable<RowMember> members, DataViewSchema schema, bool ignoreMissingColumns)
    {
        var matches = new List<(RowMember, DataViewSchema.Column)>();
        foreach (var member in members)
        {
            if (schema.GetColumnOrNull(member.ColumnName) is not { } column)
            {
                if (!ignoreMissingColumns)
                {
                    throw Contracts.ExceptSchemaMismatch(nameof(schema), "", member.ColumnName);
                }

                continue;
            }

            if (column.Type is VectorDataViewType != member.Type is VectorDataViewType
                || column.Type.GetItemType().RawType != member.Type.GetItemType().RawType)
            {
                throw new InvalidOperationException(
                    $"Can't bind the IDataView column '{column.Name}' of type '{column.Type}' to field or property '{member.Member.Name}' of type '{member.ValueType}'.");
            }

            matches.Add((member, column));
        }

        return matches;
    }

    /// <summary>Writes one column of <paramref name="input"/> into a member. Arrays of the right length are filled in place.</summary>
    public static Action<TRow> Create<TRow>(RowMember member, DataViewRow input, DataViewSchema.Column column)
    {
        if (member.ValueType == typeof(string))
        {
            var (write, get) = (Write<TRow, string>(member), input.GetGetter<ReadOnlyMemory<char>>(column));
            ReadOnlyMemory<char> text = default;
            return row =>
            {
                get(ref text);
                write(row, text.ToString());
            };
        }

        if (member.ValueType == typeof(string[]))
        {
            var (write, get) = (Write<TRow, string[]>(member), input.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column));
            VBuffer<ReadOnlyMemory<char>> texts = default;
            return row =>
            {
                get(ref texts);
                write(row, [.. texts.DenseValues().Select(text => text.ToString())]);
            };
        }

        var itemType = member.Type.GetItemType().RawType;
        return member.ValueType.IsArray ? RawTypeDispatch.Invoke(itemType, new ArraySetter<TRow>(member, input, column))
            : member.Type is VectorDataViewType ? RawTypeDispatch.Invoke(itemType, new BufferSetter<TRow>(member, input, column))
            : RawTypeDispatch.Invoke(itemType, new DirectSetter<TRow>(member, input, column));
    }

    private static Action<TRow, TValue> Write<TRow, TValue>(RowMember member)
    {
        var (row, value) = (Expression.Parameter(typeof(TRow)), Expression.Parameter(typeof(TValue)));
        var assignment = Expression.Assign(Expression.MakeMemberAccess(row, member.Member), value);
        return Expression.Lambda<Action<TRow, TValue>>(assignment, row, value).Compile();
    }

    private sealed record DirectSetter<TRow>(RowMember Member, DataViewRow Input, DataViewSchema.Column Column) : IRawTypeFunction<Action<TRow>>
    {
        public Action<TRow> Invoke<TValue>()
        {
            var (write, get) = (Write<TRow, TValue>(Member), Input.GetGetter<TValue>(Column));
            TValue value = default!;
            return row =>
            {
                get(ref value);
                write(row, value);
            };
        }
    }

    private sealed record ArraySetter<TRow>(RowMember Member, DataViewRow Input, DataViewSchema.Column Column) : IRawTypeFunction<Action<TRow>>
    {
        public Action<TRow> Invoke<TValue>()
        {
            var (read, write) = (MemberGetters.Read<TRow, TValue[]?>(Member), Write<TRow, TValue[]>(Member));
            var get = Input.GetGetter<VBuffer<TValue>>(Column);
            VBuffer<TValue> value = default;
            return row =>
            {
                get(ref value);
                var items = read(row);
                if (items is null || items.Length != value.Length)
                {
                    items = new TValue[value.Length];
                }

                value.CopyTo(items);
                write(row, items);
            };
        }
    }

    private sealed record BufferSetter<TRow>(RowMember Member, DataViewRow Input, DataViewSchema.Column Column) : IRawTypeFunction<Action<TRow>>
    {
        public Action<TRow> Invoke<TValue>()
        {
            var (read, write) = (MemberGetters.Read<TRow, VBuffer<TValue>>(Member), Write<TRow, VBuffer<TValue>>(Member));
            var get = Input.GetGetter<VBuffer<TValue>>(Column);
            return row =>
            {
                // Into the object's own buffers: two objects must never share one.
                var value = read(row);
                get(ref value);
                write(row, value);
            };
        }
    }
}
