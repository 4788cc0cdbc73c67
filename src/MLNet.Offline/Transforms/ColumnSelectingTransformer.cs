using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Leaves columns out of a view, hidden ones of the same names too. Read from models only; selecting columns to keep is not there.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "SELCOLST",
        Written = 0x00010001,
        Readable = 0x00010001,
        OldestReadable = 0x00010001,
        LoaderSignature = LoaderSignature,
    };

    private readonly string[] _dropped;
    private readonly bool _keepHidden;
    private readonly bool _ignoreMissing;

    private ColumnSelectingTransformer(string[] dropped, bool keepHidden, bool ignoreMissing)
    {
        _dropped = dropped;
        _keepHidden = keepHidden;
        _ignoreMissing = ignoreMissing;
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new MappedDataView(input, Bind(input.Schema));
    }

    // Format: whether the columns are kept or dropped, whether hidden columns of them are kept, whether missing ones are an error or not;
    // number of columns; their names.
    internal static ColumnSelectingTransformer Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        ModelHeader.Require(
            !context.Reader.ReadBoolean(), "columns to keep, where the offline implementation of Microsoft.ML can drop columns only");
        var (keepHidden, ignoreMissing) = (context.Reader.ReadBoolean(), context.Reader.ReadBoolean());
        var names = new List<string>();
        for (var left = context.Reader.ReadInt32(); left > 0; left--)
        {
            names.Add(context.LoadNonEmptyString());
        }
        ModelHeader.Require(names.Count > 0, "no columns to drop");
        return new ColumnSelectingTransformer([.. names], keepHidden, ignoreMissing);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapper(Bind(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(false);
        ctx.Writer.Write(_keepHidden);
        ctx.Writer.Write(_ignoreMissing);
        ctx.Writer.Write(_dropped.Length);
        foreach (var name in _dropped)
        {
            ctx.SaveNonEmptyString(name);
        }
    }

    private DroppingMapping Bind(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        string[] missing = [.. _dropped.Where(name => inputSchema.GetColumnOrNull(name) is null)];
        return missing.Length == 0 || _ignoreMissing
            ? new DroppingMapping(inputSchema, _dropped)
            : throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", string.Join(",", missing));
    }
}
