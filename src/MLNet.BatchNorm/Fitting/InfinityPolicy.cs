namespace MLNet.BatchNorm;

/// <summary>What a fit does when it meets positive or negative infinity in a feature.</summary>
/// <remarks>Infinities met when a fitted transformer is applied are never an error: they are scaled like any other value and stay infinite.</remarks>
public enum InfinityPolicy
{
    /// <summary>Stop with an <see cref="InvalidOperationException"/> that names the column, the slot and the row.</summary>
    Throw,

    /// <summary>Leave the value out of that feature's statistics, and count it in <see cref="FeatureStatistics.InfiniteCount"/>.</summary>
    LeaveOut,
}
