namespace MLNet.BatchNorm;

/// <summary>One feature of a <see cref="BatchNormReport"/>.</summary>
/// <param name="ColumnName">The input column.</param>
/// <param name="Slot">The zero-based slot in it.</param>
/// <param name="SlotName">The slot's name, or its number where it has none.</param>
/// <param name="Statistics">The exact statistics, pooled over all rows.</param>
/// <param name="RunningMean">The running mean.</param>
/// <param name="RunningVariance">The running variance, without epsilon.</param>
/// <param name="BetweenBatchShare">The share of the variance that lies between batches: <see cref="BatchNormColumn.BetweenBatchShare"/>.</param>
/// <param name="BatchCount">The batches averaged into the running statistics.</param>
/// <param name="Scale">The factor in y = (x - offset) * scale.</param>
/// <param name="Offset">What is subtracted, in units of the input.</param>
public sealed record BatchNormReportRow(
    string ColumnName,
    int Slot,
    string SlotName,
    FeatureStatistics Statistics,
    double RunningMean,
    double RunningVariance,
    double BetweenBatchShare,
    long BatchCount,
    double Scale,
    double Offset)
    : ScalingReportRow(ColumnName, Slot, SlotName, Statistics, Scale, Offset)
{
    /// <summary>
    /// How far the running mean lies from the exact pooled mean, in pooled (population) standard deviations; 0 where both agree.
    /// </summary>
    public double MeanDisagreement => RunningMean == Statistics.Mean ? 0 : (RunningMean - Statistics.Mean) / Statistics.PopulationStandardDeviation;

    /// <summary>The running variance over the exact pooled (population) variance; 1 where both agree.</summary>
    public double VarianceRatio => RunningVariance == Statistics.PopulationVariance ? 1 : RunningVariance / Statistics.PopulationVariance;
}
