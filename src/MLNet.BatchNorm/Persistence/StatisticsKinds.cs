using Microsoft.ML;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm.Persistence;

/// <summary>A kind of state that a statistics entry can hold.</summary>
/// <param name="Name">What the entry calls it. Part of the format: never changed.</param>
/// <param name="Version">The newest version of the state that this build writes and reads. It reads all older ones.</param>
/// <param name="Read">Makes the transformer from its state; the host is that of the catalog which loads it.</param>
internal sealed record StatisticsKind(string Name, int Version, Func<StatisticsReader, HostEnvironment, ITransformer> Read);

/// <summary>All kinds of state that this build knows. A new transformer that saves itself adds its line here.</summary>
internal static class StatisticsKinds
{
    public static IReadOnlyList<StatisticsKind> All { get; } =
    [
        StandardizationState.Instance.StatisticsKind,
        MinMaxScalingState.Instance.StatisticsKind,
        BatchNormState.Instance.StatisticsKind,
        RobustScalingState.Instance.StatisticsKind,
        MaxAbsScalingState.Instance.StatisticsKind,
        new(NetworkState.Kind, NetworkState.Version, MultilayerPerceptronTransformer.FromState),
    ];
}
