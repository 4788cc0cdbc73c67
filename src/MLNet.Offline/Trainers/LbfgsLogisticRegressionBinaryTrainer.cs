using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>Logistic regression by L-BFGS.</summary>
public sealed class LbfgsLogisticRegressionBinaryTrainer : LbfgsTrainerBase<
    LbfgsLogisticRegressionBinaryTrainer.Options,
    BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>,
    CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>
{
    internal LbfgsLogisticRegressionBinaryTrainer(IHostEnvironment env, Options options)
        : base(env, options, BooleanDataViewType.Instance)
    {
    }

    public BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>> Fit(
        IDataView trainData, LinearModelParameters modelParameters) => Fit(trainData, start: modelParameters);

    private protected override LogisticLoss CreateLoss(TrainingData data) => new BinaryLogisticLoss();

    private protected override CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> CreateModel(
        float[] parameters, int biasCount) => CalibratedLinearModel.Logistic(new VBuffer<float>(parameters.Length - 1, parameters[1..]), parameters[0]);

    private protected override IEnumerable<float> ParametersOf(object model)
    {
        var linear = (LinearModelParameters)model;
        return linear.Weights.Prepend(linear.Bias);
    }

    private protected override BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>
        MakeTransformer(CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> model, DataViewSchema trainSchema) =>
        new(model, trainSchema, FeatureColumn.Name);

    private protected override IEnumerable<SchemaShape.Column> GetOutputColumns(SchemaShape inputSchema) => ScoreShapes.Binary();

    /// <summary>Options of this trainer.</summary>
    public sealed class Options : OptionsBase
    {
    }
}
