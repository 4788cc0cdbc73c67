namespace MLNet.BatchNorm;

/// <summary>What one feature has come to, its values sorted.</summary>
internal sealed record FeatureSnapshot(
    long Count, long MissingCount, long InfiniteCount, double WeightSum, double Minimum, double Maximum, bool IsExact, SortedValues Values)
{
    /// <param name="sketch">The values.</param>
    /// <param name="zeros">Zeros that are not among them: their number and weight.</param>
    public static FeatureSnapshot Create(QuantileSketch sketch, in WeightedMoments zeros)
    {
        bool hasZeros = zeros.Count > 0;
        bool isPlain = !hasZeros && sketch.Weighted.Count == 0 && sketch.Levels.All(level => level.Count == 0 || level.Exponent == 0);
        var values = new double[sketch.StoredCount + (hasZeros ? 1 : 0)];
        double[]? weights = isPlain ? null : new double[values.Length];
        int position = 0;
        foreach (SketchLevel level in sketch.Levels)
        {
            level.Values.CopyTo(values.AsSpan(position));
            weights?.AsSpan(position, level.Count).Fill(level.Weight);
            position += level.Count;
        }
        sketch.Weighted.Values.CopyTo(values.AsSpan(position));
        sketch.Weighted.Weights.CopyTo(weights is null ? [] : weights.AsSpan(position));
        if (hasZeros)
        {
            weights![^1] = zeros.Weight;
        }
        if (weights is null)
        {
            Array.Sort(values);
        }
        else
        {
            Array.Sort(values, weights);
            for (int i = 1; i < weights.Length; i++)
            {
                weights[i] += weights[i - 1];
            }
        }

        long count = sketch.Count + (long)zeros.Count;
        double weightSum = sketch.WeightSum + zeros.Weight;
        if (!double.IsFinite(weightSum))
        {
            throw WeightedValues.SumBeyondRange();
        }
        double unit = weights is null || count == 0 ? 1 : Math.Min(1, weightSum / count);
        return new FeatureSnapshot(
            count,
            sketch.MissingCount,
            sketch.InfiniteCount,
            weightSum,
            count == 0 ? double.NaN : Math.Min(sketch.Minimum, hasZeros ? 0 : sketch.Minimum),
            count == 0 ? double.NaN : Math.Max(sketch.Maximum, hasZeros ? 0 : sketch.Maximum),
            sketch.IsExact,
            new SortedValues(values, weights, unit));
    }
}
