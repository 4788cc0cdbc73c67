namespace MLNet.BatchNorm;

/// <summary>Where training tells what it finds.</summary>
internal interface INetworkLog
{
    void Info(string message);

    void Warn(string message);
}
