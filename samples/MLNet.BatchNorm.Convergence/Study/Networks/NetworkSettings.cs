namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>How much work the network section does. Two runs on the same data with equal settings give the same results.</summary>
public sealed record NetworkSettings
{
    /// <summary>Neurons of each hidden layer.</summary>
    /// <value>Two layers of 100.</value>
    public IReadOnlyList<int> HiddenLayers { get; init; } = [100, 100];

    /// <summary>The learning rates tried, of plain stochastic gradient descent.</summary>
    /// <value>0.001 to 3, two per decade.</value>
    public IReadOnlyList<double> LearningRates { get; init; } = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

    /// <summary>The learning rate of everything else.</summary>
    /// <value>0.1.</value>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>The seeds: each splits the rows, draws the weights and orders the rows in its own way.</summary>
    /// <value>1, 2 and 3.</value>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];

    /// <summary>The largest number of passes over the training rows.</summary>
    /// <value>40.</value>
    public int Epochs { get; init; } = 40;

    /// <summary>The accuracy on the test rows that counts as arrived, where the data are known to allow it.</summary>
    /// <value>0.95, on the shipped data sets; otherwise what the best network reaches decides.</value>
    public double TargetAccuracy { get; init; } = 0.95;

    /// <summary>Rows in a mini-batch.</summary>
    /// <value>64.</value>
    public int BatchSize { get; init; } = 64;

    /// <summary>The batch sizes tried with every kind of normalization.</summary>
    /// <value>2 to 256, in powers of two.</value>
    public IReadOnlyList<int> BatchSizes { get; init; } = [2, 4, 8, 16, 32, 64, 128, 256];

    /// <summary>Passes over the training rows at each batch size.</summary>
    /// <value>10.</value>
    public int BatchSizeEpochs { get; init; } = 10;

    /// <summary>The share of the rows put aside for testing.</summary>
    /// <value>0.2.</value>
    public double TestShare { get; init; } = 0.2;
}
