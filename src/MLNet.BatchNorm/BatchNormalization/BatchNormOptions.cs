namespace MLNet.BatchNorm;

/// <summary>Options of <see cref="BatchNormEstimator"/>: y = gamma (x - running mean) / sqrt(running variance + epsilon) + beta.</summary>
public sealed record BatchNormOptions : ScalingOptions
{
    /// <summary>The default of <see cref="BatchSize"/>.</summary>
    public const int DefaultBatchSize = 256;

    /// <summary>The default of <see cref="Momentum"/>.</summary>
    public const double DefaultMomentum = 0.1;

    /// <summary>The default of <see cref="Epsilon"/>.</summary>
    public const double DefaultEpsilon = 1e-5;

    /// <summary>The default of <see cref="Epochs"/>.</summary>
    public const int DefaultEpochs = 1;

    /// <summary>The default of <see cref="ShufflePoolSize"/>.</summary>
    public const int DefaultShufflePoolSize = 1000;

    /// <summary>
    /// The conventions of PyTorch's BatchNorm1d and BatchNorm2d: momentum 0.1, epsilon 1e-5, the running variance from sample variances,
    /// running statistics that start at mean 0 and variance 1. The batch size is the data loader's: set <see cref="BatchSize"/> to yours.
    /// </summary>
    /// <remarks>PyTorch spreads a missing value over its whole feature, and refuses batches of one row; here both are left out.</remarks>
    public static BatchNormOptions PyTorch { get; } = new()
    {
        VarianceEstimator = VarianceEstimator.Sample,
        RunningStart = RunningStart.ZeroOne,
    };

    /// <summary>
    /// The conventions of Keras's BatchNormalization: its momentum of 0.99 is the weight of the old value, 0.01 here; epsilon 1e-3, the
    /// running variance from population variances, running statistics that start at mean 0 and variance 1. The batch size is that of
    /// Keras's fit: set <see cref="BatchSize"/> to yours.
    /// </summary>
    public static BatchNormOptions Keras { get; } = new()
    {
        Momentum = 0.01,
        Epsilon = 1e-3,
        RunningStart = RunningStart.ZeroOne,
    };

    /// <summary>Rows per batch, at least 2. Memory does not depend on it.</summary>
    /// <value>Default: 256.</value>
    public int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>
    /// The weight of a new batch in the running statistics, in (0, 1]: running &lt;- (1 - momentum) running + momentum batch.
    /// <see langword="null"/> for the plain average over all batches, which can be merged.
    /// </summary>
    /// <value>Default: 0.1.</value>
    public double? Momentum { get; init; } = DefaultMomentum;

    /// <summary>
    /// Added to the running variance before its square root is taken; in squared units of the feature, zero or positive. A feature whose
    /// variance is less than some nine times epsilon is not scaled to gamma, and the report warns (<see cref="ScalingWarningKind.MaterialEpsilon"/>).
    /// </summary>
    /// <value>Default: 1e-5.</value>
    public double Epsilon { get; init; } = DefaultEpsilon;

    /// <summary>Which variance of a batch enters the running variance.</summary>
    /// <value>Default: <see cref="VarianceEstimator.Population"/>.</value>
    public VarianceEstimator VarianceEstimator { get; init; } = VarianceEstimator.Population;

    /// <summary>How the running statistics begin. Without effect where <see cref="Momentum"/> is <see langword="null"/>.</summary>
    /// <value>Default: <see cref="RunningStart.Debiased"/>.</value>
    public RunningStart RunningStart { get; init; } = RunningStart.Debiased;

    /// <summary>The standard deviation that each feature is given: one number for all, or one per feature (per channel, with a channel axis).</summary>
    /// <value>Default: 1.</value>
    public FeatureValues Gamma { get; init; } = 1;

    /// <summary>The mean that each feature is given: one number for all, or one per feature (per channel, with a channel axis).</summary>
    /// <value>Default: 0.</value>
    public FeatureValues Beta { get; init; } = 0;

