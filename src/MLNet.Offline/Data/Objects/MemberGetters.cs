using System.Linq.Expressions;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Makes column getters that read a member of the current object.</summary>
internal static class MemberGetters
{
    /// <summary>A <see cref="ValueGetter{TValue}"/> of the column's raw type over <paramref name="current"/>.</summary>
    public static Delegate Create<TRow>(RowMember member, Func<TRow> current)
    {
        if (member.Type is KeyDataViewType key)
        {
            return RawTypeDispatch.Invoke(key.RawType, new KeyGetter<TRow>(member, current, key.Count));
        }

        if (member.ValueType == typeof(string))
        {
            var read = Read<TRow, string?>(member);
            return new ValueGetter<ReadOnlyMemory<char>>((ref ReadOnlyMemory<char> value) => value = read(current()).AsMemory());
        }

        if (member.ValueType == typeof(string[]))
        {
            var read = Read<TRow, string?[]?>(member);
            return new ValueGetter<VBuffer<ReadOnlyMemory<char>>>((ref VBuffer<ReadOnlyMemory<char>> value) =>
            {
                var texts = read(current()) ?? [];
                var editor = VBufferEditor.Create(ref value, texts.Length);
                for (var i = 0; i < texts.Length; i++)
                {
                    editor.Values[i] = texts[i].AsMemory();
                }

                value = editor.Commit();
            });
        }

        var itemType = member.Type.GetItemType().RawType;
        return member.ValueType.IsArray ? RawTypeDispatch.Invoke(itemType, new ArrayGetter<TRow>(member, current))
            : member.Type is VectorDataViewType ? RawTypeDispatch.Invoke(itemType, new BufferGetter<TRow>(member, current))
            : RawTypeDispatch.Invoke(itemType, new DirectGetter<TRow>(member, current));
    }

    /// <summary>Compiled access to a member.</summary>
    public static Func<TRow, TValue> Read<TRow, TValue>(RowMember member)
    {
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TValue>>(Expression.MakeMemberAccess(row, member.Member), row).Compile();
    }

    private sealed record DirectGetter<TRow>(RowMember Member, Func<TRow> Current) : IRawTypeFunction<Delegate>
    {
        public Delegate Invoke<TValue>()
        {
            var (read, current) = (Read<TRow, TValue>(Member), Current);
            return new ValueGetter<TValue>((ref TValue value) => value = read(current()));
        }
    }

    private sealed record ArrayGetter<TRow>(RowMember Member, Func<TRow> Current) : IRawTypeFunction<Delegate>
    {
        public Delegate Invoke<TValue>()
        {
            var (read, current) = (Read<TRow, TValue[]?>(Member), Current);
            return new ValueGetter<VBuffer<TValue>>((ref VBuffer<TValue> value) =>
            {
                var items = read(current());
                var editor = VBufferEditor.Create(ref value, items?.Length ?? 0);
                items.CopyTo(editor.Values);
                value = editor.Commit();
            });
        }
    }

    private sealed record BufferGetter<TRow>(RowMember Member, Func<TRow> Current) : IRawTypeFunction<Delegate>
    {
        public Delegate Invoke<TValue>()
        {
            var (read, current) = (Read<TRow, VBuffer<TValue>>(Member), Current);
            return new ValueGetter<VBuffer<TValue>>((ref VBuffer<TValue> value) => read(current()).CopyTo(ref value));
        }
    }

    // A member counts categories from 0, a key column from 1; what is no category becomes 0, missing.
    private sealed record KeyGetter<TRow>(RowMember Member, Func<TRow> Current, ulong Count) : IRawTypeFunction<Delegate>
    {
        public Delegate Invoke<TValue>() => Type.GetTypeCode(typeof(TValue)) switch
        {
            TypeCode.Byte => Create<byte>(),
            TypeCode.UInt16 => Create<ushort>(),
            TypeCode.UInt32 => Create<uint>(),
            _ => Create<ulong>(),
        };

        private ValueGetter<TKey> Create<TKey>()
            where TKey : unmanaged, IBinaryInteger<TKey>
        {
            var (read, current, count) = (Read<TRow, TKey>(Member), Current, Count);
            return (ref TKey value) =>
            {
                var category = read(current());
                value = ulong.CreateTruncating(category) < count ? category + TKey.One : TKey.Zero;
            };
        }
    }
}
