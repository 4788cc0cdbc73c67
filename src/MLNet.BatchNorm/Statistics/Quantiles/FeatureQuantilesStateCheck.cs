using System.Runtime.CompilerServices;

namespace MLNet.BatchNorm;

/// <summary>Refuses a state that no <see cref="FeatureQuantiles"/> could have exported in good order: files get damaged.</summary>
internal static class FeatureQuantilesStateCheck
{
    private const double LargestCount = 1L << 53;

    /// <summary>Of what doubles can hold: 2^exponent is a positive number, and so are sums of many.</summary>
    private const int MostExponent = 960;

    /// <exception cref="InvalidDataException">The state contradicts itself.</exception>
    public static void Check(FeatureQuantilesState state)
    {
        int featureCount = state.Features.Length;
        Require(featureCount > 0, $"there are no features");
        Require(state.Size is >= FeatureQuantiles.SmallestSize and <= FeatureQuantiles.LargestSize, $"their size is {state.Size}");
        int rowCount = state.Rows.Length / featureCount;
        Require(
            state.Rows.Length % featureCount == 0 && rowCount < ColumnSorter.RowCount,
            $"{state.Rows.Length} values of rows under way make no rows of {featureCount} features, less than {ColumnSorter.RowCount} of them");
        Require(
            state.RowWeights.Length == 0 || state.RowWeights.Length == rowCount,
            $"{rowCount} rows under way have {state.RowWeights.Length} weights");
        CheckWeights(state.RowWeights);
        Require(state.SparseRowCount is >= 0 and <= (long)LargestCount, $"there are {state.SparseRowCount} sparse rows");
        Require(
            double.IsFinite(state.SparseWeight) && (state.SparseRowCount > 0 ? state.SparseWeight > 0 : state.SparseWeight == 0),
            $"{state.SparseRowCount} sparse rows weigh {state.SparseWeight}");
        Require(IsRemainder(state.SparseWeightRemainder, state.SparseWeight), $"sparse rows weigh {state.SparseWeight}, and {state.SparseWeightRemainder} of rounding");
        for (int i = 0; i < featureCount; i++)
        {
            FeatureQuantilesState.SketchState feature = state.Features[i];
            Require(feature is not null, $"feature {i} is null");
            Check(feature!, state, i);
        }
    }

    private static void Check(FeatureQuantilesState.SketchState feature, FeatureQuantilesState state, int index)
    {
        Require(IsCount(feature.Count) && IsCount(feature.MissingCount) && IsCount(feature.InfiniteCount), $"feature {index} counts less than nothing, or too much");
        Require(
            feature.GivenCount >= 0 && feature.GivenCount <= state.SparseRowCount,
            $"{feature.GivenCount} of {state.SparseRowCount} sparse rows are said to give feature {index}");
        Require(double.IsFinite(feature.GivenWeight) && feature.GivenWeight >= 0, $"sparse rows that give feature {index} weigh {feature.GivenWeight}");
        Require(
            IsRemainder(feature.GivenWeightRemainder, feature.GivenWeight),
            $"sparse rows that give feature {index} weigh {feature.GivenWeight}, and {feature.GivenWeightRemainder} of rounding");
        Require(
            double.IsFinite(feature.WeightSum) && (feature.Count > 0 ? feature.WeightSum > 0 : feature.WeightSum == 0),
            $"feature {index} has {feature.Count} values that weigh {feature.WeightSum}");
        Require(
            double.IsFinite(feature.Minimum) && double.IsFinite(feature.Maximum) && feature.Minimum <= feature.Maximum,
            $"feature {index} goes from {feature.Minimum} to {feature.Maximum}");
        Require(
            feature.Values.Length == feature.Weights.Length, $"feature {index} has {feature.Values.Length} values with {feature.Weights.Length} weights");
        CheckValues(feature.Values, feature, index);
        CheckWeights(feature.Weights);
        long stored = feature.Values.Length;
        int before = -MostExponent - 1;
        foreach (FeatureQuantilesState.SketchLevelState level in feature.Levels)
        {
            Require(level is not null && level.Exponent > before && level.Exponent <= MostExponent, $"the levels of feature {index} are out of order");
            Require(!feature.IsExact || level!.Exponent == 0 || level.Values.Length == 0, $"feature {index} is called exact, and has values for others");
            CheckValues(level!.Values, feature, index);
            before = level.Exponent;
            stored += level.Values.Length;
        }
        Require(stored <= state.Size && stored <= feature.Count, $"feature {index} keeps {stored} values out of {feature.Count}, and has room for {state.Size}");
        Require(stored > 0 || feature.Count == 0, $"feature {index} has kept none of {feature.Count} values");
        Require(!feature.IsExact || stored == feature.Count, $"feature {index} is called exact, and has kept {stored} of {feature.Count} values");
    }

    private static bool IsCount(long count) => count is >= 0 and <= (long)LargestCount;

    // Each of 2^53 additions loses at most half of the last digit of the sum as it then was.
    private static bool IsRemainder(double remainder, double sum) => Math.Abs(remainder) <= sum;

    private static void CheckValues(double[] values, FeatureQuantilesState.SketchState feature, int index)
    {
        foreach (double value in values)
        {
            Require(value >= feature.Minimum && value <= feature.Maximum, $"feature {index} goes from {feature.Minimum} to {feature.Maximum} and has a value of {value}");
        }
    }

    private static void CheckWeights(double[] weights)
    {
        foreach (double weight in weights)
        {
            Require(double.IsFinite(weight) && weight > 0, $"a value weighs {weight}");
        }
    }

    // The text is put together only where the condition fails: it is asked for each number of each feature.
    private static void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref FailureText what)
    {
        if (!condition)
        {
            throw new InvalidDataException(what.ToString());
        }
    }
}
