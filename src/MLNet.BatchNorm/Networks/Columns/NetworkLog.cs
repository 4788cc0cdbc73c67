using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>Sends what the training says to ML.NET's log.</summary>
internal sealed class NetworkLog(HostEnvironment host) : INetworkLog
{
    /// <summary>What the messages come from.</summary>
    public const string Component = "MultilayerPerceptron";

    public void Info(string message) => host.Inform(Component, message);

    public void Warn(string message) => host.Warn(Component, message);
}
