using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>Multinomial logistic regression by L-BFGS.</summary>
public sealed class LbfgsMaximumEntropyMulticlassTrainer : LbfgsTrainerBase<
    LbfgsMaximumEntropyMulticlassTrainer.Options,
    MulticlassPredictionTransformer<MaximumEntropyModelParameters>,
    MaximumEntropyModelParameters>
{
    internal LbfgsMaximumEntropyMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, options, NumberDataViewType.UInt32)
    {
    }

    public MulticlassPredictionTransformer<MaximumEntropyModelParameters> Fit(IDataView trainData, MaximumEntropyModelParameters modelParameters) =>
        Fit(trainData, start: modelParameters);

    private protected override LogisticLoss CreateLoss(TrainingData data) => new SoftmaxLoss(data.CountClasses());

    private protected override MaximumEntropyModelParameters CreateModel(float[] parameters, int biasCount) =>
        new([.. parameters[biasCount..].Chunk((parameters.Length - biasCount) / biasCount)], parameters[..biasCount]);

    private protected override IEnumerable<float> ParametersOf(object model)
    {
        var multiclass = (MaximumEntropyModelParameters)model;
        var weights = Array.Empty<VBuffer<float>>();
        multiclass.GetWeights(ref weights, out _);
        return multiclass.GetBiases().Concat(weights.SelectMany(row => row.DenseValues()));
    }

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> MakeTransformer(
        MaximumEntropyModelParameters model, DataViewSchema trainSchema) => new(model, trainSchema, FeatureColumn.Name, LabelColumn.Name);

    private protected override IEnumerable<SchemaShape.Column> GetOutputColumns(SchemaShape inputSchema) =>
        ScoreShapes.Multiclass(inputSchema, LabelColumn.Name);

    /// <summary>Options of this trainer.</summary>
    public sealed class Options : OptionsBase
    {
    }
}
