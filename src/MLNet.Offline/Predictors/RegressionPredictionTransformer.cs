using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Adds Score, the predicted number.</summary>
public sealed class RegressionPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    internal RegressionPredictionTransformer(TModel model, DataViewSchema trainSchema, string featureColumn)
        : base(model, trainSchema, featureColumn)
    {
    }

    private protected override RowMapping CreateMapping(DataViewSchema inputSchema, DataViewSchema.Column features) =>
        new RegressionScoreMapping(inputSchema, features, (RegressionModelParameters)(object)Model);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(RegressionPredictionTransformer.Version);
        base.SaveModel(ctx);
    }
}

/// <summary>Reads regression prediction transformers from model files.</summary>
internal static class RegressionPredictionTransformer
{
    public const string LoaderSignature = "RegressionPredXfer";

    public static readonly ComponentVersion Version = new()
    {
        ModelSignature = "REG PRED",
        Written = 0x00010001,
        Readable = 0x00010001,
        OldestReadable = 0x00010001,
        LoaderSignature = LoaderSignature,
    };

    public static ITransformer Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var (model, schema, features) = PredictionTransformerFormat.Load<RegressionModelParameters>(context);
        return model switch
        {
            OlsModelParameters leastSquares => new RegressionPredictionTransformer<OlsModelParameters>(leastSquares, schema, features),
            LinearRegressionModelParameters linear => new RegressionPredictionTransformer<LinearRegressionModelParameters>(linear, schema, features),
            _ => throw context.UnknownComponent(),
        };
    }
}

/// <summary>The column of a regression prediction.</summary>
internal sealed class RegressionScoreMapping : ScoreMapping
{
    private readonly LinearModelParameters _model;

    public RegressionScoreMapping(DataViewSchema inputSchema, DataViewSchema.Column features, LinearModelParameters model)
        : base(
            inputSchema,
            features,
            new ScoreColumns(ScoreColumns.Regression, inputSchema).Create(
                DefaultColumnNames.Score, NumberDataViewType.Single, DefaultColumnNames.Score)) => _model = model;

    protected override Delegate[] CreateGetters(Action<Scorer> scoreRow)
    {
        var score = 0f;
        Scorer scorer = (in VBuffer<float> features) => score = _model.Score(features);
        ValueGetter<float> getter = (ref float value) =>
        {
            scoreRow(scorer);
            value = score;
        };
        return [getter];
    }
}
