using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>Writes scaled columns to an ONNX graph.</summary>
/// <remarks>
/// They are the stages of the stock form, (x - offset) * scale in the column's type, as Sub and Mul, and Clip where asked: ONNX Runtime
/// computes what plain ML.NET computes from the zip, to the last bit. Sub and Mul take floats and doubles alike; the Scaler that ML.NET itself
/// writes takes floats alone.
/// </remarks>
internal static class OnnxScaling
{
    /// <exception cref="InvalidOperationException">An input column is not in the graph.</exception>
    public static void Write(OnnxGraph graph, IReadOnlyList<StockColumn> columns)
    {
        // All inputs before any output, which may take the name of one.
        string[] inputs = [.. columns.Select(column => Input(graph, column))];
        foreach ((StockColumn column, string input) in columns.Zip(inputs))
        {
            string result = input;
            foreach ((double[] offset, double[] scale) in StockFactors.Of(column))
            {
                result = offset.AsSpan().ContainsAnyExcept(0) ? Subtract(graph, column, result, offset) : result;
                result = scale.AsSpan().ContainsAnyExcept(1) ? Multiply(graph, column, result, scale) : result;
            }
            graph.AddTo(graph.AddColumn(column.OutputName, column.Type), "Identity", [result]);
            if (column.Clip is { } clip)
            {
                graph.Clip(column.OutputName, column.Type, clip.Low, clip.High);
            }
        }
    }

    private static string Input(OnnxGraph graph, StockColumn column) => graph.HasColumn(column.InputName)
        ? graph.VariableOf(column.InputName)
        : throw new InvalidOperationException(
            $"Column '{column.InputName}', which is scaled, is not in the ONNX graph: a stage before it cannot be exported. "
            + "Export a pipeline of stages that can, or one that begins with this column.");

    // ONNX Runtime leaves out a Sub of one number that is 0, or a Mul of one that is 1, when it is so as a single: a double need be neither.
    // Another operation, or two of them, give the same result, and stay.
    private static string Subtract(OnnxGraph graph, StockColumn column, string variable, double[] offset) => offset is [var one] && (float)one == 0
        ? graph.Add("Sum", [variable, Numbers(graph, column, [-one])])
        : graph.Add("Sub", [variable, Numbers(graph, column, offset)]);

    private static string Multiply(OnnxGraph graph, StockColumn column, string variable, double[] scale) => scale is [var one] && (float)one == 1
        ? graph.Add("Mul", [graph.Add("Mul", [variable, Numbers(graph, column, [one / 2])]), Numbers(graph, column, [2])])
        : graph.Add("Mul", [variable, Numbers(graph, column, scale)]);

    private static string Numbers(OnnxGraph graph, StockColumn column, double[] values)
    {
        // One row: it is the same for all rows of a batch.
        long[] shape = column.Type is VectorDataViewType vector && values.Length > 1 ? [1, .. vector.Dimensions.Select(size => (long)size)] : [1, 1];
        return column.IsDouble ? graph.Constant(values, shape) : graph.Constant(Array.ConvertAll(values, value => (float)value), shape);
    }
}
