namespace Microsoft.ML;

/// <summary>What a trainer would like of its data.</summary>
public sealed class TrainerInfo
{
    internal TrainerInfo(bool caching = true) => WantCaching = caching;

    /// <summary>Whether scaled features help; true of every trainer here.</summary>
    public bool NeedNormalization => true;

    /// <summary>Whether it reads the data so often that a cache helps.</summary>
    public bool WantCaching { get; }
}
