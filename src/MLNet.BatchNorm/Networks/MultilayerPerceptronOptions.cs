using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>Options of the multilayer perceptron trainer: columns, layers, and how they learn.</summary>
/// <remarks>
/// Options are immutable records: change one with a <c>with</c> expression. Two options are equal when they would give the same network
/// from the same data; <see cref="NumberOfThreads"/>, <see cref="Progress"/>, <see cref="CancellationToken"/> and
/// <see cref="MeasureActivations"/> do not count in that, and are not saved with a model; nor does <see cref="KeepTrainingState"/> count.
/// </remarks>
public sealed partial record MultilayerPerceptronOptions
{
    /// <summary>The default of <see cref="LearningRate"/>.</summary>
    public const double DefaultLearningRate = 0.003;

    /// <summary>The default of <see cref="BatchSize"/>.</summary>
    public const int DefaultBatchSize = 128;

    /// <summary>The default of <see cref="GroupCount"/>.</summary>
    public const int DefaultGroupCount = 4;

    /// <summary>The default of <see cref="Epochs"/>.</summary>
    public const int DefaultEpochs = 30;

    /// <summary>The default of <see cref="Dropout"/>.</summary>
    public const double DefaultDropout = 0.1;

    /// <summary>The column of labels.</summary>
    /// <value>Default: "Label".</value>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column of features, a vector of Single of known size. Scale it first: <c>Standardize</c>.</summary>
    /// <value>Default: "Features".</value>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>The column of example weights, Single, not negative.</summary>
    /// <value>Default: <see langword="null"/>; every row weighs the same.</value>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>The number of neurons of each hidden layer; none makes the model linear.</summary>
    /// <value>Default: two layers, of 256 and 128.</value>
    public ImmutableArray<int> HiddenLayers { get; init; } = [256, 128];

    /// <summary>What hidden layers apply to each neuron.</summary>
    /// <value>Default: <see cref="ActivationFunction.ReLU"/>.</value>
    public ActivationFunction Activation { get; init; } = ActivationFunction.ReLU;

    /// <summary>How hidden layers are normalized, with gamma and beta learned.</summary>
    /// <value>Default: <see cref="NetworkNormalization.Batch"/>.</value>
    public NetworkNormalization Normalization { get; init; } = NetworkNormalization.Batch;

    /// <summary>Where the normalization stands.</summary>
    /// <value>Default: <see cref="NormalizationPlacement.BeforeActivation"/>.</value>
    public NormalizationPlacement NormalizationPlacement { get; init; } = NormalizationPlacement.BeforeActivation;

    /// <summary>The weight of a new batch in the running statistics, in (0, 1].</summary>
    /// <value>Default: 0.1.</value>
    public double BatchNormMomentum { get; init; } = BatchNormLayer.DefaultMomentum;

    /// <summary>Added to the variances that normalize; positive.</summary>
    /// <value>Default: 1e-5.</value>
    public double NormalizationEpsilon { get; init; } = NormalizationLayer.DefaultEpsilon;

    /// <summary>Groups of neurons per hidden layer with <see cref="NetworkNormalization.Group"/>: a divisor of every width.</summary>
    /// <value>Default: 4.</value>
    public int GroupCount { get; init; } = DefaultGroupCount;

    /// <summary>
    /// Rows of a ghost batch with <see cref="NetworkNormalization.Batch"/>, at least 2: mini-batches are measured and normalized in parts of so
    /// many rows, as <see cref="BatchNormLayer.GhostBatchSize"/> says.
    /// </summary>
    /// <value>Default: <see langword="null"/>; a mini-batch is one part.</value>
    public int? GhostBatchSize { get; init; }

    /// <summary>
    /// The statistics that inference normalizes by, with <see cref="NetworkNormalization.Batch"/> and
    /// <see cref="NetworkNormalization.BatchRenorm"/>. Validation during the training, and early stopping, go by the running ones.
    /// </summary>
    /// <value>Default: <see cref="NormalizationStatistics.Exact"/>.</value>
    public NormalizationStatistics NormalizationStatistics { get; init; } = NormalizationStatistics.Exact;

