namespace Microsoft.ML.Data;

/// <summary>What the formats of all prediction transformers begin with.</summary>
internal static class PredictionTransformerFormat
{
    public const string ModelFolder = "Model";
    public const string TrainSchemaEntry = "TrainSchema";

    /// <summary>Reads model, training schema and feature column, leaving the reader at what a task adds.</summary>
    public static (TModel Model, DataViewSchema TrainSchema, string FeatureColumnName) Load<TModel>(ModelLoadContext context)
        where TModel : class
    {
        var model = context.LoadModel<TModel>(ModelFolder);
        DataViewSchema? schema = null;
        context.TryLoadBinaryStream(TrainSchemaEntry, reader => schema = SchemaEntry.Read(reader.BaseStream));
        return schema is null
            ? throw Runtime.Contracts.ExceptDecode($"Corrupt model file: a '{context.LoaderSignature}' has no entry '{TrainSchemaEntry}'.")
            : (model, schema, context.LoadString());
    }
}
