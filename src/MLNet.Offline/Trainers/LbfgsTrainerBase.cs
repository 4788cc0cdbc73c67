using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>Base of the trainers that minimize a logistic loss with L-BFGS, or with its orthant-wise variant where there is an L1 penalty.</summary>
public abstract class LbfgsTrainerBase<TOptions, TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
    where TOptions : LbfgsTrainerBase<TOptions, TTransformer, TModel>.OptionsBase, new()
{
    private readonly TOptions _options;

    private protected LbfgsTrainerBase(IHostEnvironment env, TOptions options, DataViewType labelType)
        : base(env.Register("LbfgsTrainerBase"), options, labelType)
    {
        Check(options.NumberOfThreads is null or > 0, nameof(options.NumberOfThreads), "Must be positive (or empty for default)");
        Check(options.L2Regularization >= 0, nameof(options.L2Regularization), "Must be non-negative");
        Check(options.L1Regularization >= 0, nameof(options.L1Regularization), "Must be non-negative");
        Check(options.OptimizationTolerance > 0, nameof(options.OptimizationTolerance), "Must be positive");
        Check(options.HistorySize > 0, nameof(options.HistorySize), "Must be positive");
        Check(options.MaximumNumberOfIterations > 0, nameof(options.MaximumNumberOfIterations), "Must be positive");
        _options = options;
    }

    public override TrainerInfo Info { get; } = new();

    private protected sealed override TModel Train(TrainingData data, object? start, IChannel channel)
    {
        var loss = CreateLoss(data);
        var objective = new LogisticObjective(loss, data, _options.L2Regularization, _options.NumberOfThreads ?? Environment.ProcessorCount);
        if (objective.ExampleCount == 0)
        {
            throw new InvalidOperationException("No valid training instances found, all instances have missing features.");
        }
        WarnOfSkipped(channel, objective.SkippedCount);
        var minimizer = _options.L1Regularization > 0
            ? (QuasiNewtonMinimizer)new OrthantWiseMinimizer(
                objective.Evaluate,
                _options.HistorySize,
                loss.BiasCount,
                _options.L1Regularization / objective.ExampleCount,
                _options.EnforceNonNegativity)
            : new SmoothMinimizer(objective.Evaluate, _options.HistorySize, _options.EnforceNonNegativity);
        var parameters = minimizer.Minimize(
            StartingPoint(start, objective.ParameterCount),
            new MeanImprovementRule(_options.OptimizationTolerance, _options.MaximumNumberOfIterations));
        if (minimizer.EndedPrematurely && !_options.Quiet)
        {
            channel.Warning(MessageSensitivity.None, "Premature convergence occurred. The OptimizationTolerance may be set too small.");
        }
        return CreateModel(parameters, loss.BiasCount);
    }

    private protected abstract LogisticLoss CreateLoss(TrainingData data);

    /// <summary>Makes a model of the biases followed by the weights of each class.</summary>
    private protected abstract TModel CreateModel(float[] parameters, int biasCount);

    /// <summary>The biases of an earlier model followed by its weights.</summary>
    private protected abstract IEnumerable<float> ParametersOf(object model);

    private static void Check(bool condition, string option, string message) => Contracts.CheckParam(condition, option, message);

    private float[] StartingPoint(object? start, int parameterCount)
    {
        if (start is not null)
        {
            float[] given = [.. ParametersOf(start)];
            return given.Length == parameterCount ? given : throw new InvalidOperationException(
                $"The model to start from has {given.Length} weights and biases, the training data need {parameterCount}: different classes or features.");
        }
        var parameters = new float[parameterCount];
        if (_options.InitialWeightsDiameter > 0)
        {
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i] = _options.InitialWeightsDiameter * (Host.Rand.NextSingle() - 0.5f);
            }
        }
        return parameters;
    }

    /// <summary>Options that these trainers share.</summary>
    public abstract class OptionsBase : TrainerInputBaseWithWeight
    {
        public float L2Regularization = 1;

        public float L1Regularization = 1;

        public float OptimizationTolerance = 1e-7f;

        public int HistorySize = 20;

        public int MaximumNumberOfIterations = int.MaxValue;

        public bool Quiet = false;

        public float InitialWeightsDiameter = 0;

        /// <summary>Null: one per processor.</summary>
        public int? NumberOfThreads;

        /// <summary>Has no effect: the optimizer's vectors are dense either way, which changes no result.</summary>
        public bool DenseOptimizer = false;

        public bool EnforceNonNegativity = false;
    }
}
