namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Options of a plain training, for tests of what a single step or epoch does: one layer, a constant rate, no dropout, running statistics.</summary>
internal static class PlainOptions
{
    public static MultilayerPerceptronOptions Value { get; } = new()
    {
        HiddenLayers = [100],
        LearningRate = 0.001,
        LearningRateSchedule = new LearningRateSchedule.Constant(),
        BatchSize = 64,
        Epochs = 100,
        Dropout = 0,
        NormalizationStatistics = NormalizationStatistics.Running,
    };
}
