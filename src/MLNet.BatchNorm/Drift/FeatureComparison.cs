namespace MLNet.BatchNorm;

/// <summary>Compares one feature of new data with what it was like before.</summary>
/// <param name="column">Names the feature.</param>
/// <param name="feature">Its zero-based index.</param>
/// <param name="then">What it was like.</param>
/// <param name="now">The moments of the new data.</param>
/// <param name="quantilesNow">The quantiles of the new data; null where the column has none of the old.</param>
/// <param name="thresholds">From where on a change is drift.</param>
internal sealed class FeatureComparison(
    FittedColumn column, int feature, DriftReference then, FeatureMoments now, FeatureQuantiles? quantilesNow, DriftThresholds thresholds)
{
    /// <summary>Of a mean averaged over batches, relative to it; a few hundred units in the last place.</summary>
    private const double RoundingError = 1e-13;

    private readonly double _mean = now.Mean[feature];
    private readonly double _variance = now.PopulationVariance[feature];
    private readonly double _count = now.Count[feature];
    private readonly double _missing = now.AbsentCount(feature);

    private DriftKinds _kinds;
    private bool _isPrecise;

    public FeatureDrift Run()
    {
        double shift = Shift();
        double ratio = Ratio();
        double missingNow = _missing / (_missing + _count);
        if (then.Variance == 0)
        {
            JudgeConstant(shift, ratio);
        }
        else
        {
            JudgeMoments(shift, ratio);
        }
        var change = new CountChange(then.MissingCount, then.MissingCount + then.Count, _missing + _count, thresholds.StandardErrors);
        Judge(DriftKinds.Missing, Math.Abs(missingNow - then.MissingShare) > thresholds.MissingShare && change.IsExceededBy(_missing));
        _isPrecise &= change.Shows(thresholds.MissingShare);

        ShapeDrift? shape = Shape();
        _kinds |= shape?.Kinds ?? DriftKinds.None;
        _isPrecise &= shape?.IsPrecise ?? true;

        var drift = new FeatureDrift
        {
            ColumnName = column.InputColumnName,
            Feature = feature,
            FeatureName = column.FeatureName(feature),
            Count = now.Count[feature],
            Mean = _mean,
            PopulationVariance = _variance,
            MeanShift = shift,
            VarianceRatio = ratio,
            MissingShareThen = then.MissingShare,
            MissingShareNow = missingNow,
            Shape = shape,
            Kinds = _kinds,
            Verdict = _kinds != DriftKinds.None ? DriftVerdict.Drifted : _isPrecise ? DriftVerdict.Stable : DriftVerdict.TooFewValues,
            Message = string.Empty,
        };
        return drift with { Message = $"{column.Describe(feature)}: {DriftMessage.Of(drift, then.Mean, column is RunningColumn)}" };
    }

    private ShapeDrift? Shape()
    {
        var exact = DriftReference.OfExact(column.Moments, feature);
        return column.Quantiles is { } quantilesThen && quantilesNow is { } current && exact.Variance > 0 && _count > 0
            ? new ShapeComparison(quantilesThen.Snapshot(feature), current.Snapshot(feature), exact, thresholds, quantilesThen.Size, current.Size).Run()
            : null;
    }

    /// <summary>Means that differ by rounding errors are the same, also where a constant has no deviation to measure them by.</summary>
    private double Shift() => Math.Abs(_mean - then.Mean) <= Rounding ? 0 : (_mean - then.Mean) / Math.Sqrt(then.Variance);

    /// <summary>One value has no variance to compare; a constant that stays one has not changed.</summary>
    private double Ratio() => _count < 2 ? double.NaN : _variance == then.Variance ? 1 : _variance / then.Variance;

    private double Rounding => RoundingError * Math.Abs(then.Mean);

    private void JudgeMoments(double shift, double ratio)
    {
        var chance = new Chance(then, _count, thresholds.StandardErrors);
        Judge(DriftKinds.Mean, Math.Abs(shift) > thresholds.MeanShift && chance.IsExceededByShift(shift));
        Judge(DriftKinds.Variance, Math.Max(ratio, 1 / ratio) > thresholds.VarianceRatio && chance.IsExceededByRatio(ratio));
        _isPrecise = chance.IsExceededByShift(thresholds.MeanShift)
            && chance.IsExceededByRatio(thresholds.VarianceRatio)
            && chance.IsExceededByRatio(1 / thresholds.VarianceRatio);
    }

    /// <summary>
    /// Of a constant any other value is a change; how many there are is what chance is asked about. All but the first of the values then,
    /// which says what the constant is, agreed with it.
    /// </summary>
    private void JudgeConstant(double shift, double ratio)
    {
        var change = new CountChange(0, then.Count - 1, _count, thresholds.StandardErrors);
        bool isChange = change.IsExceededBy(FewestOthers());
        Judge(DriftKinds.Mean, isChange && double.IsInfinity(shift));
        Judge(DriftKinds.Variance, isChange && double.IsInfinity(ratio));
        _isPrecise = change.IsExceededBy(_count);
    }

    /// <summary>
    /// At least so many values differ from the constant: none of them adds more to the sum of squares about it than the square of the
    /// largest difference.
    /// </summary>
    private double FewestOthers()
    {
        const double Slack = 1e-9;
        double largest = now.LargestDeviation(feature, then.Mean);
        double difference = _mean - then.Mean;
        return largest > Rounding ? Math.Ceiling(_count * (_variance + (difference * difference)) / (largest * largest) * (1 - Slack)) : 0;
    }

    private void Judge(DriftKinds kind, bool isDrift) => _kinds |= isDrift ? kind : DriftKinds.None;
}
