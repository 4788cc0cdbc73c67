using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>Chooses the two features whose weights span the pictured surface.</summary>
internal static class FeaturePair
{
    // A ratio of spreads that makes a canyon narrow, but not so narrow that a picture cannot show it.
    private const double LeastRatio = 6;
    private const double GreatestRatio = 30;

    // Two features that say the same make a canyon which no scaling of single features can widen.
    private const double GreatestCorrelation = 0.6;

    // All pairs of more features would take longer than everything else.
    private const int MostFeatures = 40;

    /// <summary>
    /// The two features that go with the label most, among the pairs whose standard deviations differ by a factor of 6 to 30 and
    /// that do not go with each other; among all pairs where there is none such. The one with the larger spread comes first.
    /// </summary>
    public static (int First, int Second) Choose(TabularData data, double[] labels)
    {
        var features = Enumerable.Range(0, data.FeatureCount).Select(feature => Describe(data, labels, feature))
            .OrderByDescending(feature => feature.Correlation).Take(MostFeatures).OrderBy(feature => feature.Index).ToArray();
        var pairs = from first in features
                    from second in features
                    where first.Index != second.Index && first.Deviation >= second.Deviation
                    select (First: first, Second: second, Ratio: first.Deviation / second.Deviation,
                        Together: Correlation(Column(data, first.Index), Column(data, second.Index)));
        var chosen = pairs
            .OrderByDescending(pair => pair.Ratio is >= LeastRatio and <= GreatestRatio && pair.Together <= GreatestCorrelation)
            .ThenByDescending(pair => pair.First.Correlation + pair.Second.Correlation)
            .Select(pair => (pair.First.Index, pair.Second.Index))
            .Take(1)
            .ToArray();
        return chosen.Length == 0 ? (0, 0) : chosen[0];
    }

    private static (int Index, double Deviation, double Correlation) Describe(TabularData data, double[] labels, int feature)
    {
        var values = Column(data, feature);
        return (feature, Deviation(values), Correlation(values, labels));
    }

    private static double[] Column(TabularData data, int feature) => [.. data.Rows.Select(row => (double)row[feature])];

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static double Correlation(double[] one, double[] other)
    {
        var (oneMean, otherMean) = (one.Average(), other.Average());
        var covariance = one.Zip(other, (x, y) => (x - oneMean) * (y - otherMean)).Average();
        return Math.Abs(covariance / (Deviation(one) * Deviation(other)));
    }
}
