namespace MLNet.BatchNorm;

/// <summary><see cref="FeatureMoments"/> as JSON has them.</summary>
internal sealed record FeatureMomentsJson
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    public required long RowCount { get; init; }

    public ValueLocation? FirstInfinity { get; init; }

    public required FeatureTotalsJson[] Features { get; init; }

    /// <summary>One feature; null for what a feature without a value does not have, as JSON has no NaN.</summary>
    internal sealed record FeatureTotalsJson
    {
        public required long Count { get; init; }

        public required long MissingCount { get; init; }

        public required long InfiniteCount { get; init; }

        public required double WeightSum { get; init; }

        public required double? Mean { get; init; }

        public required double? MeanRemainder { get; init; }

        public required double? SquaredDeviations { get; init; }

        public required double? Minimum { get; init; }

        public required double? Maximum { get; init; }
    }

    public static FeatureMomentsJson Of(FeatureMoments moments) => new()
    {
        Version = CurrentVersion,
        RowCount = moments.RowCount,
        FirstInfinity = moments.FirstInfinity,
        Features = Array.ConvertAll(moments.ToTotals(), Of),
    };

    /// <exception cref="System.Text.Json.JsonException">The numbers contradict each other.</exception>
    public FeatureMoments ToMoments()
    {
        const string What = "feature moments";
        StatisticsJson.CheckVersion(What, Version, CurrentVersion);
        if (Features.Length == 0)
        {
            throw StatisticsJson.Damaged(What, "there are no features");
        }

        var totals = new FeatureTotals[Features.Length];
        for (int i = 0; i < totals.Length; i++)
        {
            FeatureTotalsJson feature = Features[i] ?? throw StatisticsJson.Damaged(What, $"feature {i} is null");
            bool any = feature.Count != 0;
            double?[] numbers = [feature.Mean, feature.MeanRemainder, feature.SquaredDeviations, feature.Minimum, feature.Maximum];
            if (numbers.Any(number => number.HasValue != any))
            {
                throw StatisticsJson.Damaged(What, $"feature {i} has {feature.Count} value(s), and {(any ? "lacks" : "has")} statistics of them");
            }

            totals[i] = new FeatureTotals(
                feature.Count,
                feature.MissingCount,
                feature.InfiniteCount,
                feature.WeightSum,
                feature.Mean ?? 0,
                feature.MeanRemainder ?? 0,
                feature.SquaredDeviations ?? 0,
                feature.Minimum ?? 0,
                feature.Maximum ?? 0);
        }

        return FeatureTotals.Fault(totals, RowCount, FirstInfinity) is { } fault
            ? throw StatisticsJson.Damaged(What, fault)
            : FeatureMoments.FromTotals(totals, RowCount, FirstInfinity);
    }

    private static FeatureTotalsJson Of(FeatureTotals total)
    {
        double? WhereAny(double number) => total.Count > 0 ? number : null;
        return new FeatureTotalsJson
        {
            Count = total.Count,
            MissingCount = total.MissingCount,
            InfiniteCount = total.InfiniteCount,
            WeightSum = total.WeightSum,
            Mean = WhereAny(total.Mean),
            MeanRemainder = WhereAny(total.MeanRemainder),
            SquaredDeviations = WhereAny(total.SquaredDeviations),
            Minimum = WhereAny(total.Minimum),
            Maximum = WhereAny(total.Maximum),
        };
    }
}
