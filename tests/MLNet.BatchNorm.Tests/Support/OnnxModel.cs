using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Support;

/// <summary>One column of a model that is exported to ONNX and run in ONNX Runtime.</summary>
internal static class OnnxModel
{
    /// <summary>The given output column, row by row, as ONNX Runtime computes it from the same data. For float and double columns.</summary>
    public static double[][] Run(MLContext context, ITransformer model, IDataView data, string outputColumn)
    {
        using var session = new OnnxSession(context, model, data);
        var type = model.GetOutputSchema(data.Schema)[outputColumn].Type;
        return ((type as VectorDataViewType)?.ItemType ?? type) == NumberDataViewType.Double
            ? session.Run<double>(outputColumn, batchSize: 1)
            : [.. session.Run<float>(outputColumn, batchSize: 1).Select(row => Array.ConvertAll(row, value => (double)value))];
    }
}
