using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>Base of the SDCA trainers for two classes.</summary>
public abstract class SdcaBinaryTrainerBase<TModelParameters> : SdcaTrainerBase<
    SdcaBinaryTrainerBase<TModelParameters>.BinaryOptionsBase,
    BinaryPredictionTransformer<TModelParameters>,
    TModelParameters>
    where TModelParameters : class
{
    private protected SdcaBinaryTrainerBase(IHostEnvironment env, BinaryOptionsBase options)
        : base(env, options, BooleanDataViewType.Instance)
    {
        Contracts.CheckParam(
            options.PositiveInstanceWeight > 0, nameof(options.PositiveInstanceWeight), "Weight for positive instances must be positive");
    }

    private protected sealed override BinaryPredictionTransformer<TModelParameters> MakeTransformer(
        TModelParameters model, DataViewSchema trainSchema) => new(model, trainSchema, FeatureColumn.Name);

    /// <summary>Options that these trainers share.</summary>
    public class BinaryOptionsBase : OptionsBase
    {
        public float PositiveInstanceWeight = 1;
    }
}

/// <summary>Logistic regression by stochastic dual coordinate ascent.</summary>
public sealed class SdcaLogisticRegressionBinaryTrainer :
    SdcaBinaryTrainerBase<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>
{
    internal SdcaLogisticRegressionBinaryTrainer(IHostEnvironment env, Options options)
        : base(env, options)
    {
    }

    private protected override SdcaProblem CreateProblem(TrainingData data) =>
        new ScalarSdcaProblem(new LogLoss(), TrainerOptions.PositiveInstanceWeight);

    private protected override CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> CreateModel(
        float[][] weights, float[] biases) => CalibratedLinearModel.Logistic(FeatureVector.SparseIfMostlyZero(weights[0]), biases[0]);

    private protected override IEnumerable<SchemaShape.Column> GetOutputColumns(SchemaShape inputSchema) => ScoreShapes.Binary();

    /// <summary>Options of this trainer.</summary>
    public sealed class Options : BinaryOptionsBase
    {
    }
}
