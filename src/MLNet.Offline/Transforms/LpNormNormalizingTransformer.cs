using System.Numerics.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Scales each vector to a length, in the Euclidean norm. Read from models only; nothing here makes one.</summary>
public sealed class LpNormNormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "GcnTransform";

    // Vectors longer than this many times their new length are left as they are.
    private const float SmallestScale = 1e-8f;

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "GCNORMAF",
        Written = 0x00010003,
        Readable = 0x00010003,
        OldestReadable = 0x00010003,
        LoaderSignature = LoaderSignature,
        LoaderAssembly = ComponentVersion.TransformsAssembly,
    };

    private readonly float[] _lengths;

    private LpNormNormalizingTransformer(IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, float[] lengths)
        : base(env.Register(nameof(LpNormNormalizingTransformer)), columns) => _lengths = lengths;

    // Format: pairs of columns; for each pair whether the mean is subtracted (here not), the norm (here 0, Euclidean), and the length.
    internal static LpNormNormalizingTransformer Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var columns = LoadColumns(context);
        return new LpNormNormalizingTransformer(context.Environment, columns, [.. columns.Select(_ => LoadLength(context.Reader))]);
    }

    private static float LoadLength(BinaryReader reader)
    {
        var (subtractsMean, norm, length) = (reader.ReadByte(), reader.ReadByte(), reader.ReadSingle());
        ModelHeader.Require(
            subtractsMean == 0 && norm == 0, "a norm that is not Euclidean or a mean that is subtracted, which the offline implementation of Microsoft.ML does not have");
        ModelHeader.Require(length > 0 && float.IsFinite(length), $"the length {length}");
        return length;
    }

    private protected override void CheckInputColumn(int pair, DataViewSchema.Column input)
    {
        if (input.Type is not VectorDataViewType { Size: > 0 } vector || !vector.ItemType.Equals(NumberDataViewType.Single))
        {
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, "known-size vector of Single", input.Type.ToString()!);
        }
    }

    private protected override DataViewSchema.DetachedColumn DescribeOutput(int pair, DataViewSchema.Column input)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
        annotations.Add(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, (ref bool value) => value = true);
        return new(ColumnPairs[pair].outputColumnName, input.Type, annotations.ToAnnotations());
    }

    private protected override Delegate CreateGetter(int pair, DataViewRow row, DataViewSchema.Column input)
    {
        var getSource = row.GetGetter<VBuffer<float>>(input);
        var source = default(VBuffer<float>);
        var length = _lengths[pair];
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
        {
            getSource(ref source);
            var values = source.GetValues();
            var norm = TensorPrimitives.Norm(values);
            var scale = norm > 0 ? length / norm : length;
            var editor = VBufferEditor.Create(ref destination, source.Length, values.Length);
            TensorPrimitives.Multiply(values, scale < SmallestScale ? 1 : scale, editor.Values);
            if (!source.IsDense)
            {
                source.GetIndices().CopyTo(editor.Indices);
            }
            destination = editor.Commit();
        });
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (var length in _lengths)
        {
            ctx.Writer.Write(false);
            ctx.Writer.Write((byte)0);
            ctx.Writer.Write(length);
        }
    }
}
