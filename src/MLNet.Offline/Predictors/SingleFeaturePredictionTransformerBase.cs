using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Base of the prediction transformers that read one column of features.</summary>
public abstract class SingleFeaturePredictionTransformerBase<TModel> : PredictionTransformerBase<TModel>, ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected SingleFeaturePredictionTransformerBase(TModel model, DataViewSchema trainSchema, string featureColumn)
        : base(model, trainSchema)
    {
        FeatureColumnName = featureColumn;
        FeatureColumnType = FindFeatures(trainSchema, nameof(featureColumn)).Type;
    }

    public string FeatureColumnName { get; }

    public DataViewType FeatureColumnType { get; }

    public sealed override DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var features = FindFeatures(inputSchema, nameof(inputSchema));
        if (!features.Type.Equals(FeatureColumnType))
        {
            throw Contracts.ExceptSchemaMismatch(
                nameof(inputSchema), "feature", FeatureColumnName, FeatureColumnType.ToString()!, features.Type.ToString()!);
        }
        return CreateMapping(inputSchema).OutputSchema;
    }

    private protected sealed override RowMapping CreateMapping(DataViewSchema inputSchema)
    {
        var features = FindFeatures(inputSchema, nameof(inputSchema));
        if (features.Type is not VectorDataViewType { ItemType: var itemType, Size: var size }
            || !itemType.Equals(NumberDataViewType.Single) || size != FeatureColumnType.GetVectorSize())
        {
            throw new InvalidOperationException(
                $"Incompatible features column '{FeatureColumnName}': the model was trained on {FeatureColumnType}, got {features.Type}.");
        }
        return CreateMapping(inputSchema, features);
    }

    private protected abstract RowMapping CreateMapping(DataViewSchema inputSchema, DataViewSchema.Column features);

    // Format: the model in a sub-folder, the training schema in an entry beside, the name of the feature column.
    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SaveModel((ICanSaveModel)Model, PredictionTransformerFormat.ModelFolder);
        ctx.SaveBinaryStream(PredictionTransformerFormat.TrainSchemaEntry, writer => SchemaEntry.Write(writer.BaseStream, TrainSchema));
        ctx.SaveStringOrNull(FeatureColumnName);
    }

    private DataViewSchema.Column FindFeatures(DataViewSchema schema, string paramName) =>
        schema.GetColumnOrNull(FeatureColumnName) ?? throw Contracts.ExceptSchemaMismatch(paramName, "feature", FeatureColumnName);
}
