using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns to scale columns by their minimum and maximum, or by their mean and variance.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    internal const long DefaultMaximumExampleCount = 1000000000;
    internal const bool DefaultFixZero = true;
    internal const bool DefaultUseCdf = false;

    private readonly IHost _host;
    private readonly ColumnOptions[] _columns;

    internal NormalizingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
    {
        _host = env.Register(nameof(NormalizingEstimator));
        _columns = columns;
    }

    /// <summary>By what a column is scaled.</summary>
    internal enum Mode
    {
        MinMax,
        MeanVariance,
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        var columns = Array.ConvertAll(_columns, options => input.Schema.GetColumnOrNull(options.Input)
            ?? throw Contracts.ExceptSchemaMismatch(nameof(input), "input", options.Input));
        using var cursor = input.GetRowCursor(columns);
        var builders = new Builder[columns.Length];
        for (var i = 0; i < builders.Length; i++)
        {
            builders[i] = CreateBuilder(_columns[i], columns[i], cursor);
        }
        while (cursor.MoveNext())
        {
            var isAnyHungry = false;
            foreach (var builder in builders)
            {
                isAnyHungry |= builder.Add();
            }
            if (!isAnyHungry)
            {
                break;
            }
        }
        return new NormalizingTransformer(_host, [.. builders.Select(builder => builder.Build())]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        foreach (var options in _columns)
        {
            if (!inputSchema.TryFindColumn(options.Input, out var column))
            {
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", options.Input);
            }
            if (column.Kind == SchemaShape.Column.VectorKind.VariableVector)
            {
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", options.Input, "known-size vector or scalar", column.GetTypeString());
            }
            if (!column.ItemType.Equals(NumberDataViewType.Single) && !column.ItemType.Equals(NumberDataViewType.Double))
            {
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", options.Input, "vector or scalar of Single or Double", column.GetTypeString());
            }
            var annotations = new List<SchemaShape.Column> { ShapeAnnotations.Normalized };
            if (column.Annotations.TryFindColumn(AnnotationUtils.Kinds.SlotNames, out var slotNames))
            {
                annotations.Add(slotNames);
            }
            result[options.Output] = new SchemaShape.Column(options.Output, column.Kind, column.ItemType, column.IsKey, new SchemaShape(annotations));
        }
        return new SchemaShape(result.Values);
    }

    private static Builder CreateBuilder(ColumnOptions options, DataViewSchema.Column column, DataViewRow row)
        => column.Type is VectorDataViewType { IsKnownSize: false } ? throw WrongType(column)
            : column.Type.GetItemType() == NumberDataViewType.Single ? new Builder<float>(options, column, row)
            : column.Type.GetItemType() == NumberDataViewType.Double ? new Builder<double>(options, column, row)
            : throw WrongType(column);

    private static ArgumentOutOfRangeException WrongType(DataViewSchema.Column column)
        => new(nameof(column), $"Wrong column type for input column '{column.Name}'. Expected: Single, Double, Vector of Single or Vector of Double. Got: {column.Type}.");

    /// <summary>How one column is to be scaled.</summary>
    internal sealed record ColumnOptions
    {
        public ColumnOptions(Mode mode, string name, string? inputColumnName, long maximumExampleCount, bool fixZero)
        {
            Contracts.CheckNonEmpty(name, nameof(name));
            Contracts.CheckNonEmpty(inputColumnName ?? name, nameof(inputColumnName));
            Contracts.CheckParam(maximumExampleCount > 1, nameof(maximumExampleCount), "Must be greater than 1");
            Mode = mode;
            Output = name;
            Input = inputColumnName ?? name;
            MaximumExampleCount = maximumExampleCount;
            FixZero = fixZero;
        }

        public Mode Mode { get; }

        public string Output { get; }

        public string Input { get; }

        public long MaximumExampleCount { get; }

        public bool FixZero { get; }
    }

    private abstract class Builder
    {
        /// <summary>Takes in the current row; false where the column has seen all the rows that it may.</summary>
        public abstract bool Add();

        public abstract AffineColumn Build();
    }

    private sealed class Builder<T> : Builder
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        private readonly ColumnOptions _options;
        private readonly DataViewType _type;
        private readonly NormalizerStatistics<T> _statistics;
        private readonly ValueGetter<VBuffer<T>> _getRow;
        private readonly int _size;
        private VBuffer<T> _row;
        private long _left;

        public Builder(ColumnOptions options, DataViewSchema.Column column, DataViewRow row)
        {
            _options = options;
            _type = column.Type;
            _size = column.Type.GetValueCount();
            _left = options.MaximumExampleCount;
            _statistics = options.Mode == Mode.MinMax ? new MinMaxStatistics<T>(_size) : new MeanVarianceStatistics<T>(_size);
            _getRow = column.Type is VectorDataViewType ? row.GetGetter<VBuffer<T>>(column) : AsVector(row.GetGetter<T>(column));
        }

        public override bool Add()
        {
            if (_left == 0)
            {
                return false;
            }
            _left--;
            _getRow(ref _row);
            if (_row.Length != _size)
            {
                throw new InvalidOperationException($"Normalizer expected {_size} slots but got {_row.Length} in column '{_options.Input}'.");
            }
            _statistics.Add(in _row);
            return true;
        }

        public override AffineColumn Build()
            => new AffineColumn<T>(_options.Output, _options.Input, _type, _statistics.ToAffine(_options.FixZero));

        private static ValueGetter<VBuffer<T>> AsVector(ValueGetter<T> getScalar) => (ref VBuffer<T> destination) =>
        {
            var editor = VBufferEditor.Create(ref destination, 1);
            getScalar(ref editor.Values[0]);
            destination = editor.Commit();
        };
    }
}
