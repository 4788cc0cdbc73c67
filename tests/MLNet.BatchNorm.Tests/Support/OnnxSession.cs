using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNet.BatchNorm.Tests.Support;

/// <summary>A model exported to ONNX, open in ONNX Runtime: what a user of the exported model sees.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly Dictionary<string, Column> _inputs;

    /// <summary>Exports a model, in an operator set (ML.NET's own choice if null), and reads the columns that the graph asks for.</summary>
    public OnnxSession(MLContext context, ITransformer model, IDataView data, int? operatorSet = null)
    {
        using var stream = new MemoryStream();
        if (operatorSet is { } version)
        {
            context.Model.ConvertToOnnx(model, data, version, stream);
        }
        else
        {
            context.Model.ConvertToOnnx(model, data, stream);
        }
        _session = new InferenceSession(stream.ToArray());
        _inputs = _session.InputMetadata.Keys.ToDictionary(name => name, name => Column.Of(data, data.Schema[name]));
    }

    /// <summary>The names of the graph's outputs.</summary>
    public IEnumerable<string> Outputs => _session.OutputMetadata.Keys;

    public int RowCount => _inputs.Values.First().RowCount;

    /// <summary>An output column of some of the rows, computed as one batch.</summary>
    public T[][] Run<T>(string column, int firstRow, int rowCount)
    {
        string name = $"{column}.output";
        using var results = _session.Run([.. _inputs.Select(input => input.Value.ToInput(input.Key, firstRow, rowCount))], [name]);
        var tensor = (Tensor<T>)results.Single().Value;
        tensor.Dimensions[0].Should().Be(rowCount);
        return [.. tensor.ToArray().Chunk((int)tensor.Length / rowCount)];
    }

    /// <summary>An output column of all rows, computed in batches of a size.</summary>
    public T[][] Run<T>(string column, int batchSize) =>
        [.. Enumerable.Range(0, (RowCount + batchSize - 1) / batchSize).SelectMany(
            batch => Run<T>(column, batch * batchSize, Math.Min(batchSize, RowCount - (batch * batchSize))))];

    public void Dispose() => _session.Dispose();

    private abstract class Column
    {
        public abstract int RowCount { get; }

        public static Column Of(IDataView data, DataViewSchema.Column column) => column.Type switch
        {
            VectorDataViewType { ItemType: var item } vector when item == NumberDataViewType.Single => new Values<float>(data.GetColumn<float[]>(column), vector.Dimensions.AsSpan()),
            VectorDataViewType { ItemType: var item } vector when item == NumberDataViewType.Double => new Values<double>(data.GetColumn<double[]>(column), vector.Dimensions.AsSpan()),
            KeyDataViewType => Scalars(data.GetColumn<uint>(column)),
            TextDataViewType => Scalars(data.GetColumn<string>(column)),
            BooleanDataViewType => Scalars(data.GetColumn<bool>(column)),
            var type when type == NumberDataViewType.Single => Scalars(data.GetColumn<float>(column)),
            var type when type == NumberDataViewType.Double => Scalars(data.GetColumn<double>(column)),
            var type => throw new NotSupportedException($"Column '{column.Name}' is of type {type}."),
        };

        public abstract NamedOnnxValue ToInput(string name, int firstRow, int rowCount);

        private static Values<T> Scalars<T>(IEnumerable<T> values) => new(values.Select(value => new[] { value }), [1]);
    }

    private sealed class Values<T>(IEnumerable<T[]> rows, ReadOnlySpan<int> dimensions) : Column
    {
        private readonly T[][] _rows = [.. rows];
        private readonly int[] _dimensions = [.. dimensions];

        public override int RowCount => _rows.Length;

        public override NamedOnnxValue ToInput(string name, int firstRow, int rowCount) =>
            NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(_rows.Skip(firstRow).Take(rowCount).SelectMany(row => row).ToArray(), [rowCount, .. _dimensions]));
    }
}