    /// <summary>
    /// The running mean, where it is known: of a layer that was trained elsewhere, or from a database. One number for all features, or one
    /// per feature (per channel, with a channel axis); finite. Given together with <see cref="RunningVariance"/>, the fit reads no row. An
    /// update goes on from there: with momentum, as with the start 0 and 1.
    /// </summary>
    /// <value>Default: <see langword="null"/>; found by the fit.</value>
    public FeatureValues? RunningMean { get; init; }

    /// <summary>The running variance, where it is known, without epsilon; zero or positive. See <see cref="RunningMean"/>.</summary>
    /// <value>Default: <see langword="null"/>; found by the fit.</value>
    public FeatureValues? RunningVariance { get; init; }

    internal override string? GivenStatistics => RunningMean is null
        ? null
        : $"the running mean {RunningMean} and the running variance {RunningVariance}. Leave {nameof(RunningMean)} and {nameof(RunningVariance)} out to have them fitted";

    internal override bool UpdatesGivenStatistics => true;

    /// <summary>
    /// How often a fit or an update reads the data, which must give as many rows each time; if not, an error says so. More epochs bring more
    /// batches, in another order each where <see cref="Shuffle"/> is set.
    /// </summary>
    /// <value>Default: 1.</value>
    public int Epochs { get; init; } = DefaultEpochs;

    /// <summary>
    /// Whether batches are drawn from the rows in random order rather than in the order of the data. Rows are read by
    /// <c>mlContext.Data.ShuffleRows</c>: in the source's own random order where it has one, as cached data do, and through a pool of
    /// <see cref="ShufflePoolSize"/> rows. Long sorted data that cannot shuffle themselves are mixed over the length of the pool only:
    /// put <c>mlContext.Data.Cache</c> before the fit, or use a larger pool.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Shuffle { get; init; }

    /// <summary>What the random orders of <see cref="Shuffle"/> are made from: the same seed gives the same batches. Each epoch has an order of its own.</summary>
    /// <value>Default: 0.</value>
    public int Seed { get; init; }

    /// <summary>
    /// How many rows <see cref="Shuffle"/> holds in memory; positive. A pool of more rows than the data have is as good as one of all of them,
    /// and takes no more memory; to find that out, a pool of more than 65,536 rows costs a pass over the data that counts them.
    /// </summary>
    /// <value>Default: 1000, ML.NET's.</value>
    public int ShufflePoolSize { get; init; } = DefaultShufflePoolSize;

    /// <summary>What happens to the rows left over at the end of the data, or of an epoch.</summary>
    /// <value>Default: <see cref="LastBatch.Keep"/>.</value>
    public LastBatch LastBatch { get; init; } = LastBatch.Keep;

    /// <summary>Whether running statistics are mean 0 and variance 1 before the first batch, as PyTorch's and Keras's are.</summary>
    internal bool StartsAtZeroOne => RunningMean is null && Momentum is not null && RunningStart == RunningStart.ZeroOne;

    internal override void Validate()
    {
        base.Validate();
        if (BatchSize < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(BatchSize), BatchSize, "Expected at least 2: a batch of one row has no variance.");
        }
        if (Momentum is not (null or (> 0 and <= 1)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Momentum), Momentum,
                "Expected the weight of a new batch, in (0, 1], or null for the plain average. (Keras's momentum is one minus this.)");
        }
        if (!double.IsFinite(Epsilon) || Epsilon < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Epsilon), Epsilon, "Expected a finite number that is zero or positive.");
        }
        CheckDefined(VarianceEstimator, nameof(VarianceEstimator));
        RequireBoth(RunningMean, nameof(RunningMean), RunningVariance, nameof(RunningVariance));
        RequireAtLeast(RunningVariance, 0, nameof(RunningVariance));
        CheckDefined(RunningStart, nameof(RunningStart));
        CheckDefined(LastBatch, nameof(LastBatch));
        ArgumentNullException.ThrowIfNull(Gamma);
        ArgumentNullException.ThrowIfNull(Beta);
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ShufflePoolSize, 1);
    }

    private static void CheckDefined<TEnum>(TEnum value, string name)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"Expected a value of {typeof(TEnum).Name}.");
        }
    }
}
