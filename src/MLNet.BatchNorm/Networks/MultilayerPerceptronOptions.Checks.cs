using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace MLNet.BatchNorm;

public sealed partial record MultilayerPerceptronOptions
{
    /// <summary>Whether <paramref name="other"/> would give the same network from the same data.</summary>
    /// <param name="other">The options to compare with.</param>
    public bool Equals(MultilayerPerceptronOptions? other) =>
        other is not null && Decisive().Equals(other.Decisive()) && HiddenLayers.AsSpan().SequenceEqual(other.HiddenLayers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Decisive().GetHashCode();

    // What the network depends on, but for the hidden layers, which compare by their items.
    private ITuple Decisive() => (
        (LabelColumnName, FeatureColumnName, ExampleWeightColumnName),
        (Activation, Normalization, NormalizationPlacement, BatchNormMomentum, NormalizationEpsilon, NormalizationStatistics, (GroupCount, GhostBatchSize)),
        (Optimizer, LearningRate, LearningRateSchedule, WarmUpEpochs, WeightDecay, GradientClipping),
        (BatchSize, Epochs, Dropout, Initialization, ValidationFraction, EarlyStoppingPatience, Seed));

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(
            CultureInfo.InvariantCulture,
            $"HiddenLayers = [{(HiddenLayers.IsDefault ? "none given" : string.Join(", ", HiddenLayers))}], Activation = {Activation}, Normalization = {Normalization} {NormalizationPlacement}, NormalizationStatistics = {NormalizationStatistics}, GroupCount = {GroupCount}, GhostBatchSize = {GhostBatchSize}, "
            + $"Optimizer = {Optimizer}, LearningRate = {LearningRate}, LearningRateSchedule = {LearningRateSchedule}, WarmUpEpochs = {WarmUpEpochs}, "
            + $"BatchSize = {BatchSize}, Epochs = {Epochs}, WeightDecay = {WeightDecay}, Dropout = {Dropout}, Initialization = {Initialization}, "
            + $"GradientClipping = {GradientClipping}, ValidationFraction = {ValidationFraction}, EarlyStoppingPatience = {EarlyStoppingPatience}, Seed = {Seed}");
        return true;
    }

    /// <summary>Whether hidden layers measure their batches.</summary>
    internal bool NormalizesOverBatches => Normalization is NetworkNormalization.Batch or NetworkNormalization.BatchRenorm;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(FeatureColumnName);
        CheckLayers();
        CheckEnum(Activation);
        CheckEnum(Normalization);
        CheckEnum(NormalizationPlacement);
        CheckEnum(NormalizationStatistics);
        Check(BatchNormMomentum is > 0 and <= 1, BatchNormMomentum, "above 0, at most 1");
        Check(NormalizationEpsilon > 0 && double.IsFinite(NormalizationEpsilon), NormalizationEpsilon, "positive and finite");
        Check(GroupCount >= 1, GroupCount, "at least 1");
        if (Normalization == NetworkNormalization.Group && HiddenLayers.Any(width => width % GroupCount != 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(GroupCount), GroupCount, $"Expected a divisor of the width of every hidden layer, [{string.Join(", ", HiddenLayers)}]: groups have as many neurons each.");
        }

        Check(GhostBatchSize is null or >= 2, GhostBatchSize, "at least 2, as one row has no variance");
        if (GhostBatchSize is not null && Normalization != NetworkNormalization.Batch)
        {
            throw new ArgumentException($"Ghost batches are parts of batches that are normalized; with the normalization {Normalization} there is none. Leave GhostBatchSize out, or use NetworkNormalization.Batch.", nameof(GhostBatchSize));
        }

        ArgumentNullException.ThrowIfNull(Optimizer);
        Optimizer.Validate();
        Check(LearningRate > 0 && double.IsFinite(LearningRate), LearningRate, "positive and finite");
        ArgumentNullException.ThrowIfNull(LearningRateSchedule);
        LearningRateSchedule.Validate();
        Check(BatchSize >= (NormalizesOverBatches ? 2 : 1), BatchSize, NormalizesOverBatches ? "at least 2, as one row has no variance" : "at least 1");
        Check(Epochs >= 1, Epochs, "at least 1");
        Check(WarmUpEpochs >= 0 && WarmUpEpochs < Epochs, WarmUpEpochs, "at least 0, and fewer than Epochs");
        Check(WeightDecay >= 0 && double.IsFinite(WeightDecay), WeightDecay, "at least 0");
        Check(Dropout is >= 0 and < 1, Dropout, "from 0 to below 1");
        ArgumentNullException.ThrowIfNull(Initialization);
        Initialization.Validate();
        Check(GradientClipping is null or > 0, GradientClipping, "positive");
        Check(ValidationFraction is >= 0 and < 1, ValidationFraction, "from 0 to below 1");
        Check(EarlyStoppingPatience is null or >= 1, EarlyStoppingPatience, "at least 1");
        Check(NumberOfThreads is null or >= 1, NumberOfThreads, "at least 1");
    }

    private void CheckLayers()
    {
        if (HiddenLayers.IsDefault)
        {
            throw new ArgumentException("HiddenLayers is a default ImmutableArray: give the widths of the layers, or [] for none.", nameof(HiddenLayers));
        }

        foreach (int width in HiddenLayers)
        {
            Check(width >= 1, width, "widths of at least 1", nameof(HiddenLayers));
        }
    }

    private static void CheckEnum<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum => Check(Enum.IsDefined(value), value, $"a value of {typeof(T).Name}", name);

    private static void Check<T>(bool holds, T value, string expected, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name}: expected {expected}; found {value}.");
        }
    }
}
