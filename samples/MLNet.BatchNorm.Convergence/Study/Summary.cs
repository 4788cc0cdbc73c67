using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>What to conclude: for the top of the report, and the end of the console's output. Each sentence says of what data it speaks.</summary>
internal static class Summary
{
    /// <summary>A sentence or two for each subject of the lesson.</summary>
    public static IReadOnlyList<string> Draw(IReadOnlyList<DataSetResult> dataSets, IReadOnlyList<NetworkResult> networks, StudySettings settings) =>
    [
        .. dataSets.Take(1).SelectMany(data => ScalingClaims.Trainers(data, settings)),
        .. ScalingClaims.Conditions(dataSets) is { } conditions ? [conditions] : Array.Empty<string>(),
        .. dataSets.Take(1).Select(ScalingClaims.LearningRates).OfType<string>(),
        .. networks.Take(1).SelectMany(network => Draw(network, settings.Networks)),
    ];

    private static IEnumerable<string> Draw(NetworkResult network, NetworkSettings settings) => new[]
    {
        NetworkClaims.Speed(network, settings),
        NetworkClaims.LearningRates(network),
        NetworkClaims.CovariateShift(network),
        network.Inside is null ? null : NetworkClaims.Inference(network, network.Inside),
        network.Inside is null ? null : NetworkClaims.Smoothness(network, network.Inside),
        NetworkClaims.Regularization(network, settings),
        NetworkClaims.Batches(network),
    }.OfType<string>();

    /// <summary>All sentences of one data set's networks.</summary>
    public static IReadOnlyList<string> DrawAll(NetworkResult network, NetworkSettings settings) =>
        [.. Draw(network, settings), NetworkClaims.Initializations(network), .. network.Inside is null ? Array.Empty<string>() : [NetworkClaims.GammaBeta(network, network.Inside), NetworkClaims.Running(network, network.Inside)]];
}
