using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Interop;

/// <summary>Writes maps into an ONNX graph, by ML.NET's <c>OnnxContext</c>.</summary>
/// <remarks>
/// <para>
/// The stages of the stock form, (x - offset) * scale in the column's type, as Sub and Mul, and Clip where asked. Sub and Mul take floats and
/// doubles alike; the Scaler that ML.NET itself writes takes floats alone, and has singles for its attributes.
/// </para>
/// <para>So ONNX Runtime computes what plain ML.NET computes from the zip, to the last bit.</para>
/// </remarks>
/// <param name="graph">The <c>OnnxContext</c>.</param>
internal readonly struct OnnxGraph(object graph)
{
    // Clip takes its limits as inputs since operator set 11, and doubles since 12.
    private const int SingleClipVersion = 11;
    private const int DoubleClipVersion = 12;
    private const int ArithmeticVersion = 9;

    private static readonly Type[] NodeTypes = [typeof(string), typeof(IEnumerable<string>), typeof(IEnumerable<string>), typeof(string), typeof(string)];

    public void Add(IReadOnlyCollection<StockColumn> columns)
    {
        // All inputs before any output, which may take the name of one.
        string?[] inputs = [.. columns.Select(InputVariable)];
        foreach ((StockColumn column, string? input) in columns.Zip(inputs))
        {
            if (input is null)
            {
                // What comes before cannot be exported, and is not in the graph; neither is what depends on it.
                Call("RemoveColumn", [typeof(string), typeof(bool)], column.OutputName, false);
            }
            else
            {
                Add(column, input);
            }
        }
    }

    private void Add(StockColumn column, string variable)
    {
        Require(ArithmeticVersion, "Sub");
        string input = variable;
        foreach ((double[] offset, double[] scale) in StockFactors.Of(column))
        {
            variable = offset.AsSpan().ContainsAnyExcept(0) ? Subtract(column, variable, offset) : variable;
            variable = scale.AsSpan().ContainsAnyExcept(1) ? Multiply(column, variable, scale) : variable;
        }

        if (column.Clip is { } clip)
        {
            Require(column.IsDouble ? DoubleClipVersion : SingleClipVersion, "Clip");
            AddNode(column, "Clip", variable, Number(column, clip.Low), Number(column, clip.High));
        }
        else if (variable == input)
        {
            AddNode(column, "Identity", variable);
        }
    }

    // ONNX Runtime leaves out an operation with a single number that is 0, or 1, as a single: a double may be neither. Another operation, or
    // two of them, give the same result, and stay.
    private string Subtract(StockColumn column, string variable, double[] offset) => offset is [var single] && (float)single == 0
        ? AddNode(column, "Sum", variable, Numbers(column, [-single]))
        : AddNode(column, "Sub", variable, Numbers(column, offset));

    private string Multiply(StockColumn column, string variable, double[] scale) => scale is [var single] && (float)single == 1
        ? AddNode(column, "Mul", AddNode(column, "Mul", variable, Numbers(column, [single / 2])), Numbers(column, [2]))
        : AddNode(column, "Mul", variable, Numbers(column, scale));

    /// <summary>Adds a node whose result is the output column from then on; returns the result's name.</summary>
    private string AddNode(StockColumn column, string operation, params string[] inputs)
    {
        var output = (string)Call("AddIntermediateVariable", [typeof(DataViewType), typeof(string), typeof(bool)], column.Type, column.OutputName, false)!;
        var node = (string)Call("GetNodeName", [typeof(string)], operation)!;
        Call("CreateNode", NodeTypes, operation, inputs, new[] { output }, node, "");
        return output;
    }

    private string Numbers(StockColumn column, double[] values)
    {
        // One row: it is the same for all rows of a batch.
        long[] shape = values.Length == 1 ? [1, 1] : [1, .. ((VectorDataViewType)column.Type).Dimensions];
        return column.IsDouble
            ? Initializer([typeof(IEnumerable<double>), typeof(IEnumerable<long>), typeof(string), typeof(bool)], values, shape)
            : Initializer(
                [typeof(IEnumerable<float>), typeof(IEnumerable<long>), typeof(string), typeof(bool)],
                Array.ConvertAll(values, value => (float)value), shape);
    }

    private string Number(StockColumn column, double value) => column.IsDouble
        ? Initializer([typeof(double), typeof(string), typeof(bool)], value)
        : Initializer([typeof(float), typeof(string), typeof(bool)], (float)value);

    // Names of numbers stand among those of the columns: one that no column has.
    private string Initializer(Type[] types, params object[] arguments) =>
        (string)Call("AddInitializer", types, [.. arguments, "MLNet.BatchNorm.Number", true])!;

    private string? InputVariable(StockColumn column) => (bool)Call("ContainsColumn", [typeof(string)], column.InputName)!
        ? (string)Call("GetVariableName", [typeof(string)], column.InputName)!
        : null;

    private void Require(int operatorSet, string operation) => Call("CheckOpSetVersion", [typeof(int), typeof(string)], operatorSet, operation);

    private object? Call(string name, Type[] types, params object?[] arguments) => MLNetInternals.CallOnnxGraph(graph, name, types, arguments);
}
