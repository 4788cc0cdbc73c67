namespace MLNet.BatchNorm;

/// <summary>Trains a network by mini-batch gradient descent.</summary>
internal static class NetworkTraining
{
    /// <summary>Trains, and returns the network of the last epoch, or with early stopping that of the lowest validation loss.</summary>
    /// <param name="data">The rows to learn from; at least one.</param>
    /// <param name="validation">Rows to watch; if null, the options' share of <paramref name="data"/> is put aside.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="outputCount">1, or the number of classes.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="log">Is told of each epoch.</param>
    /// <param name="start">The network to go on from, of the same layers; null for one of random weights.</param>
    /// <exception cref="NetworkDivergedException">
    /// A loss is no longer finite, or that of the network that is returned far above what it was before the first step.
    /// </exception>
    /// <exception cref="InvalidOperationException">There are too few rows, or none to validate on where early stopping needs them.</exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public static TrainingResult Train(
        NetworkData data,
        NetworkData? validation,
        NetworkTask task,
        int outputCount,
        MultilayerPerceptronOptions options,
        INetworkLog log,
        TrainingStart? start = null)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        if (validation is null && options.ValidationFraction > 0)
        {
            (data, validation) = ValidationSplit.Split(data, options.ValidationFraction, options.Seed);
        }

        if (options.EarlyStoppingPatience is not null && validation is null)
        {
            throw new InvalidOperationException(
                "Early stopping goes by validation data, and there are none: give them to Fit, or set ValidationFraction, 0.1 for instance.");
        }

        // The outputs of a network that goes on are in the units that it was trained in.
        var target = start is null ? TargetScaling.Of(data, task) : new TargetScaling(start.Network.TargetMean, start.Network.TargetScale);
        int threads = options.NumberOfThreads ?? Environment.ProcessorCount;
        ThreadTeam? team = threads > 1 ? new ThreadTeam(threads) : null;
        var run = new TrainingRun(
            target.Scale(data), validation is null ? null : target.Scale(validation), task, outputCount, options, target, team, start);
        return run.Train(log);
    }
}
