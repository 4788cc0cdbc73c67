using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Puts columns of one item type together in a vector.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly IHost _host;
    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
    {
        Contracts.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        Contracts.CheckValue(inputColumnNames, nameof(inputColumnNames));
        Contracts.CheckParam(inputColumnNames.Length > 0, nameof(inputColumnNames), "Input columns not specified");
        Contracts.CheckParam(!inputColumnNames.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Contained some null or empty items");
        _host = env.Register(nameof(ColumnConcatenatingEstimator));
        _name = outputColumnName;
        _sources = inputColumnNames;
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new ColumnConcatenatingTransformer(_host, [new(_name, [.. _sources.Select(source => (source, (string?)null))])]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        result[_name] = DescribeOutput([.. _sources.Select(source => Find(inputSchema, source))]);
        return new SchemaShape(result.Values);
    }

    private static SchemaShape.Column Find(SchemaShape inputSchema, string source)
        => inputSchema.TryFindColumn(source, out var column)
            ? column
            : throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", source);

    private SchemaShape.Column DescribeOutput(SchemaShape.Column[] sources)
    {
        var itemType = sources[0].ItemType;
        foreach (var source in sources)
        {
            if (source.IsKey)
            {
                throw new InvalidOperationException($"Column '{source.Name}' is key. Concatenation of keys is unsupported.");
            }
            if (!source.ItemType.Equals(itemType))
            {
                throw new InvalidOperationException($"Concatenated columns should have the same type. Column '{source.Name}' has type of {source.ItemType}, " +
                    $"but expected column type is {itemType}.");
            }
        }
        var kind = sources.Any(source => source.Kind == SchemaShape.Column.VectorKind.VariableVector)
            ? SchemaShape.Column.VectorKind.VariableVector
            : SchemaShape.Column.VectorKind.Vector;
        var annotations = new List<SchemaShape.Column>();
        if (sources.All(ShapeAnnotations.IsNormalized))
        {
            annotations.Add(ShapeAnnotations.Normalized);
        }
        if (sources.Any(source => source.Kind == SchemaShape.Column.VectorKind.Scalar || ShapeAnnotations.HasSlotNames(source)))
        {
            annotations.Add(ShapeAnnotations.SlotNames);
        }
        return new SchemaShape.Column(_name, kind, itemType, false, new SchemaShape(annotations));
    }
}
