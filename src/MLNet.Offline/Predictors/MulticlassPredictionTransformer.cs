using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Adds PredictedLabel, the key of the class with the highest score, and Score, a value per class.</summary>
public sealed class MulticlassPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    private readonly string? _labelColumnName;
    private readonly string _scoreColumnName;
    private readonly string _predictedLabelColumnName;

    internal MulticlassPredictionTransformer(
        TModel model,
        DataViewSchema trainSchema,
        string featureColumn,
        string? labelColumn,
        string scoreColumn = DefaultColumnNames.Score,
        string predictedLabel = DefaultColumnNames.PredictedLabel)
        : base(model, trainSchema, featureColumn)
    {
        _labelColumnName = labelColumn;
        _scoreColumnName = scoreColumn;
        _predictedLabelColumnName = predictedLabel;
    }

    private protected override RowMapping CreateMapping(DataViewSchema inputSchema, DataViewSchema.Column features) =>
        new MulticlassScoreMapping(
            inputSchema,
            features,
            (LinearMulticlassModelParametersBase)(object)Model,
            _labelColumnName is null ? null : TrainSchema.GetColumnOrNull(_labelColumnName),
            _scoreColumnName,
            _predictedLabelColumnName);

    // Format: as for every prediction transformer; then the names of the label, score and predicted label columns.
    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(MulticlassPredictionTransformer.Version);
        base.SaveModel(ctx);
        ctx.SaveStringOrNull(_labelColumnName);
        ctx.SaveStringOrNull(_scoreColumnName);
        ctx.SaveStringOrNull(_predictedLabelColumnName);
    }
}

/// <summary>Reads multiclass prediction transformers from model files.</summary>
internal static class MulticlassPredictionTransformer
{
    public const string LoaderSignature = "MulticlassPredXfer";

    public static readonly ComponentVersion Version = new()
    {
        ModelSignature = "MC  PRED",
        Written = WithColumnNames,
        Readable = 0x00010001,
        OldestReadable = 0x00010001,
        LoaderSignature = LoaderSignature,
    };

    private const uint WithColumnNames = 0x00010002;

    public static ITransformer Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var (model, schema, features) = PredictionTransformerFormat.Load<MaximumEntropyModelParameters>(context);
        var label = context.LoadStringOrNull();
        return context.ModelWritten < WithColumnNames
            ? new MulticlassPredictionTransformer<MaximumEntropyModelParameters>(model, schema, features, label)
            : new MulticlassPredictionTransformer<MaximumEntropyModelParameters>(
                model, schema, features, label, context.LoadNonEmptyString(), context.LoadNonEmptyString());
    }
}
