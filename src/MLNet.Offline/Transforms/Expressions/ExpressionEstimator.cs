using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Applies an expression to the values of a column, slot by slot.</summary>
public sealed class ExpressionEstimator : IEstimator<ExpressionTransformer>
{
    private readonly IHost _host;
    private readonly string _output;
    private readonly string _input;
    private readonly string _expression;

    internal ExpressionEstimator(IHostEnvironment env, string outputColumnName, string expression, string[] inputColumnNames)
    {
        if (string.IsNullOrWhiteSpace(outputColumnName) || string.IsNullOrWhiteSpace(expression) || inputColumnNames is not { Length: > 0 })
        {
            throw new InvalidOperationException("An expression needs an output column, a text, and at least one input column.");
        }
        if (inputColumnNames.Length > 1)
        {
            throw new NotSupportedException($"The expression '{expression}' has {inputColumnNames.Length} inputs: the offline implementation of Microsoft.ML has expressions of one input. Use the Microsoft.ML package.");
        }
        _host = env.Register(nameof(ExpressionEstimator));
        _output = outputColumnName;
        _input = inputColumnNames[0];
        _expression = expression;
    }

    public ExpressionTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        var column = input.Schema.GetColumnOrNull(_input) ?? throw Contracts.ExceptSchemaMismatch("inputSchema", "input", _input);
        return new ExpressionTransformer(_host, [ExpressionColumn.Create(_output, _input, _expression, column.Type.GetItemType(), column.Type is VectorDataViewType)]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        if (!inputSchema.TryFindColumn(_input, out var column))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", _input);
        }
        ExpressionColumn.Create(_output, _input, _expression, column.ItemType, column.Kind != SchemaShape.Column.VectorKind.Scalar);
        var result = inputSchema.ToDictionary(other => other.Name);
        var annotations = new SchemaShape(ShapeAnnotations.HasSlotNames(column) ? [ShapeAnnotations.SlotNames] : []);
        result[_output] = new SchemaShape.Column(_output, column.Kind, column.ItemType, false, annotations);
        return new SchemaShape(result.Values);
    }
}
