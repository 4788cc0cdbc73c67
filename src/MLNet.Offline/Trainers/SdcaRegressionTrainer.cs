using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>Linear regression by stochastic dual coordinate ascent.</summary>
public sealed class SdcaRegressionTrainer : SdcaTrainerBase<
    SdcaRegressionTrainer.Options,
    RegressionPredictionTransformer<LinearRegressionModelParameters>,
    LinearRegressionModelParameters>
{
    internal SdcaRegressionTrainer(IHostEnvironment env, Options options)
        : base(env, options, NumberDataViewType.Single)
    {
    }

    private protected override int MaximumNumberOfThreads => 2;

    private protected override float ChooseL2(long rowCount, int iterations, int threadCount) => SdcaSettings.ChooseRegressionL2(rowCount);

    private protected override SdcaProblem CreateProblem(TrainingData data) =>
        new ScalarSdcaProblem(TrainerOptions.LossFunction ?? new SquaredLoss());

    private protected override LinearRegressionModelParameters CreateModel(float[][] weights, float[] biases) =>
        new(FeatureVector.SparseIfMostlyZero(weights[0]), biases[0]);

    private protected override RegressionPredictionTransformer<LinearRegressionModelParameters> MakeTransformer(
        LinearRegressionModelParameters model, DataViewSchema trainSchema) => new(model, trainSchema, FeatureColumn.Name);

    private protected override IEnumerable<SchemaShape.Column> GetOutputColumns(SchemaShape inputSchema) => ScoreShapes.Regression();

    /// <summary>Options of this trainer: a tighter tolerance and an unpenalized bias by default.</summary>
    public sealed class Options : OptionsBase
    {
        public Options()
        {
            ConvergenceTolerance = 0.01f;
            BiasLearningRate = 1;
        }

        /// <summary>Null: the squared loss.</summary>
        public ISupportSdcaRegressionLoss? LossFunction { get; set; }
    }
}
