using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Makes columns of columns by a function over objects.</summary>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(IHostEnvironment env, CustomMappingTransformer<TSrc, TDst> transformer)
        : base(env.Register(nameof(CustomMappingEstimator<,>)), transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        var wanted = SchemaShape.Create(RowMember.ToSchema(Transformer.Sources));
        for (var i = 0; i < wanted.Count; i++)
        {
            if (!result.TryGetValue(wanted[i].Name, out var found))
            {
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", wanted[i].Name);
            }
            // Vectors of known size do where vectors of any size are wanted.
            var isKindRight = wanted[i].Kind == SchemaShape.Column.VectorKind.VariableVector
                ? found.Kind != SchemaShape.Column.VectorKind.Scalar
                : found.Kind == wanted[i].Kind;
            if (!isKindRight || !wanted[i].ItemType.Equals(found.ItemType) || wanted[i].IsKey != found.IsKey)
            {
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", wanted[i].Name, wanted[i].GetTypeString(), found.GetTypeString());
            }
        }
        foreach (var added in SchemaShape.Create(RowMember.ToSchema(Transformer.Results)))
        {
            result[added.Name] = added;
        }
        return new SchemaShape(result.Values);
    }
}

/// <summary>Columns made of columns by a function over objects.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _map;
    private readonly string? _contractName;

    internal CustomMappingTransformer(Action<TSrc, TDst> mapAction, string? contractName, SchemaDefinition? inputSchemaDefinition, SchemaDefinition? outputSchemaDefinition)
    {
        Contracts.CheckValue(mapAction, nameof(mapAction));
        _map = mapAction;
        _contractName = contractName;
        Sources = RowMember.Bind<TSrc>(inputSchemaDefinition, SchemaDefinition.Direction.Write);
        Results = RowMember.Bind<TDst>(outputSchemaDefinition, SchemaDefinition.Direction.Write);
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal RowMember[] Sources { get; }

    internal RowMember[] Results { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return new Mapping(this, inputSchema).OutputSchema;
    }

    public IDataView Transform(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new MappedDataView(input, new Mapping(this, input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return new RowMapper(new Mapping(this, inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw (_contractName == null
        ? new InvalidOperationException("Empty contract name for a transform: the transform cannot be saved. Give CustomMapping a contractName.")
        : new NotSupportedException($"The custom mapping '{_contractName}' cannot be saved by the offline implementation of Microsoft.ML. Use the Microsoft.ML package."));

    private sealed class Mapping : RowMapping
    {
        private readonly CustomMappingTransformer<TSrc, TDst> _parent;
        private readonly List<(RowMember Member, DataViewSchema.Column Column)> _sources;

        public Mapping(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema inputSchema)
            : base(inputSchema, RowMember.ToSchema(parent.Results).Select(column => new DataViewSchema.DetachedColumn(column)))
        {
            _parent = parent;
            _sources = MemberSetters.Match(parent.Sources, inputSchema, false);
        }

        public override IEnumerable<DataViewSchema.Column> GetDependencies(int addedColumn) => _sources.Select(source => source.Column);

        // The function runs once per row, whichever of its columns is asked for first.
        public override Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isActive)
        {
            var getters = new Delegate?[AddedCount];
            if (!Enumerable.Range(0, AddedCount).Any(isActive))
            {
                return getters;
            }
            Action<TSrc>[] setters = [.. _sources.Select(source => MemberSetters.Create<TSrc>(source.Member, input, source.Column))];
            var (source, result, position) = (new TSrc(), new TDst(), -1L);
            TDst Refresh()
            {
                if (position != input.Position)
                {
                    Array.ForEach(setters, set => set(source));
                    _parent._map(source, result);
                    position = input.Position;
                }
                return result;
            }
            for (var i = 0; i < getters.Length; i++)
            {
                getters[i] = isActive(i) ? MemberGetters.Create(_parent.Results[i], Refresh) : null;
            }
            return getters;
        }
    }
}
