namespace MLNet.BatchNorm;

/// <summary>
/// Count, weight, mean and squared deviations of one feature. The mean is kept as <c>Origin + Offset</c>, the origin a value of the
/// data itself: deviations between means are then taken between small numbers, and no digit of a large common offset is lost.
/// </summary>
internal readonly record struct WeightedMoments(double Count, double Weight, double Origin, double Offset, double SquaredDeviations)
{
    public double Mean => Count > 0 ? Origin + Offset : double.NaN;

    public double PopulationVariance => Count > 0 ? SquaredDeviations / Weight : double.NaN;

    public double SampleVariance => Weight > 1 && Count > 0 ? SquaredDeviations / (Weight - 1) : double.NaN;

    /// <summary>The moments of <paramref name="count"/> zeros.</summary>
    public static WeightedMoments Zeros(double count, double weight) => new(count, weight, 0, 0, 0);

    /// <summary>The moments of shifted sums: <c>sum = sum w (x - shift)</c>, <c>squareSum = sum w (x - shift)^2</c>.</summary>
    public static WeightedMoments FromShiftedSums(double count, double weight, double shift, double sum, double squareSum)
    {
        if (count == 0)
        {
            return default;
        }

        double offset = sum / weight;
        double squares = squareSum - (sum * offset);
        // The difference of two nearly equal numbers may come out a rounding error below zero, and is NaN where both overflowed.
        return new(count, weight, shift, offset, double.IsNaN(squares) ? double.PositiveInfinity : Math.Max(0, squares));
    }

    /// <summary>
    /// The moments of both sets of values together. Chan, Golub and LeVeque, "Algorithms for computing the sample variance",
    /// The American Statistician 37 (1983), equations 2.1a and 2.1b, with weights in place of counts.
    /// </summary>
    public static WeightedMoments Combine(in WeightedMoments a, in WeightedMoments b)
    {
        if (b.Count == 0)
        {
            return a;
        }

        if (a.Count == 0)
        {
            return b;
        }

        double weight = a.Weight + b.Weight;
        double share = b.Weight / weight;
        double difference = b.Origin - a.Origin - a.Offset + b.Offset;
        double squares = a.SquaredDeviations + b.SquaredDeviations + (difference * difference * a.Weight * share);
        return new(
            a.Count + b.Count,
            weight,
            a.Origin,
            a.Offset + (difference * share),
            double.IsNaN(squares) ? double.PositiveInfinity : squares);
    }
}
