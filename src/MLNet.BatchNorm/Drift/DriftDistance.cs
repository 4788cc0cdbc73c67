namespace MLNet.BatchNorm;

/// <summary>One measure of how far a feature's distribution has moved.</summary>
/// <param name="Value">The distance; 0 where nothing has changed.</param>
/// <param name="Threshold">From where on it counts: that of the <see cref="DriftThresholds"/>.</param>
/// <param name="StandardError">How far chance spreads the distance with so many values, if nothing has changed; docs/drift.md has the formulae.</param>
/// <param name="Verdict">What it comes to: drifted where it is beyond the threshold, and more than chance.</param>
public sealed record DriftDistance(double Value, double Threshold, double StandardError, DriftVerdict Verdict);
