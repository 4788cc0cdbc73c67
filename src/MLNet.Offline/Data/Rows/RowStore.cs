namespace Microsoft.ML.Data;

/// <summary>Holds one column's values of many rows, copied, in numbered places.</summary>
internal abstract class RowStore
{
    public static RowStore Create(DataViewType type) => type is VectorDataViewType vector
        ? RawTypeDispatch.Invoke(vector.ItemType.RawType, new VectorFactory())
        : RawTypeDispatch.Invoke(type.RawType, new ScalarFactory());

    /// <summary>An action that copies the row's value of a column into a place.</summary>
    public abstract Action<int> CreateWriter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>A getter of the value in the place that <paramref name="current"/> gives.</summary>
    public abstract Delegate CreateGetter(Func<int> current);

    private static void EnsurePlace<TValue>(ref TValue[] values, int place)
    {
        if (place >= values.Length)
        {
            Array.Resize(ref values, Math.Max(place + 1, values.Length * 2));
        }
    }

    private sealed class Scalars<TValue> : RowStore
    {
        private TValue[] _values = [];

        public override Action<int> CreateWriter(DataViewRow row, DataViewSchema.Column column)
        {
            var get = row.GetGetter<TValue>(column);
            return place =>
            {
                EnsurePlace(ref _values, place);
                get(ref _values[place]);
                if (typeof(TValue) == typeof(ReadOnlyMemory<char>))
                {
                    // Text may be a slice of a buffer that the source goes on to overwrite.
                    ref var text = ref System.Runtime.CompilerServices.Unsafe.As<TValue, ReadOnlyMemory<char>>(ref _values[place]);
                    text = text.ToString().AsMemory();
                }
            };
        }

        public override Delegate CreateGetter(Func<int> current) => new ValueGetter<TValue>((ref TValue value) => value = _values[current()]);
    }

    private sealed class Vectors<TValue> : RowStore
    {
        private VBuffer<TValue>[] _values = [];

        public override Action<int> CreateWriter(DataViewRow row, DataViewSchema.Column column)
        {
            var get = row.GetGetter<VBuffer<TValue>>(column);
            VBuffer<TValue> current = default;
            return place =>
            {
                EnsurePlace(ref _values, place);
                get(ref current);
                current.CopyTo(ref _values[place]);
            };
        }

        public override Delegate CreateGetter(Func<int> current) =>
            new ValueGetter<VBuffer<TValue>>((ref VBuffer<TValue> value) => _values[current()].CopyTo(ref value));
    }

    private sealed class ScalarFactory : IRawTypeFunction<RowStore>
    {
        public RowStore Invoke<TValue>() => new Scalars<TValue>();
    }

    private sealed class VectorFactory : IRawTypeFunction<RowStore>
    {
        public RowStore Invoke<TValue>() => new Vectors<TValue>();
    }
}
