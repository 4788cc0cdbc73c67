using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Adds PredictedLabel (whether the score is above a threshold), Score and Probability.</summary>
public sealed class BinaryPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    internal readonly float Threshold;

    internal BinaryPredictionTransformer(TModel model, DataViewSchema trainSchema, string featureColumn, float threshold = 0)
        : base(model, trainSchema, featureColumn) => Threshold = threshold;

    private protected override RowMapping CreateMapping(DataViewSchema inputSchema, DataViewSchema.Column features) =>
        new BinaryScoreMapping(inputSchema, features, (IProbabilityModel)Model, Threshold);

    // Format: as for every prediction transformer; then the threshold and the name of the column that it is for.
    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(BinaryPredictionTransformer.Version);
        base.SaveModel(ctx);
        ctx.Writer.Write(Threshold);
        ctx.SaveString(DefaultColumnNames.Score);
    }
}

/// <summary>Reads binary prediction transformers from model files.</summary>
internal static class BinaryPredictionTransformer
{
    public const string LoaderSignature = "BinaryPredXfer";

    public static readonly ComponentVersion Version = new()
    {
        ModelSignature = "BIN PRED",
        Written = 0x00010001,
        Readable = 0x00010001,
        OldestReadable = 0x00010001,
        LoaderSignature = LoaderSignature,
    };

    public static ITransformer Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var (model, schema, features) =
            PredictionTransformerFormat.Load<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>(context);
        var threshold = context.Reader.ReadSingle();
        var column = context.LoadString();
        ModelHeader.Require(column == DefaultColumnNames.Score, $"the threshold is for column '{column}'; only '{DefaultColumnNames.Score}' can be read");
        return new BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>(
            model, schema, features, threshold);
    }
}

/// <summary>A model of two classes that gives a score, and a probability for it.</summary>
internal interface IProbabilityModel
{
    float Score(in VBuffer<float> features);

    float Probability(float score);
}

/// <summary>The columns of a binary prediction.</summary>
internal sealed class BinaryScoreMapping : ScoreMapping
{
    private readonly IProbabilityModel _model;
    private readonly float _threshold;

    public BinaryScoreMapping(DataViewSchema inputSchema, DataViewSchema.Column features, IProbabilityModel model, float threshold)
        : base(inputSchema, features, CreateColumns(new ScoreColumns(ScoreColumns.BinaryClassification, inputSchema)))
    {
        _model = model;
        _threshold = threshold;
    }

    protected override Delegate[] CreateGetters(Action<Scorer> scoreRow)
    {
        var score = 0f;
        Scorer scorer = (in VBuffer<float> features) => score = _model.Score(features);
        ValueGetter<bool> label = (ref bool value) =>
        {
            scoreRow(scorer);
            value = score > _threshold;
        };
        ValueGetter<float> rawScore = (ref float value) =>
        {
            scoreRow(scorer);
            value = score;
        };
        ValueGetter<float> probability = (ref float value) =>
        {
            scoreRow(scorer);
            value = _model.Probability(score);
        };
        return [label, rawScore, probability];
    }

    private static DataViewSchema.DetachedColumn[] CreateColumns(ScoreColumns columns) =>
    [
        columns.Create(DefaultColumnNames.PredictedLabel, BooleanDataViewType.Instance, DefaultColumnNames.PredictedLabel),
        columns.Create(DefaultColumnNames.Score, NumberDataViewType.Single, DefaultColumnNames.Score),
        columns.Create(
            DefaultColumnNames.Probability, NumberDataViewType.Single, DefaultColumnNames.Probability, annotations => annotations.AddIsNormalized()),
    ];
}
