using MLNet.BatchNorm.Convergence.Study.Networks;
using MLNet.BatchNorm.Convergence.Study.Networks.Inside;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>What to conclude: for the top of the report, and the end of the console's output. Each sentence begins with the data that it speaks of.</summary>
internal static class Summary
{
    /// <summary>A sentence or two for each subject of the lesson.</summary>
    public static IReadOnlyList<string> Draw(IReadOnlyList<DataSetResult> dataSets, IReadOnlyList<NetworkResult> networks, StudySettings settings) =>
    [
        .. ScalingClaims.Conditions(dataSets) is { } conditions ? [conditions] : Array.Empty<string>(),
        .. dataSets.Take(1).SelectMany(data => ScalingClaims.Trainers(data, settings)),
        .. dataSets.Take(1).Select(ScalingClaims.LearningRates).OfType<string>(),
        .. networks.Take(1).SelectMany(network => OfNetwork(network, settings.Networks)),
    ];

    /// <summary>One data set's networks, in the lesson's order.</summary>
    public static IReadOnlyList<string> OfNetwork(NetworkResult network, NetworkSettings settings) =>
    [
        .. new[] { NetworkClaims.Speed(network, settings), NetworkClaims.LearningRates(network), NetworkClaims.Initializations(network), InsideClaims.CovariateShift(network) }.OfType<string>(),
        .. network.Inside is { } inside ? OfInside(network, inside) : [],
        .. new[] { NetworkClaims.Regularization(network, settings), BatchSizeClaims.Kinds(network) }.OfType<string>(),
        .. network.Inside is { BatchSizes.Count: > 0 } opened ? [BatchSizeClaims.Mismatch(network, opened)] : Array.Empty<string>(),
        .. BatchSizeClaims.Exact(network) is { } exact ? [exact] : Array.Empty<string>(),
    ];

    private static IEnumerable<string> OfInside(NetworkResult network, InsideResult inside) => new[]
    {
        InsideClaims.GammaBeta(network, inside),
        InsideClaims.Running(network, inside),
        InsideClaims.Inference(network, inside),
        InsideClaims.LossAlongStep(network, inside),
        InsideClaims.GradientAlongStep(network, inside),
    }.OfType<string>();
}
