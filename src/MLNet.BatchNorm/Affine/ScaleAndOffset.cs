namespace MLNet.BatchNorm;

/// <summary>y = ((x - OffsetHigh) - OffsetLow) * Scale, per feature.</summary>
/// <param name="Scale">[features].</param>
/// <param name="OffsetHigh">[features].</param>
/// <param name="OffsetLow">[features]; what a float OffsetHigh leaves over.</param>
internal sealed record ScaleAndOffset(double[] Scale, double[] OffsetHigh, double[] OffsetLow)
{
    /// <summary>Whether one offset is enough.</summary>
    public bool IsSingleStage => OffsetLow.AsSpan().IndexOfAnyExcept(0) < 0;
}
