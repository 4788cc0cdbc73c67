namespace MLNet.BatchNorm;

/// <summary>Options of <see cref="MaxAbsScalingEstimator"/>: y = x / max |x|. There are none but those that all scalings share.</summary>
public sealed record MaxAbsScalingOptions : ScalingOptions;
