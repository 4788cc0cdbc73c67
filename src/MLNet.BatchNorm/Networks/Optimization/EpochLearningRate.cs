namespace MLNet.BatchNorm;

/// <summary>The learning rate of each epoch.</summary>
internal static class EpochLearningRate
{
    /// <summary>Warm-up first, linear: e / (w + 1) in epoch e of w; then the schedule over the epochs that are left of all.</summary>
    public static double Of(MultilayerPerceptronOptions options, int epoch, int epochCount)
    {
        int warmUp = options.WarmUpEpochs;
        return options.LearningRate * (epoch <= warmUp
            ? (double)epoch / (warmUp + 1)
            : options.LearningRateSchedule.Factor(epoch - warmUp - 1, epochCount - warmUp));
    }
}
