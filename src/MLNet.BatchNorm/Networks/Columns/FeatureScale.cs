using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>Looks whether the features that a network is to learn from are of the size that its first weights are made for: about 1.</summary>
internal static class FeatureScale
{
    // A pixel of 0 to 255 learns slowly; from a thousand on the first steps throw the weights far off.
    private const double LargestMagnitude = 1000;

    // All features together below this: the network sees constants.
    private const double SmallestMagnitude = 1e-3;

    /// <summary>What is to be said of features of another size; <see langword="null"/> where there is nothing.</summary>
    /// <param name="data">The training rows.</param>
    /// <param name="column">The column that they come from.</param>
    public static string? Warning(NetworkData data, DataViewSchema.Column column)
    {
        var moments = new FeatureMoments(data.FeatureCount);
        if (data.Sparse is null)
        {
            moments.AddRows(data.Features, data.RowCount);
        }
        for (int row = 0; row < data.Sparse?.RowCount; row++)
        {
            moments.AddSparse(data.Sparse.Values(row), data.Sparse.Columns(row));
        }
        double[] magnitudes = [.. Enumerable.Range(0, data.FeatureCount).Select(
            slot => Math.Sqrt((moments.Mean[slot] * moments.Mean[slot]) + moments.PopulationVariance[slot]))];
        int largest = Array.IndexOf(magnitudes, magnitudes.Max());
        double magnitude = magnitudes[largest];
        string? what = magnitude > LargestMagnitude
            ? string.Create(CultureInfo.InvariantCulture, $"{magnitudes.Count(value => value > LargestMagnitude)} of {magnitudes.Length} feature(s) are beyond {LargestMagnitude}; the largest, {SlotText(column, largest)}, has a root mean square of {magnitude:G3}")
            : magnitude is > 0 and < SmallestMagnitude
                ? string.Create(CultureInfo.InvariantCulture, $"all features are tiny; the largest, {SlotText(column, largest)}, has a root mean square of {magnitude:G3}")
                : null;
        return what is null ? null
            : $"Column '{column.Name}': {what}. A network learns features of about 1; on such it is slow, or diverges. Put Standardize before it.";
    }

    /// <summary>A slot by its number and, where it has one, its name.</summary>
    public static string SlotText(DataViewSchema.Column column, int slot)
    {
        if (!column.HasSlotNames())
        {
            return $"slot {slot}";
        }
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetSlotNames(ref names);
        var name = names.GetItemOrDefault(slot);
        return name.IsEmpty ? $"slot {slot}" : $"slot {slot} '{name}'";
    }
}
