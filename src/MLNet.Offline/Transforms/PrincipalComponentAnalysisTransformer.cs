using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML.Transforms;

/// <summary>Projects vectors: each output is a dot product with the input, less a constant. Read from models only; nothing here fits one.</summary>
public sealed class PrincipalComponentAnalysisTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "PcaTransform";

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "PCA FUNC",
        Written = 0x00010002,
        Readable = 0x00010002,
        OldestReadable = 0x00010002,
        LoaderSignature = LoaderSignature,
        LoaderAssembly = "Microsoft.ML.PCA, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51",
    };

    private readonly Projection[] _projections;

    private PrincipalComponentAnalysisTransformer(
        IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, Projection[] projections)
        : base(env.Register(nameof(PrincipalComponentAnalysisTransformer)), columns) => _projections = projections;

    // Format: pairs of columns; for each pair the sizes of input and output, a row of weights per output, and the number of constants
    // (that of the outputs, or none) with the constants.
    internal static PrincipalComponentAnalysisTransformer Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var columns = LoadColumns(context);
        return new PrincipalComponentAnalysisTransformer(
            context.Environment, columns, [.. columns.Select(_ => Projection.Load(context.Reader))]);
    }

    private protected override void CheckInputColumn(int pair, DataViewSchema.Column input)
    {
        if (input.Type is not VectorDataViewType { Size: > 1 } vector || !vector.ItemType.Equals(NumberDataViewType.Single))
        {
            throw Contracts.ExceptSchemaMismatch(
                "inputSchema", "input", input.Name, "known-size vector of Single of two or more items", input.Type.ToString()!);
        }
        if (vector.Size != _projections[pair].InputSize)
        {
            var expected = new VectorDataViewType(NumberDataViewType.Single, _projections[pair].InputSize);
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, expected.ToString()!, input.Type.ToString()!);
        }
    }

    private protected override DataViewSchema.DetachedColumn DescribeOutput(int pair, DataViewSchema.Column input)
        => new(ColumnPairs[pair].outputColumnName, new VectorDataViewType(NumberDataViewType.Single, _projections[pair].OutputSize), null!);

    private protected override Delegate CreateGetter(int pair, DataViewRow row, DataViewSchema.Column input)
    {
        var getSource = row.GetGetter<VBuffer<float>>(input);
        var source = default(VBuffer<float>);
        var projection = _projections[pair];
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
        {
            getSource(ref source);
            projection.Apply(source, ref destination);
        });
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (var projection in _projections)
        {
            projection.Save(ctx.Writer);
        }
    }

    /// <summary>What one pair of columns computes.</summary>
    private sealed record Projection(float[][] Weights, float[] Constants)
    {
        public int InputSize => Weights[0].Length;

        public int OutputSize => Weights.Length;

        public static Projection Load(BinaryReader reader)
        {
            var (inputSize, outputSize) = (reader.ReadInt32(), reader.ReadInt32());
            ModelHeader.Require(outputSize > 0 && outputSize <= inputSize, $"a projection of {inputSize} items onto {outputSize}");
            var weights = new List<float[]>();
            while (weights.Count < outputSize)
            {
                weights.Add(reader.ReadItems<float>(inputSize));
            }
            var constants = reader.ReadSingles();
            ModelHeader.Require(constants.Length == 0 || constants.Length == outputSize, $"{constants.Length} constants for {outputSize} outputs");
            ModelHeader.Require(weights.Append(constants).All(row => Array.TrueForAll(row, float.IsFinite)), "a weight is not finite");
            return new Projection([.. weights], constants);
        }

        public void Save(BinaryWriter writer)
        {
            writer.Write(InputSize);
            writer.Write(OutputSize);
            foreach (var row in Weights)
            {
                writer.WriteItems<float>(row);
            }
            writer.WriteSingles(Constants);
        }

        public void Apply(in VBuffer<float> source, ref VBuffer<float> destination)
        {
            if (source.Length != InputSize)
            {
                throw new InvalidOperationException($"A projection expects vectors of {InputSize} items, but got {source.Length}.");
            }
            var editor = VBufferEditor.Create(ref destination, OutputSize);
            for (var i = 0; i < Weights.Length; i++)
            {
                editor.Values[i] = FeatureVector.Dot(source, Weights[i]) - (Constants.Length == 0 ? 0 : Constants[i]);
            }
            destination = editor.Commit();
        }
    }
}
