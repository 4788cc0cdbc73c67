using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNet.BatchNorm.Tests.Support;

/// <summary>Exports a model to ONNX and runs the graph in ONNX Runtime: what a user of the exported model sees.</summary>
internal static class OnnxModel
{
    /// <summary>The given output column, row by row, as ONNX Runtime computes it from the same data. For float and double columns.</summary>
    public static double[][] Run(MLContext context, ITransformer model, IDataView data, string outputColumn)
    {
        using var stream = new MemoryStream();
        context.Model.ConvertToOnnx(model, data, stream);
        using var session = new InferenceSession(stream.ToArray());
        var columns = session.InputMetadata.Keys.ToDictionary(name => name, name => Read(data, name));
        int rowCount = columns.Values.First().Length;
        return [.. Enumerable.Range(0, rowCount).Select(row =>
        {
            var inputs = columns.Select(column => ToInput(column.Key, column.Value[row], session.InputMetadata[column.Key].ElementType)).ToList();
            using var results = session.Run(inputs);
            var output = results.Single(result => result.Name == $"{outputColumn}.output");
            return output.Value is Tensor<double> doubles ? doubles.ToArray() : [.. ((Tensor<float>)output.Value).Select(value => (double)value)];
        })];
    }

    private static double[][] Read(IDataView data, string name)
    {
        var type = data.Schema[name].Type;
        return type switch
        {
            VectorDataViewType { ItemType: var item } when item == NumberDataViewType.Single =>
                [.. data.GetColumn<float[]>(name).Select(values => Array.ConvertAll(values, value => (double)value))],
            VectorDataViewType { ItemType: var item } when item == NumberDataViewType.Double => [.. data.GetColumn<double[]>(name)],
            _ when type == NumberDataViewType.Single => [.. data.GetColumn<float>(name).Select(value => new[] { (double)value })],
            _ when type == NumberDataViewType.Double => [.. data.GetColumn<double>(name).Select(value => new[] { value })],
            _ when type == BooleanDataViewType.Instance => [.. data.GetColumn<bool>(name).Select(value => new[] { value ? 1.0 : 0 })],
            _ => throw new NotSupportedException($"Column '{name}' is of type {type}."),
        };
    }

    private static NamedOnnxValue ToInput(string name, double[] values, Type type)
    {
        int[] shape = [1, values.Length];
        return type == typeof(double) ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<double>(values, shape))
            : type == typeof(bool) ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<bool>(Array.ConvertAll(values, value => value != 0), shape))
            : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(Array.ConvertAll(values, value => (float)value), shape));
    }
}
