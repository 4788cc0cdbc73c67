namespace MLNet.BatchNorm;

/// <summary>Compares the values of one feature now with those then, as two sorted lists. docs/drift.md has the formulae.</summary>
/// <param name="then">The reference, with a value at least.</param>
/// <param name="now">The new data, with a value at least.</param>
/// <param name="reference">The exact statistics of the reference, with a positive variance.</param>
/// <param name="thresholds">From where on a distance is drift.</param>
/// <param name="sizeThen">How many values the sketches then kept, which says how far their ranks are off.</param>
/// <param name="sizeNow">And those now.</param>
internal sealed class ShapeComparison(
    FeatureSnapshot then, FeatureSnapshot now, DriftReference reference, DriftThresholds thresholds, int sizeThen, int sizeNow)
{
    /// <summary>The interquartile range of a normal variable, in standard deviations.</summary>
    private const double NormalRange = 1.3489795003921634;

    private const int DecileCount = 10;

    /// <summary>Of the rank of a quantile in a sketch that is not exact, at the default size.</summary>
    private const double RankError = 0.0015;

    /// <summary>
    /// The size of one sample whose ranks are as uncertain as the difference of these two: with n values a rank's variance is at most 1 / 4 n, and
    /// that of a thinned-out sketch is added.
    /// </summary>
    private readonly double _effectiveCount = 1 / ((1.0 / then.Count) + (1.0 / now.Count) + Thinning(then, sizeThen) + Thinning(now, sizeNow));

    public ShapeDrift Run()
    {
        (double largest, double area, double spread) = Walk();
        return new ShapeDrift(PopulationStability(), KolmogorovSmirnov(largest), Wasserstein(area, spread));
    }

    private static double Thinning(FeatureSnapshot snapshot, int size)
    {
        double error = snapshot.IsExact ? 0 : RankError * FeatureQuantiles.DefaultSize / size;
        return 4 * error * error;
    }

    /// <summary>
    /// The largest difference of the two distribution functions F and G, the area between them, and the integral of sqrt(F (1 - F)), F of the reference.
    /// </summary>
    private (double Largest, double Area, double Spread) Walk()
    {
        SortedValues first = then.Values;
        SortedValues second = now.Values;
        double largest = 0;
        double area = 0;
        double spread = 0;
        double before = double.NaN;
        double share = 0;
        double otherShare = 0;
        for (int i = 0, j = 0; i < first.Length || j < second.Length;)
        {
            double value = i < first.Length && (j == second.Length || first[i] <= second[j]) ? first[i] : second[j];
            if (!double.IsNaN(before))
            {
                double width = value - before;
                area += Math.Abs(share - otherShare) * width;
                spread += Math.Sqrt(share * (1 - share)) * width;
            }
            while (i < first.Length && first[i] == value)
            {
                i++;
            }
            while (j < second.Length && second[j] == value)
            {
                j++;
            }
            share = first.ShareOfFirst(i);
            otherShare = second.ShareOfFirst(j);
            largest = Math.Max(largest, Math.Abs(share - otherShare));
            before = value;
        }
        return (largest, area, spread);
    }

    /// <summary>
    /// If nothing has changed, n' times the index follows the chi-square distribution of one degree of freedom less than there are bins: B. Yurdakul,
    /// "Statistical properties of population stability index", Western Michigan University (2018). It is made normal by E. B. Wilson and
    /// M. M. Hilferty, "The distribution of chi-square", Proceedings of the National Academy of Sciences 17 (1931) 684-688.
    /// </summary>
    private DriftDistance PopulationStability()
    {
        double[] edges = [.. Enumerable.Range(1, DecileCount - 1).Select(decile => then.Values.Quantile((double)decile / DecileCount)).Distinct()];
        int binCount = edges.Length + 1;
        double index = 0;
        double below = 0;
        double belowThen = 0;
        for (int bin = 0; bin < binCount; bin++)
        {
            double up = bin < edges.Length ? now.Values.ShareUpTo(edges[bin], isIncluded: true) : 1;
            double upThen = bin < edges.Length ? then.Values.ShareUpTo(edges[bin], isIncluded: true) : 1;
            double share = Smooth(up - below, now.Count, binCount);
            double shareThen = Smooth(upThen - belowThen, then.Count, binCount);
            index += (share - shareThen) * Math.Log(share / shareThen);
            (below, belowThen) = (up, upThen);
        }
        double freedom = binCount - 1;
        double Score(double value)
        {
            double variance = 2 / (9 * freedom);
            return (Math.Cbrt(value * _effectiveCount / freedom) - (1 - variance)) / Math.Sqrt(variance);
        }
        return Judge(index, thresholds.PopulationStability, Math.Sqrt(2 * freedom) / _effectiveCount, value => Score(value) >= thresholds.StandardErrors);
    }

    private static double Smooth(double share, double count, int binCount) => ((share * count) + 0.5) / (count + (0.5 * binCount));

    /// <summary>
    /// P(D >= d) is at most 2 exp(-2 n' d^2): P. Massart, "The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality", The Annals of Probability 18
    /// (1990) 1269-1283; that must be at most exp(-z^2 / 2).
    /// </summary>
    private DriftDistance KolmogorovSmirnov(double largest)
    {
        double error = 0.5 / Math.Sqrt(_effectiveCount);
        double least = error * Math.Sqrt((thresholds.StandardErrors * thresholds.StandardErrors) + (2 * Math.Log(2)));
        return Judge(largest, thresholds.KolmogorovSmirnov, error, value => value >= least);
    }

    /// <summary>
    /// The area is sqrt(2 / pi n') times the integral of sqrt(F (1 - F)) on average, if nothing has changed; and it spreads about that no farther than
    /// a mean does, as it changes by no more than the values do, on average. So what is beyond the average is judged as a shift of the mean is.
    /// </summary>
    private DriftDistance Wasserstein(double area, double spread)
    {
        double range = then.Values.Quantile(0.75) - then.Values.Quantile(0.25);
        double deviation = Math.Sqrt(reference.Variance);
        double unit = range > 0 ? range : NormalRange * deviation;
        double expected = Math.Sqrt(2 / (Math.PI * _effectiveCount)) * spread;
        var chance = new Chance(reference with { EffectiveCount = Other(_effectiveCount, now.Count) }, now.Count, thresholds.StandardErrors);
        return Judge(
            area / unit,
            thresholds.Wasserstein,
            deviation / Math.Sqrt(_effectiveCount) / unit,
            value => (value * unit) > expected && chance.IsExceededByShift(((value * unit) - expected) / deviation));
    }

    /// <summary>What the reference must count as, for both together to be worth so much.</summary>
    private static double Other(double effectiveCount, double count) => 1 / ((1 / effectiveCount) - (1 / count));

    private DriftDistance Judge(double value, double threshold, double error, Func<double, bool> isMoreThanChance)
    {
        return new DriftDistance(
            value, threshold, error, value > threshold && Counts(value) ? DriftVerdict.Drifted : Counts(threshold) ? DriftVerdict.Stable : DriftVerdict.TooFewValues);

        bool Counts(double distance) => thresholds.StandardErrors == 0 || isMoreThanChance(distance);
    }
}
