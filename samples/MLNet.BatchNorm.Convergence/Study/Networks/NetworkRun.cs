using Microsoft.ML;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study.Networks.Inside;

namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>Trains one network by plain stochastic gradient descent, on one thread, and looks at the test rows after every epoch.</summary>
internal static class NetworkRun
{
    /// <summary>Trains, and scores every epoch by the running statistics; by the exact ones too, where that is asked for, at the end.</summary>
    public static NetworkRunResult Measure(
        NetworkData data, NetworkCell cell, NetworkSettings settings, int seed, bool withExactStatistics, CancellationToken cancellation)
    {
        var recorder = new Recorder();
        var options = Options(cell, settings, seed, recorder, cancellation) with
        {
            NormalizationStatistics = withExactStatistics ? NormalizationStatistics.Exact : NormalizationStatistics.Running,
        };
        try
        {
            // Exact statistics are taken when the training is over: what the epochs report goes by the running ones either way.
            var model = Train(data, options, seed).Model;
            var points = Points();
            var exactScore = withExactStatistics ? Numbers.SixDigits(ProbeNetwork.Of(model).InferenceScore(ProbeRows.Of(data.Test, int.MaxValue))) : (double?)null;
            return new NetworkRunResult(seed, EpochsToTarget: null, DivergedAtEpoch: null, points[^1].Score, points) { ExactScore = exactScore };
        }
        catch (NetworkDivergedException exception)
        {
            return new NetworkRunResult(seed, EpochsToTarget: null, exception.Epoch, Score: null, Points());
        }

        EpochPoint[] Points() =>
        [
            .. recorder.Epochs.Select(epoch => new EpochPoint(
                Numbers.SixDigits(epoch.TrainingLoss), Numbers.SixDigits(epoch.ValidationLoss!.Value), Numbers.SixDigits(NetworkScores.Of(data.Task, epoch.ValidationMetric!.Value, data.LabelVariance)))),
        ];
    }

    /// <summary>
    /// The options of a training: a plain network, so that what is seen is the normalization's doing. Every option is given, so that the study
    /// stays what it is when the trainer's defaults change.
    /// </summary>
    public static MultilayerPerceptronOptions Options(
        NetworkCell cell, NetworkSettings settings, int seed, IProgress<EpochProgress> progress, CancellationToken cancellation) => new()
        {
            LabelColumnName = DataViews.Label,
            FeatureColumnName = DataViews.Features,
            ExampleWeightColumnName = null,
            HiddenLayers = [.. settings.HiddenLayers],
            Activation = cell.Activation,
            Normalization = cell.Normalization,
            NormalizationPlacement = NormalizationPlacement.BeforeActivation,
            BatchNormMomentum = 0.1,
            NormalizationEpsilon = 1e-5,
            GroupCount = 4,
            GhostBatchSize = null,
            NormalizationStatistics = NormalizationStatistics.Running,
            Initialization = Initializations.Of(cell.Initialization),
            Optimizer = new NetworkOptimizer.Sgd { Momentum = 0, Nesterov = false },
            LearningRate = cell.LearningRate,
            LearningRateSchedule = new LearningRateSchedule.Constant(),
            WarmUpEpochs = 0,
            BatchSize = cell.BatchSize,
            Epochs = cell.Epochs,
            WeightDecay = 0,
            Dropout = 0,
            GradientClipping = null,
            ValidationFraction = 0,
            EarlyStoppingPatience = null,
            Seed = seed,
            KeepTrainingState = false,
            NumberOfThreads = 1,
            Progress = progress,
            CancellationToken = cancellation,
            MeasureActivations = false,
        };

    /// <summary>Trains on the training rows, from the beginning or on from a network; the test rows are only looked at, never chosen by.</summary>
    public static MultilayerPerceptronTransformer Train(NetworkData data, MultilayerPerceptronOptions options, int seed, MultilayerPerceptronModel? goOnFrom = null)
    {
        var context = new MLContext(seed);
        var trainer = data.Task switch
        {
            LearningTask.Binary => context.BinaryClassification.Trainers.MultilayerPerceptron(options),
            LearningTask.Multiclass => context.MulticlassClassification.Trainers.MultilayerPerceptron(options),
            _ => context.Regression.Trainers.MultilayerPerceptron(options),
        };
        var (training, test) = (DataViews.Create(context, data.Training), DataViews.Create(context, data.Test));
        return goOnFrom is null ? trainer.Fit(training, test) : trainer.Fit(training, test, goOnFrom);
    }

    /// <summary>Keeps what each epoch reports, in the thread that reports it.</summary>
    public sealed class Recorder : IProgress<EpochProgress>
    {
        private readonly List<EpochProgress> _epochs = [];

        public IReadOnlyList<EpochProgress> Epochs => _epochs;

        public void Report(EpochProgress value) => _epochs.Add(value);
    }
}
