namespace MLNet.BatchNorm;

/// <summary>One feature of a <see cref="ScalingReport"/>.</summary>
/// <param name="ColumnName">The input column.</param>
/// <param name="Slot">The zero-based slot in it.</param>
/// <param name="SlotName">The slot's name, or its number where it has none.</param>
/// <param name="Statistics">What the fit has found.</param>
/// <param name="Scale">The factor in y = (x - offset) * scale.</param>
/// <param name="Offset">What is subtracted, in units of the input.</param>
public record ScalingReportRow(
    string ColumnName, int Slot, string SlotName, FeatureStatistics Statistics, double Scale, double Offset);
