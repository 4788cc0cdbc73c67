using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Turns keys back to the values that their column's annotation gives.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns)
        : base(env.Register(nameof(KeyToValueMappingEstimator)),
            new KeyToValueMappingTransformer(env, Array.ConvertAll(columns, pair => (pair.OutputColumnName, pair.InputColumnName))))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        foreach (var (output, input) in Transformer.ColumnPairs)
        {
            if (!inputSchema.TryFindColumn(input, out var column))
            {
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            }
            if (!column.IsKey)
            {
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input, "KeyType", column.GetTypeString());
            }
            if (!column.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var keyValues))
            {
                throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Input column '{input}' doesn't contain key values metadata");
            }
            result[output] = new SchemaShape.Column(output, column.Kind, keyValues.ItemType, keyValues.IsKey);
        }
        return new SchemaShape(result.Values);
    }
}

/// <summary>Keys as the values that their column's annotation gives; key 0 as missing.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "KEY2VALT",
        Written = 0x00010001,
        Readable = 0x00010001,
        OldestReadable = 0x00010001,
        LoaderSignature = LoaderSignature,
    };

    internal KeyToValueMappingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    internal static KeyToValueMappingTransformer Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        return new KeyToValueMappingTransformer(context.Environment, LoadColumns(context));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override void CheckInputColumn(int pair, DataViewSchema.Column input)
    {
        if (input.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is not VectorDataViewType keyValues)
        {
            throw new InvalidOperationException($"Metadata {AnnotationUtils.Kinds.KeyValues} does not exist: column '{input.Name}' does not say what its keys stand for.");
        }
        if (input.Type is not KeyDataViewType { Count: var count } || input.Type.RawType != typeof(uint))
        {
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name,
                "a scalar UInt32 key (all that the offline implementation of Microsoft.ML maps to values)", input.Type.ToString()!);
        }
        if ((ulong)keyValues.Size != count)
        {
            throw new InvalidOperationException($"KeyValues metadata size does not match column type key count: column '{input.Name}' has {keyValues.Size} values for {count} keys.");
        }
    }

    private protected override DataViewSchema.DetachedColumn DescribeOutput(int pair, DataViewSchema.Column input)
        => new(ColumnPairs[pair].outputColumnName, GetValueType(input));

    private protected override Delegate CreateGetter(int pair, DataViewRow row, DataViewSchema.Column input)
        => RawTypeDispatch.Invoke(GetValueType(input).RawType, new Lookup(row, input));

    private static DataViewType GetValueType(DataViewSchema.Column input)
        => input.Annotations.Schema[AnnotationUtils.Kinds.KeyValues].Type.GetItemType();

    private sealed record Lookup(DataViewRow Row, DataViewSchema.Column Input) : IRawTypeFunction<Delegate>
    {
        public Delegate Invoke<TValue>()
        {
            var buffer = default(VBuffer<TValue>);
            Input.GetKeyValues(ref buffer);
            TValue[] values = [.. buffer.DenseValues()];
            var missing = default(TValue) switch
            {
                float => (TValue)(object)float.NaN,
                double => (TValue)(object)double.NaN,
                var zero => zero,
            };
            var getKey = Row.GetGetter<uint>(Input);
            return (ValueGetter<TValue>)((ref TValue destination) =>
            {
                uint key = 0;
                getKey(ref key);
                destination = key > 0 && key <= values.Length ? values[key - 1] : missing!;
            });
        }
    }
}
