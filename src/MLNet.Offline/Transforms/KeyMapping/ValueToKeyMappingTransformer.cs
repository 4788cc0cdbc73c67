using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Values as keys: the position of the value among those that were learned, 0 for any other.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";
    private const string VocabularyFolder = "Vocabulary";

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "TERMTRNF",
        Written = 0x00010003,
        Readable = 0x00010003,
        OldestReadable = 0x00010003,
        LoaderSignature = LoaderSignature,
    };

    private static readonly ComponentVersion VocabularyVersion = new()
    {
        ModelSignature = "TERM MAN",
        Written = 0x00010002,
        Readable = 0x00010002,
        OldestReadable = 0x00010002,
        LoaderSignature = "TermManager",
    };

    private readonly KeyVocabulary[] _vocabularies;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, (string Output, string Input)[] columns, KeyVocabulary[] vocabularies)
        : base(env.Register(nameof(ValueToKeyMappingTransformer)), columns) => _vocabularies = vocabularies;

    // Format: the column pairs; for each whether its key values are annotated as text; a sub-folder with all vocabularies.
    internal static ValueToKeyMappingTransformer Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var columns = LoadColumns(context);
        foreach (var (output, _) in columns)
        {
            ModelHeader.Require(!context.Reader.ReadBoolean(), $"column '{output}' annotates key values as text, which the offline implementation of Microsoft.ML does not have");
        }
        var vocabularies = new KeyVocabulary[columns.Length];
        var isThere = context.TryProcessSubModel(VocabularyFolder, inner =>
        {
            inner.CheckVersionInfo(VocabularyVersion);
            var count = inner.Reader.ReadInt32();
            ModelHeader.Require(count == columns.Length, $"{count} vocabularies for {columns.Length} columns");
            for (var i = 0; i < vocabularies.Length; i++)
            {
                vocabularies[i] = KeyVocabulary.Load(inner);
            }
        });
        ModelHeader.Require(isThere, $"the vocabularies are missing ('{VocabularyFolder}')");
        return new ValueToKeyMappingTransformer(context.Environment, columns, vocabularies);
    }

    internal static DataViewSchema.Column FindInput(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name) ?? throw Contracts.ExceptSchemaMismatch("inputSchema", "input", name);
        return column.Type is PrimitiveDataViewType and not KeyDataViewType
            ? column
            : throw Contracts.ExceptSchemaMismatch("inputSchema", "input", name,
                "a scalar that is no key (all that the offline implementation of Microsoft.ML maps to keys)", column.Type.ToString()!);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        Array.ForEach(_vocabularies, _ => ctx.Writer.Write(false));
        ctx.SaveSubModel(VocabularyFolder, inner =>
        {
            inner.SetVersionInfo(VocabularyVersion);
            inner.Writer.Write(_vocabularies.Length);
            Array.ForEach(_vocabularies, vocabulary => vocabulary.Save(inner));
        });
    }

    private protected override void CheckInputColumn(int pair, DataViewSchema.Column input)
    {
        if (!input.Type.Equals(_vocabularies[pair].ItemType))
        {
            throw new InvalidOperationException($"Could not apply a map over type '{_vocabularies[pair].ItemType}' to column '{input.Name}' since it has type '{input.Type}'");
        }
    }

    private protected override DataViewSchema.DetachedColumn DescribeOutput(int pair, DataViewSchema.Column input)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        _vocabularies[pair].Annotate(annotations);
        return new DataViewSchema.DetachedColumn(ColumnPairs[pair].outputColumnName, _vocabularies[pair].KeyType, annotations.ToAnnotations());
    }

    private protected override Delegate CreateGetter(int pair, DataViewRow row, DataViewSchema.Column input) => _vocabularies[pair].CreateGetter(row, input);
}
