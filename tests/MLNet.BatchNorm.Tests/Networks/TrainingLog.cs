namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Keeps what a training reports.</summary>
internal sealed class TrainingLog : IProgress<EpochProgress>, INetworkLog
{
    public List<EpochProgress> Epochs { get; } = [];

    public List<string> Messages { get; } = [];

    public void Report(EpochProgress value) => Epochs.Add(value);

    public void Info(string message) => Messages.Add(message);

    public void Warn(string message) => Messages.Add(message);

    /// <summary>The epochs of a training for classes, up to the one in which it diverges.</summary>
    public static IReadOnlyList<EpochProgress> Of(MultilayerPerceptronOptions options, (NetworkData Training, NetworkData Test) data)
    {
        var log = new TrainingLog();
        try
        {
            NetworkTraining.Train(data.Training, data.Test, NetworkTask.MulticlassClassification, 10, options with { Progress = log }, log);
        }
        catch (NetworkDivergedException exception)
        {
            log.Epochs.Should().HaveCount(exception.Epoch - 1);
        }

        return log.Epochs;
    }
}
