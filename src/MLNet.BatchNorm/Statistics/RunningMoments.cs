using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Serialization;

namespace MLNet.BatchNorm;

/// <summary>
/// Running mean and variance over mini-batches, per feature: what batch normalization uses at inference.
/// </summary>
/// <remarks>
/// <para>
/// Exponential: <c>r &lt;- (1 - momentum) r + momentum b</c>, momentum the weight of the new batch (PyTorch's convention; Keras's is
/// one minus this). Ioffe and Szegedy, "Batch normalization" (2015), section 3.1, name moving averages; <see cref="RunningStart"/>
/// says how they begin. Cumulative (momentum null): the plain average over batches, <c>r &lt;- r + (b - r) / t</c>.
/// All of them are computed as <c>r + share (b - r)</c>, so that batches of one and the same mean leave it as it is, to the last digit.
/// </para>
/// <para>
/// A feature with no value in a batch keeps its state, as if the batch had not been; so does, with the sample variance, a feature with
/// one value only. Not thread safe; the arrays returned are snapshots.
/// </para>
/// </remarks>
[JsonConverter(typeof(RunningMomentsJsonConverter))]
public sealed partial class RunningMoments
{
    private readonly double[] _mean;
    private readonly double[] _variance;
    // The weight gathered so far: 1 - (1 - momentum)^t for the debiased start, and 1 otherwise.
    private readonly double[] _weight;
    private readonly long[] _updates;

