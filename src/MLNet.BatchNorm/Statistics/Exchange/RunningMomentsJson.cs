namespace MLNet.BatchNorm;

/// <summary><see cref="RunningMoments"/> as JSON has them.</summary>
internal sealed record RunningMomentsJson
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    public required double? Momentum { get; init; }

    public required VarianceEstimator VarianceEstimator { get; init; }

    public required RunningStart RunningStart { get; init; }

    public required long BatchCount { get; init; }

    public required RunningFeatureJson[] Features { get; init; }

    /// <summary>One feature: its running statistics, and the weight of the batches in them.</summary>
    internal sealed record RunningFeatureJson
    {
        public required double Mean { get; init; }

        public required double Variance { get; init; }

        public required double Weight { get; init; }

        public required long UpdateCount { get; init; }
    }

    public static RunningMomentsJson Of(RunningMoments moments)
    {
        RunningMomentsState state = moments.ExportState();
        return new RunningMomentsJson
        {
            Version = CurrentVersion,
            Momentum = state.Momentum,
            VarianceEstimator = state.VarianceEstimator,
            RunningStart = state.RunningStart,
            BatchCount = state.BatchCount,
            Features =
            [
                .. Enumerable.Range(0, state.Mean.Length).Select(feature => new RunningFeatureJson
                {
                    Mean = state.Mean[feature],
                    Variance = state.Variance[feature],
                    Weight = state.Weight[feature],
                    UpdateCount = state.UpdateCount[feature],
                }),
            ],
        };
    }

    /// <exception cref="System.Text.Json.JsonException">The numbers contradict each other.</exception>
    public RunningMoments ToMoments()
    {
        const string What = "running moments";
        StatisticsJson.CheckVersion(What, Version, CurrentVersion);
        if (Features.Contains(null))
        {
            throw StatisticsJson.Damaged(What, "a feature is null");
        }

        try
        {
            return RunningMoments.FromState(new RunningMomentsState(
                Momentum,
                VarianceEstimator,
                RunningStart,
                BatchCount,
                Array.ConvertAll(Features, feature => feature.Mean),
                Array.ConvertAll(Features, feature => feature.Variance),
                Array.ConvertAll(Features, feature => feature.Weight),
                Array.ConvertAll(Features, feature => feature.UpdateCount)));
        }
        catch (InvalidDataException exception)
        {
            throw new System.Text.Json.JsonException(exception.Message, exception);
        }
    }
}
