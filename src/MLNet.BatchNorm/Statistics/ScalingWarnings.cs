using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>Finds what in a report's features is worth a warning.</summary>
internal static class ScalingWarnings
{
    /// <summary>From this ratio of spreads on, gradient descent on unscaled features needs about the square of it in steps.</summary>
    private const double LargeSpreadRatio = 1000;

    private const int SlotsNamed = 5;

    public static IReadOnlyList<ScalingWarning> Of(IReadOnlyList<ScalingReportRow> features)
    {
        var warnings = new List<ScalingWarning>();
        foreach (var column in features.GroupBy(feature => feature.ColumnName, StringComparer.Ordinal))
        {
            Add(warnings, column, ScalingWarningKind.MissingValues, feature => feature.Statistics.MissingCount > 0,
                "missing values (NaN), left out of the statistics and kept in the output");
            Add(warnings, column, ScalingWarningKind.InfiniteValues, feature => feature.Statistics.InfiniteCount > 0,
                "infinite values, left out of the statistics and kept in the output");
            Add(warnings, column, ScalingWarningKind.EmptyFeature, feature => feature.Statistics is { Count: 0, MissingCount: > 0 } or { Count: 0, InfiniteCount: > 0 },
                "no value in any row: nothing to scale by, so it is left as it is");
            Add(warnings, column, ScalingWarningKind.ConstantFeature, feature => feature.Statistics.IsConstant,
                "one and the same value in all rows: nothing to learn from");
        }
        AddSpreadRatio(warnings, features);
        return warnings;
    }

    private static void Add(
        List<ScalingWarning> warnings,
        IGrouping<string, ScalingReportRow> column,
        ScalingWarningKind kind,
        Func<ScalingReportRow, bool> applies,
        string what)
    {
        var found = column.Where(applies).ToArray();
        if (found.Length == 0)
        {
            return;
        }
        warnings.Add(new ScalingWarning(kind, column.Key, $"{Subject(column.Key, column.Count(), [.. found.Select(Label)])} {what}."));
    }

    /// <summary>Whom a warning is about: the column, and which of its slots.</summary>
    public static string Subject(string columnName, int slotCount, IReadOnlyList<string> found, string noun = "slots")
    {
        string slots = string.Join(", ", found.Take(SlotsNamed));
        if (found.Count > SlotsNamed)
        {
            slots += string.Create(CultureInfo.InvariantCulture, $" and {found.Count - SlotsNamed} more");
        }
        return slotCount == 1
            ? $"Column '{columnName}' has"
            : string.Create(CultureInfo.InvariantCulture, $"Column '{columnName}': {found.Count} of {slotCount} {noun} ({slots}) have");
    }

    private static void AddSpreadRatio(List<ScalingWarning> warnings, IReadOnlyList<ScalingReportRow> features)
    {
        var varying = features.Where(feature => feature.Statistics is { IsConstant: false, PopulationVariance: > 0 }).ToArray();
        if (varying.Length < 2)
        {
            return;
        }
        var widest = varying.MaxBy(Spread)!;
        var narrowest = varying.MinBy(Spread)!;
        double ratio = Spread(widest) / Spread(narrowest);
        if (ratio >= LargeSpreadRatio)
        {
            warnings.Add(new ScalingWarning(
                ScalingWarningKind.SpreadRatio,
                widest.ColumnName,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The standard deviations differ by a factor of {ratio:G3}: from {Spread(narrowest):G3} ('{narrowest.ColumnName}'[{Label(narrowest)}]) to {Spread(widest):G3} ('{widest.ColumnName}'[{Label(widest)}]). Train on the scaled output, not on the input.")));
        }
    }

    private static double Spread(ScalingReportRow feature) => feature.Statistics.PopulationStandardDeviation;

    private static string Label(ScalingReportRow feature) => feature.SlotName;
}
