using System.Runtime.CompilerServices;

namespace MLNet.BatchNorm;

/// <summary>Refuses a state that no <see cref="FeatureMoments"/> could have exported in good order: files get damaged.</summary>
internal static class FeatureMomentsStateCheck
{
    private const double LargestCount = Counts.Largest;

    /// <exception cref="InvalidDataException">The state contradicts itself.</exception>
    public static void Check(FeatureMomentsState state)
    {
        int featureCount = state.Count.Length;
        Require(featureCount > 0, $"it has no features");
        int slotCount = MomentSums.LineLengthOf(featureCount);
        Require(state.RowCount is >= 0 and <= (long)LargestCount, $"its row count is {state.RowCount}");
        Require(state.BlockRows is >= 0 and < MomentSums.RowsPerBlock, $"its block has {state.BlockRows} rows");
        Require(
            state.SparseRowCount >= 0 && state.SparseRowCount <= state.RowCount,
            $"it has {state.SparseRowCount} sparse rows out of {state.RowCount}");
        Require(
            state.FirstInfinity is not { } infinity
                || (infinity.Row >= 0 && infinity.Row < state.RowCount && infinity.Feature >= 0 && infinity.Feature < featureCount),
            $"its first infinity is said to be at {state.FirstInfinity}");
        CheckCounts(state.Count, featureCount, nameof(state.Count));
        CheckCounts(state.BlockCount, slotCount, nameof(state.BlockCount));
        CheckCounts(state.MissingCount, featureCount, nameof(state.MissingCount));
        CheckCounts(state.InfiniteCount, featureCount, nameof(state.InfiniteCount));
        CheckWeights(state.WeightSum, state.Count, nameof(state.WeightSum));
        CheckWeights(state.BlockWeight, state.BlockCount, nameof(state.BlockWeight));
        CheckFinite(state.Origin, featureCount, nameof(state.Origin));
        CheckFinite(state.Offset, featureCount, nameof(state.Offset));
        CheckFinite(state.BlockShift, slotCount, nameof(state.BlockShift));
        CheckFinite(state.BlockSum, slotCount, nameof(state.BlockSum));
        CheckNotNegative(state.SquaredDeviations, featureCount, nameof(state.SquaredDeviations));
        CheckNotNegative(state.MagnifiedDeviations, state.MagnifiedDeviations.Length == 0 ? 0 : featureCount, nameof(state.MagnifiedDeviations));
        CheckNotNegative(state.BlockSquareSum, slotCount, nameof(state.BlockSquareSum));
        CheckFinite(state.Minimum, featureCount, nameof(state.Minimum));
        CheckFinite(state.Maximum, featureCount, nameof(state.Maximum));
        for (int feature = 0; feature < featureCount; feature++)
        {
            Require(
                state.Minimum[feature] <= state.Maximum[feature],
                $"the minimum {state.Minimum[feature]} of feature {feature} exceeds its maximum {state.Maximum[feature]}");
        }

        CheckSparse(state, featureCount);
    }

    private static void CheckSparse(FeatureMomentsState state, int featureCount)
    {
        int expected = state.SparseGivenCount.Length == 0 && state.SparseRowCount == 0 ? 0 : featureCount;
        Require(double.IsFinite(state.SparseWeightSum) && state.SparseWeightSum >= 0, $"its sparse weight is {state.SparseWeightSum}");
        CheckCounts(state.SparseGivenCount, expected, nameof(state.SparseGivenCount));
        CheckNotNegative(state.SparseGivenWeight, expected, nameof(state.SparseGivenWeight));
        CheckFinite(state.SparseWeightRemainders, state.SparseWeightRemainders.Length == 0 ? 0 : expected + 1, nameof(state.SparseWeightRemainders));
        for (int feature = 0; feature < expected; feature++)
        {
            Require(
                state.SparseGivenCount[feature] <= state.SparseRowCount,
                $"{state.SparseGivenCount[feature]} of {state.SparseRowCount} sparse rows are said to give feature {feature}");
        }
    }

    private static void CheckCounts(double[] counts, int length, string name)
    {
        CheckFinite(counts, length, name);
        for (int feature = 0; feature < length; feature++)
        {
            double count = counts[feature];
            Require(count is >= 0 and <= LargestCount && count == Math.Floor(count), $"{name}[{feature}] is {count}, not a count");
        }
    }

    private static void CheckWeights(double[] weights, double[] counts, string name)
    {
        CheckFinite(weights, counts.Length, name);
        for (int feature = 0; feature < weights.Length; feature++)
        {
            Require(
                counts[feature] > 0 ? weights[feature] > 0 : weights[feature] == 0,
                $"{name}[{feature}] is {weights[feature]} for {counts[feature]} values");
        }
    }

    private static void CheckNotNegative(double[] values, int length, string name)
    {
        CheckFinite(values, length, name);
        for (int feature = 0; feature < length; feature++)
        {
            Require(values[feature] >= 0, $"{name}[{feature}] is {values[feature]}, less than 0");
        }
    }

    private static void CheckFinite(double[] values, int length, string name)
    {
        Require(values.Length == length, $"{name} has {values.Length} numbers where {length} were expected");
        for (int feature = 0; feature < length; feature++)
        {
            Require(double.IsFinite(values[feature]), $"{name}[{feature}] is {values[feature]}");
        }
    }

    // The text is put together only where the condition fails: it is asked for each number of each feature.
    private static void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref FailureText what)
    {
        if (!condition)
        {
            throw new InvalidDataException($"The saved moments are damaged: {what.ToString()}.");
        }
    }
}
