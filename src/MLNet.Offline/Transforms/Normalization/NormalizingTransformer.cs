using System.Collections.Immutable;
using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Scales columns: y = (x - offset) * scale in every slot.</summary>
public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";

    // As the format numbers item types.
    private const byte SingleKind = 9;
    private const byte DoubleKind = 10;

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "NORMALZR",
        Written = 0x00010002,
        Readable = 0x00010001,
        OldestReadable = 0x00010002,
        LoaderSignature = LoaderSignature,
    };

    private readonly AffineColumn[] _columns;

    internal NormalizingTransformer(IHostEnvironment env, AffineColumn[] columns)
        : base(env.Register(nameof(NormalizingTransformer)), Array.ConvertAll(columns, column => (column.Output, column.Input))) => _columns = columns;

    public NormalizerModelParametersBase GetNormalizerModelParameters(int index)
    {
        Contracts.CheckParam(index >= 0 && index < _columns.Length, nameof(index),
            $"Not valid. Valid range is from 0 (inclusive) to {_columns.Length} (exclusive) but got {index}.");
        return _columns[index].Parameters;
    }

    // Format: the column pairs; for each its type (is it a vector, item kind, [rank, dimensions]) and a sub-folder with its scale and offset.
    internal static NormalizingTransformer Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var pairs = LoadColumns(context);
        var columns = new AffineColumn[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            var type = LoadType(context.Reader);
            var folder = FolderOf(i);
            var isThere = context.TryProcessSubModel(folder, inner => columns[i] = AffineColumn.Load(inner, pairs[i].outputColumnName, pairs[i].inputColumnName, type));
            ModelHeader.Require(isThere, $"the normalizer of column '{pairs[i].inputColumnName}' is missing ('{folder}')");
        }
        return new NormalizingTransformer(context.Environment, columns);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        for (var i = 0; i < _columns.Length; i++)
        {
            SaveType(ctx.Writer, _columns[i].Type);
            ctx.SaveSubModel(FolderOf(i), _columns[i].Save);
        }
    }

    private protected override void CheckInputColumn(int pair, DataViewSchema.Column input)
    {
        const string expected = "scalar or known-size vector of Single or Double";
        if (input.Type is VectorDataViewType { IsKnownSize: false })
        {
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, expected, "variable-size vector");
        }
        if (input.Type.GetItemType() != NumberDataViewType.Single && input.Type.GetItemType() != NumberDataViewType.Double)
        {
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, expected, input.Type.ToString()!);
        }
    }

    private protected override DataViewSchema.DetachedColumn DescribeOutput(int pair, DataViewSchema.Column input)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddIsNormalized();
        annotations.Add(input.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
        return new DataViewSchema.DetachedColumn(_columns[pair].Output, _columns[pair].Type, annotations.ToAnnotations());
    }

    private protected override Delegate CreateGetter(int pair, DataViewRow row, DataViewSchema.Column input) => _columns[pair].CreateGetter(row, input);

    private static string FolderOf(int index) => string.Create(CultureInfo.InvariantCulture, $"Normalizer_{index:000}");

    private static void SaveType(BinaryWriter writer, DataViewType type)
    {
        writer.Write(type is VectorDataViewType);
        writer.Write(type.GetItemType() == NumberDataViewType.Single ? SingleKind : DoubleKind);
        if (type is VectorDataViewType vector)
        {
            writer.Write(vector.Dimensions.Length);
            foreach (var dimension in vector.Dimensions)
            {
                writer.Write(dimension);
            }
        }
    }

    private static DataViewType LoadType(BinaryReader reader)
    {
        var isVector = reader.ReadBoolean();
        var kind = reader.ReadByte();
        ModelHeader.Require(kind is SingleKind or DoubleKind, $"a normalizer of item kind {kind}");
        var itemType = kind == SingleKind ? NumberDataViewType.Single : NumberDataViewType.Double;
        if (!isVector)
        {
            return itemType;
        }
        var rank = reader.ReadInt32();
        ModelHeader.Require(rank > 0 && rank <= reader.BaseStream.Length / sizeof(int), $"a vector type with {rank} dimensions");
        var dimensions = new int[rank];
        for (var i = 0; i < rank; i++)
        {
            dimensions[i] = reader.ReadInt32();
        }
        return new VectorDataViewType(itemType, dimensions);
    }

    /// <summary>What a column is scaled by.</summary>
    public abstract class NormalizerModelParametersBase
    {
        private protected NormalizerModelParametersBase()
        {
        }
    }

    /// <summary>Scale and offset: a number for a scalar column, an <see cref="ImmutableArray{T}"/> for a vector; empty offsets are all zero.</summary>
    public sealed class AffineNormalizerModelParameters<TData> : NormalizerModelParametersBase
    {
        internal AffineNormalizerModelParameters(TData scale, TData offset)
        {
            Scale = scale;
            Offset = offset;
        }

        public TData Scale { get; }

        public TData Offset { get; }
    }
}
