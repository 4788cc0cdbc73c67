using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Gives each row a place in [0, 1), by which splits divide rows: at random, or by a key column whose equal values stay together.</summary>
internal sealed class RowSampling
{
    private RowSampling(DataViewSchema.Column[] columns, Func<DataViewRow, Func<double>> createPosition)
    {
        Columns = columns;
        CreatePosition = createPosition;
    }

    /// <summary>The columns that the place is computed from.</summary>
    public DataViewSchema.Column[] Columns { get; }

    /// <summary>Makes, for a cursor, the place of its current row; NaN for a row that belongs nowhere. Called once a row, in order.</summary>
    public Func<DataViewRow, Func<double>> CreatePosition { get; }

    /// <summary>
    /// Without a key column: the same draws as ML.NET's for the same seed. With one of key type: by category, as there. With
    /// any other: by a hash, which need not part the rows as ML.NET's does.
    /// </summary>
    public static RowSampling Create(IDataView data, string? keyColumnName, int seed)
    {
        if (keyColumnName is null)
        {
            return new RowSampling([], _ =>
            {
                var random = TauswortheHybrid.Create(seed);
                return () => random.NextSingle();
            });
        }

        var column = data.Schema.GetColumnOrNull(keyColumnName)
            ?? throw Contracts.ExceptSchemaMismatch(nameof(keyColumnName), "SamplingKeyColumn", keyColumnName);
        if (column.Type is not PrimitiveDataViewType)
        {
            throw Contracts.ExceptSchemaMismatch(nameof(keyColumnName), "SamplingKeyColumn", keyColumnName, "a scalar", column.Type.ToString()!);
        }

        return new RowSampling([column], row => RawTypeDispatch.Invoke(column.Type.RawType, new PositionOf(row, column, (uint)seed)));
    }

    private sealed record PositionOf(DataViewRow Row, DataViewSchema.Column Column, uint Seed) : IRawTypeFunction<Func<double>>
    {
        public Func<double> Invoke<TValue>()
        {
            var get = Row.GetGetter<TValue>(Column);
            TValue value = default!;
            if (Column.Type is KeyDataViewType key)
            {
                return () =>
                {
                    get(ref value);
                    var category = Convert.ToUInt64(value, System.Globalization.CultureInfo.InvariantCulture);
                    return category == 0 || category > key.Count ? double.NaN : (category - 0.5) / key.Count;
                };
            }

            return () =>
            {
                get(ref value);
                return Hash(value) / 4294967296.0;
            };
        }

        private uint Hash<TValue>(TValue value)
        {
            var hash = Seed;
            if (value is ReadOnlyMemory<char> text)
            {
                foreach (var character in text.Span)
                {
                    hash = Mix(hash ^ character);
                }
            }
            else
            {
                hash = Mix(hash ^ (uint)value!.GetHashCode());
            }

            return Mix(hash);
        }

        // The finalizer of Murmur3 (32 bit).
        private static uint Mix(uint hash)
        {
            hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
            hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
            return hash ^ (hash >> 16);
        }
    }
}
