using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>Base of the trainers by stochastic dual coordinate ascent.</summary>
public abstract class SdcaTrainerBase<TOptions, TTransformer, TModel> : StochasticTrainerBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
    where TOptions : SdcaTrainerBase<TOptions, TTransformer, TModel>.OptionsBase, new()
{
    // The dual needs a positive penalty, and is slow below this one.
    private const float SmallestL2 = 1e-9f;

    private protected SdcaTrainerBase(IHostEnvironment env, TOptions options, DataViewType labelType)
        : base(env.Register("SdcaTrainerBase"), options, labelType)
    {
        Contracts.CheckParam(options.L2Regularization is null or >= 0, nameof(options.L2Regularization), "L2 constant must be non-negative.");
        Contracts.CheckParam(options.L1Regularization is null or >= 0, nameof(options.L1Regularization), "L1 threshold must be non-negative.");
        Contracts.CheckParam(
            options.MaximumNumberOfIterations is null or > 0,
            nameof(options.MaximumNumberOfIterations),
            "Max number of iterations must be positive.");
        Contracts.CheckParam(
            options.ConvergenceTolerance is > 0 and <= 1,
            nameof(options.ConvergenceTolerance),
            "Convergence tolerance must be positive and no larger than 1.");
        TrainerOptions = options;
        if (options.L2Regularization < SmallestL2)
        {
            using var channel = Host.Start("SDCA arguments checking");
            channel.Warning(
                MessageSensitivity.None,
                "The L2 regularization constant must be at least {0}: {1} is replaced with that. In SDCA the dual is only valid with a positive constant.",
                SmallestL2,
                options.L2Regularization);
            options.L2Regularization = SmallestL2;
        }
    }

    private protected TOptions TrainerOptions { get; }

    /// <summary>Threads when the options leave it open. Only tunes defaults: see <see cref="SdcaSolver"/>.</summary>
    private protected virtual int MaximumNumberOfThreads => 8;

    private protected sealed override TModel Train(TrainingData data, object? start, IChannel channel)
    {
        var threads = TrainerOptions.NumberOfThreads ?? Math.Clamp(Environment.ProcessorCount / 2, 1, MaximumNumberOfThreads);
        Contracts.CheckParam(
            threads > 0, nameof(TrainerOptions.NumberOfThreads), "The number of threads must be either null or a positive integer.");
        var settings = new SdcaSettings
        {
            L2 = TrainerOptions.L2Regularization,
            L1Threshold = TrainerOptions.L1Regularization,
            MaximumNumberOfIterations = TrainerOptions.MaximumNumberOfIterations,
            ConvergenceTolerance = TrainerOptions.ConvergenceTolerance,
            ConvergenceCheckFrequency = TrainerOptions.ConvergenceCheckFrequency,
            Shuffle = TrainerOptions.Shuffle,
            BiasLearningRate = TrainerOptions.BiasLearningRate,
            ThreadCount = threads,
            ChooseL2 = ChooseL2,
        };
        var solution = SdcaSolver.Solve(
            TrainerOptions.Shuffle ? data.Shuffled(Host) : data, CreateProblem(data), settings, Host.Rand, count => WarnOfSkipped(channel, count));
        return CreateModel(solution.Weights, solution.Biases);

        float ChooseL2(long rowCount, int iterations) => this.ChooseL2(rowCount, iterations, threads);
    }

    private protected virtual float ChooseL2(long rowCount, int iterations, int threadCount) =>
        SdcaSettings.ChooseClassificationL2(rowCount, iterations, threadCount);

    private protected abstract SdcaProblem CreateProblem(TrainingData data);

    private protected abstract TModel CreateModel(float[][] weights, float[] biases);

    /// <summary>Options that these trainers share; null: chosen from the data.</summary>
    public abstract class OptionsBase : TrainerInputBaseWithWeight
    {
        public float? L2Regularization;

        /// <summary>Soft threshold: the L1 penalty divided by the L2 penalty.</summary>
        public float? L1Regularization;

        public int? NumberOfThreads;

        public float ConvergenceTolerance = 0.1f;

        public int? MaximumNumberOfIterations;

        public bool Shuffle = true;

        public int? ConvergenceCheckFrequency;

        public float BiasLearningRate = 0;

        private protected OptionsBase()
        {
        }
    }
}
