namespace MLNet.BatchNorm;

/// <summary>Chooses the form of a kernel at compile time, so that the forward loop carries nothing of the backward one.</summary>
internal interface IChannelForm
{
    static abstract bool HasGradient { get; }
}

/// <summary>Backward: there is a gradient of the output beside the input.</summary>
internal readonly struct WithGradient : IChannelForm
{
    public static bool HasGradient => true;
}

/// <summary>Forward: there is the input alone.</summary>
internal readonly struct WithoutGradient : IChannelForm
{
    public static bool HasGradient => false;
}
