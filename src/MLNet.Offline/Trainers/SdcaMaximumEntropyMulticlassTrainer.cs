using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>Base of the SDCA trainers for several classes.</summary>
public abstract class SdcaMulticlassTrainerBase<TModel> : SdcaTrainerBase<
    SdcaMulticlassTrainerBase<TModel>.MulticlassOptions,
    MulticlassPredictionTransformer<TModel>,
    TModel>
    where TModel : class
{
    private protected SdcaMulticlassTrainerBase(IHostEnvironment env, MulticlassOptions options)
        : base(env, options, NumberDataViewType.UInt32)
    {
    }

    private protected sealed override MulticlassPredictionTransformer<TModel> MakeTransformer(TModel model, DataViewSchema trainSchema) =>
        new(model, trainSchema, FeatureColumn.Name, LabelColumn.Name);

    private protected sealed override IEnumerable<SchemaShape.Column> GetOutputColumns(SchemaShape inputSchema) =>
        ScoreShapes.Multiclass(inputSchema, LabelColumn.Name);

    /// <summary>Options that these trainers share.</summary>
    public class MulticlassOptions : OptionsBase
    {
    }
}

/// <summary>Maximum entropy classification by stochastic dual coordinate ascent, over the log losses of the label against every other class.</summary>
public sealed class SdcaMaximumEntropyMulticlassTrainer : SdcaMulticlassTrainerBase<MaximumEntropyModelParameters>
{
    internal SdcaMaximumEntropyMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, options)
    {
    }

    private protected override SdcaProblem CreateProblem(TrainingData data) => new MulticlassSdcaProblem(new LogLoss(), data.CountClasses());

    private protected override MaximumEntropyModelParameters CreateModel(float[][] weights, float[] biases) => new(weights, biases);

    /// <summary>Options of this trainer.</summary>
    public sealed class Options : MulticlassOptions
    {
    }
}
