using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Convergence.Report.Lesson;

/// <summary>2. Networks with and without batch normalization: speed, learning rates, initial weights.</summary>
internal sealed class NetworkSection(NetworkResult network, NetworkSettings settings) : IReportSection
{
    public string Id => "networks";

    public string Title => "2. Batch normalization inside a network";

    public void Write(HtmlWriter html) => html
        .Element("p", $"Networks {network.Architecture} on {network.Name}: {Numbers.Whole(network.TrainingRowCount)} rows to train on by plain stochastic gradient descent in batches of {Numbers.Whole(settings.BatchSize)}, "
            + $"{Numbers.Whole(network.TestRowCount)} to test on. Each neuron is normalized over the batch, before its activation.")
        .Charts([
            NetworkCharts.Epochs(network, settings, "training loss", point => point.TrainingLoss, log: true, NetworkClaims.TrainingLoss(network, settings)),
            NetworkCharts.Epochs(network, settings, $"test {network.Score}", point => point.Score, log: false, NetworkClaims.Speed(network, settings)),
            .. NetworkCharts.LearningRates(network),
        ])
        .Charts(NetworkCharts.Initializations(network));
}