    /// <summary>Running moments before any batch.</summary>
    /// <param name="featureCount">Number of features; at least 1, at most 2^30.</param>
    /// <param name="momentum">Weight of a new batch, in (0, 1], or null for the plain average over batches.<value>0.1</value></param>
    /// <param name="varianceEstimator">Which variance of a batch is averaged.<value><see cref="VarianceEstimator.Population"/></value></param>
    /// <param name="runningStart">How the exponential average begins; without effect where momentum is null.<value><see cref="RunningStart.Debiased"/></value></param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public RunningMoments(
        int featureCount,
        double? momentum = 0.1,
        VarianceEstimator varianceEstimator = VarianceEstimator.Population,
        RunningStart runningStart = RunningStart.Debiased)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(featureCount, MomentSums.LargestFeatureCount);
        if (momentum is not (null or (> 0 and <= 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "Momentum must be in (0, 1], or null for a plain average.");
        }

        if (!Enum.IsDefined(varianceEstimator))
        {
            throw new ArgumentOutOfRangeException(nameof(varianceEstimator), varianceEstimator, "Unknown kind of variance.");
        }

        if (!Enum.IsDefined(runningStart))
        {
            throw new ArgumentOutOfRangeException(nameof(runningStart), runningStart, "Unknown start.");
        }

        Momentum = momentum;
        VarianceEstimator = varianceEstimator;
        RunningStart = runningStart;
        _mean = new double[featureCount];
        _variance = new double[featureCount];
        _weight = new double[featureCount];
        _updates = new long[featureCount];
        _variance.AsSpan().Fill(1);
        if (StartsAtZeroOne)
        {
            _weight.AsSpan().Fill(1);
        }
    }

    /// <summary>Number of features.</summary>
    public int FeatureCount => _mean.Length;

    /// <summary>Weight of a new batch, or null for the plain average over batches.</summary>
    public double? Momentum { get; }

    /// <summary>Which variance of a batch is averaged.</summary>
    public VarianceEstimator VarianceEstimator { get; }

    /// <summary>How the exponential average begins.</summary>
    public RunningStart RunningStart { get; }

    /// <summary>Number of batches given to <see cref="Update(FeatureMoments)"/>.</summary>
    public long BatchCount { get; private set; }

    /// <summary>Per feature, the number of batches that had values of it.</summary>
    public ImmutableArray<long> UpdateCount => [.. _updates];

    /// <summary>Per feature, the running mean; 0 before the first batch with a value.</summary>
    public ImmutableArray<double> Mean => [.. _mean];

    /// <summary>Per feature, the running variance; 1 before the first batch with a value.</summary>
    public ImmutableArray<double> Variance => [.. _variance];

    private bool StartsAtZeroOne => Momentum is not null && RunningStart == RunningStart.ZeroOne;

    /// <summary>Averages in one batch.</summary>
    /// <param name="batch">The moments of the batch.</param>
    /// <exception cref="ArgumentException"><paramref name="batch"/> has another number of features.</exception>
    /// <exception cref="InvalidOperationException">There have been 2^53 batches.</exception>
    public void Update(FeatureMoments batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.FeatureCount != FeatureCount)
        {
            throw new ArgumentException(
                $"Expected a batch of {FeatureCount} feature(s), as here, and found {batch.FeatureCount}.", nameof(batch));
        }

        Update(
            batch.Mean.AsSpan(),
            (VarianceEstimator == VarianceEstimator.Sample ? batch.SampleVariance : batch.PopulationVariance).AsSpan());
    }

    /// <summary>
    /// Averages in one batch's means, and its variances times a factor, which makes them of the configured kind; a feature where either is
    /// NaN keeps its state.
    /// </summary>
    internal void Update(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, double varianceFactor = 1)
    {
        BatchCount = Counts.Add(BatchCount, 1, nameof(BatchCount));
        int feature = 0;
        for (; feature <= _mean.Length - Vector256<double>.Count; feature += Vector256<double>.Count)
        {
            UpdateVector((nuint)feature, mean, variance, varianceFactor);
        }

        for (; feature < _mean.Length; feature++)
        {
            double batchVariance = variance[feature] * varianceFactor;
            if (double.IsNaN(mean[feature]) || double.IsNaN(batchVariance))
            {
                continue;
            }

            double share = Share(++_updates[feature]);
            _weight[feature] = ((1 - share) * _weight[feature]) + share;
            double part = share / _weight[feature];
            _mean[feature] = Blend(_mean[feature], mean[feature], part);
            _variance[feature] = Blend(_variance[feature], batchVariance, part);
        }
    }

    /// <summary>Four features at once, to the bits that one at a time gives.</summary>
    private void UpdateVector(nuint feature, ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, double varianceFactor)
    {
        Vector256<double> batchMean = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(mean), feature);
        Vector256<double> batchVariance = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(variance), feature) * varianceFactor;
        Vector256<double> given = Vector256.Equals(batchMean, batchMean) & Vector256.Equals(batchVariance, batchVariance);
        // A lane of ones is minus one.
        Vector256<long> updates = Vector256.LoadUnsafe(ref _updates[0], feature) - given.AsInt64();
        updates.StoreUnsafe(ref _updates[0], feature);
        Vector256<double> share = Momentum switch
        {
            null => Vector256<double>.One / Vector256.ConvertToDouble(updates),
            double momentum when RunningStart == RunningStart.FirstBatch => Vector256.ConditionalSelect(
                Vector256.Equals(updates, Vector256<long>.One).AsDouble(), Vector256<double>.One, Vector256.Create(momentum)),
            double momentum => Vector256.Create(momentum),
        };
        Vector256<double> weightBefore = Vector256.LoadUnsafe(ref _weight[0], feature);
        Vector256<double> weight = ((Vector256<double>.One - share) * weightBefore) + share;
        Vector256.ConditionalSelect(given, weight, weightBefore).StoreUnsafe(ref _weight[0], feature);
        Vector256<double> part = share / weight;
        Blend(_mean, feature, batchMean, part, given);
        Blend(_variance, feature, batchVariance, part, given);
    }

    private static void Blend(double[] running, nuint feature, Vector256<double> batch, Vector256<double> share, Vector256<double> given)
    {
        Vector256<double> before = Vector256.LoadUnsafe(ref running[0], feature);
        Vector256<double> after = before + (share * (batch - before));
        after = Vector256.ConditionalSelect(Vector256.Equals(share, Vector256<double>.One), batch, after);
        Vector256.ConditionalSelect(given, after, before).StoreUnsafe(ref running[0], feature);
    }

    // The first batch is taken as it is: the variance of 1 before it would take digits off a small one.
    private static double Blend(double running, double batch, double share) => share == 1 ? batch : running + (share * (batch - running));

    /// <summary>The weight of the feature's t-th batch, before it is divided by all the weight gathered so far.</summary>
    private double Share(long t) => Momentum switch
    {
        null => 1.0 / t,
        _ when t == 1 && RunningStart == RunningStart.FirstBatch => 1,
        double momentum => momentum,
    };

    /// <summary>The weight that a feature's latest batch was averaged in with.</summary>
    internal double LatestShare(int feature) => Share(_updates[feature]);

    /// <summary>What the batches of a feature weigh together, the start aside; 1 where there is none, and nothing to divide by.</summary>
    internal double BatchWeight(int feature) => StartsAtZeroOne ? 1 - Math.Pow(1 - Momentum!.Value, _updates[feature]) : _weight[feature];

    /// <summary>Whether a feature has running moments to speak of: a start by convention, or a batch with values.</summary>
    internal bool HasStarted(int feature) => _weight[feature] > 0;

    /// <summary>Writes <see cref="Mean"/> and <see cref="Variance"/> without allocating.</summary>
    internal void CopyTo(Span<double> mean, Span<double> variance)
    {
        _mean.CopyTo(mean);
        _variance.CopyTo(variance);
    }
}