    /// <summary>How parameters follow their gradients.</summary>
    /// <value>Default: <see cref="NetworkOptimizer.Adam"/>.</value>
    public NetworkOptimizer Optimizer { get; init; } = new NetworkOptimizer.Adam();

    /// <summary>The learning rate, positive.</summary>
    /// <value>Default: 0.003, which suits Adam; plain gradient descent wants about 0.1 with batch normalization.</value>
    public double LearningRate { get; init; } = DefaultLearningRate;

    /// <summary>How the learning rate changes from epoch to epoch.</summary>
    /// <value>Default: <see cref="LearningRateSchedule.Cosine"/>, down to 0.</value>
    public LearningRateSchedule LearningRateSchedule { get; init; } = new LearningRateSchedule.Cosine();

    /// <summary>
    /// Epochs over which the learning rate first rises: epoch e of w has the share e / (w + 1) of it. The schedule begins behind them.
    /// </summary>
    /// <value>Default: 0.</value>
    public int WarmUpEpochs { get; init; }

    /// <summary>Rows in a mini-batch; at least 2 with <see cref="NetworkNormalization.Batch"/> or <see cref="NetworkNormalization.BatchRenorm"/>.</summary>
    /// <value>Default: 128.</value>
    public int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>Passes over the training rows, at most.</summary>
    /// <value>Default: 30.</value>
    public int Epochs { get; init; } = DefaultEpochs;

    /// <summary>
    /// The strength of L2 on the weights of the dense layers, as PyTorch's weight_decay: added as decay * weight to the gradient, or apart
    /// from it with <see cref="NetworkOptimizer.AdamW"/>. Biases, gamma and beta are left alone.
    /// </summary>
    /// <value>Default: 0.</value>
    public double WeightDecay { get; init; }

    /// <summary>
    /// The share of hidden neurons that each training step leaves out, from 0 to below 1; the others are scaled up by 1 / (1 - share), so
    /// that inference needs no correction. Srivastava et al., "Dropout" (2014).
    /// </summary>
    /// <value>Default: 0.1.</value>
    public double Dropout { get; init; } = DefaultDropout;

    /// <summary>How the initial weights are drawn.</summary>
    /// <value>Default: <see cref="WeightInitialization.He"/>.</value>
    public WeightInitialization Initialization { get; init; } = new WeightInitialization.He();

    /// <summary>
    /// The largest length (Euclidean norm over all parameters together) of a gradient; a longer one is shortened to it. Pascanu, Mikolov and
    /// Bengio, "On the difficulty of training recurrent neural networks" (2013), algorithm 1.
    /// </summary>
    /// <value>Default: <see langword="null"/>; gradients are taken as they are.</value>
    public double? GradientClipping { get; init; }

    /// <summary>The share of the training rows, from 0 to below 1, that is put aside for validation where no validation data are given.</summary>
    /// <value>Default: 0.</value>
    public double ValidationFraction { get; init; }

    /// <summary>
    /// After how many epochs without a new lowest validation loss training stops; the network of the lowest one is returned. Needs
    /// validation data, or <see cref="ValidationFraction"/>.
    /// </summary>
    /// <value>Default: <see langword="null"/>; all epochs are run, and the last network is returned.</value>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>The seed of the initial weights, the order of the rows, dropout and the validation split. The same seed gives the same network, to the bit.</summary>
    /// <value>Default: 0.</value>
    public int Seed { get; init; }

    /// <summary>
    /// Whether the model keeps what the optimizer remembers, and the full running moments, so that a later <c>Fit(trainData, model)</c> goes on
    /// as if the training had never stopped. Up to three times the size; saved with the model.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool KeepTrainingState { get; init; }

    /// <summary>How many threads compute. The network does not depend on it.</summary>
    /// <value>Default: <see langword="null"/>; as many as there are cores.</value>
    public int? NumberOfThreads { get; init; }

    /// <summary>Is told of each epoch, in the thread that trains.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public IProgress<EpochProgress>? Progress { get; init; }

    /// <summary>Cancels a running training, which then throws an <see cref="OperationCanceledException"/>.</summary>
    /// <value>Default: <see cref="CancellationToken.None"/>.</value>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Whether <see cref="EpochProgress.Activations"/> are measured, on up to 256 training rows after each epoch.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool MeasureActivations { get; init; }
}
