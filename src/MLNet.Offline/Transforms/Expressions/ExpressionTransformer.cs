using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Columns that an expression has been applied to, slot by slot.</summary>
public sealed class ExpressionTransformer : RowToRowTransformerBase
{
    public const string LoaderSignature = "ExprTransform";

    // As this format numbers item types.
    private const int SingleIndex = 8;
    private const int DoubleIndex = 9;

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "EXPRTRNF",
        Written = 0x00010001,
        Readable = 0x00010001,
        OldestReadable = 0x00010001,
        LoaderSignature = LoaderSignature,
        LoaderAssembly = ComponentVersion.TransformsAssembly,
    };

    private readonly ExpressionColumn[] _columns;

    internal ExpressionTransformer(IHostEnvironment env, ExpressionColumn[] columns)
        : base(env.Register(nameof(ExpressionTransformer))) => _columns = columns;

    // Format: number of outputs; for each the number of inputs (here 1), their names, the expression, the output's name, which input is a
    // vector or -1, and the item types of the inputs.
    internal static ExpressionTransformer Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var count = context.Reader.ReadInt32();
        ModelHeader.Require(count > 0, $"{count} expressions");
        var columns = new List<ExpressionColumn>();
        for (var i = 0; i < count; i++)
        {
            var inputCount = context.Reader.ReadInt32();
            ModelHeader.Require(inputCount == 1, $"an expression of {inputCount} inputs, where the offline implementation of Microsoft.ML has expressions of one");
            var input = context.LoadNonEmptyString();
            var expression = context.LoadNonEmptyString();
            var output = context.LoadNonEmptyString();
            var vectorInput = context.Reader.ReadInt32();
            var type = context.Reader.ReadInt32();
            ModelHeader.Require(vectorInput is 0 or -1 && type is SingleIndex or DoubleIndex, $"an expression over item type {type}");
            columns.Add(ExpressionColumn.Create(output, input, expression, type == SingleIndex ? NumberDataViewType.Single : NumberDataViewType.Double, vectorInput == 0));
        }
        return new ExpressionTransformer(context.Environment, [.. columns]);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_columns.Length);
        foreach (var column in _columns)
        {
            ctx.Writer.Write(1);
            ctx.SaveNonEmptyString(column.Input);
            ctx.SaveNonEmptyString(column.Text);
            ctx.SaveNonEmptyString(column.Output);
            ctx.Writer.Write(column.IsVector ? 0 : -1);
            ctx.Writer.Write(column.ItemType == NumberDataViewType.Single ? SingleIndex : DoubleIndex);
        }
    }

    private protected override RowMapping CreateMapping(DataViewSchema inputSchema)
        => new ColumnwiseMapping(inputSchema, [.. _columns.Select(column => Bind(column, inputSchema))]);

    private static MappedColumn Bind(ExpressionColumn column, DataViewSchema inputSchema)
    {
        var input = inputSchema.GetColumnOrNull(column.Input) ?? throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", column.Input);
        if (input.Type is VectorDataViewType != column.IsVector || input.Type.GetItemType() != column.ItemType)
        {
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", column.Input, column.IsVector ? $"vector of {column.ItemType}" : column.ItemType.ToString()!, input.Type.ToString()!);
        }
        var annotations = new DataViewSchema.Annotations.Builder();
        if (column.IsVector)
        {
            annotations.Add(input.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
        }
        DataViewType type = column.IsVector ? new VectorDataViewType((PrimitiveDataViewType)column.ItemType, input.Type.GetValueCount()) : column.ItemType;
        var output = new DataViewSchema.DetachedColumn(column.Output, type, annotations.ToAnnotations());
        return new MappedColumn(output, [input], row => column.CreateGetter(row, input));
    }
}
