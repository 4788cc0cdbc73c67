using Microsoft.ML.Data;

namespace Microsoft.ML;

// Using a model on one object at a time.
public sealed partial class ModelOperationsCatalog
{
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new()
        => new(transformer, RowMember.Bind<TSrc>(inputSchemaDefinition, SchemaDefinition.Direction.Read), ignoreMissingColumns, outputSchemaDefinition);

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new()
        => new(transformer, RowMember.Bind<TSrc>(inputSchema), false, null);
}
