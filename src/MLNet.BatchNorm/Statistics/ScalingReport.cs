using System.Globalization;
using System.Text;

namespace MLNet.BatchNorm;

/// <summary>
/// What a fit has found, feature by feature, and what in it is worth a look. Print it: <see cref="ToString()"/> is a table.
/// </summary>
/// <remarks>Immutable, and safe to use from many threads.</remarks>
public sealed class ScalingReport
{
    private const int RowsShown = 50;

    private static readonly string[] Header =
        ["Feature", "Count", "Missing", "Infinite", "Mean", "Std. deviation", "Minimum", "Maximum", "Offset", "Scale"];

    internal ScalingReport(IReadOnlyList<ScalingReportRow> features)
    {
        Features = features;
        Warnings = ScalingWarnings.Of(features);
    }

    /// <summary>One row per feature: every slot of every column.</summary>
    public IReadOnlyList<ScalingReportRow> Features { get; }

    /// <summary>What is worth a look: missing, infinite and constant features, very different spreads. One warning per column and kind.</summary>
    public IReadOnlyList<ScalingWarning> Warnings { get; }

    /// <summary>The report as a table, with the warnings below it; of very wide columns the first 50 features.</summary>
    public override string ToString() => ToString(RowsShown);

    /// <summary>The report as a table of at most <paramref name="maximumRows"/> features, with the warnings below it.</summary>
    /// <param name="maximumRows">How many features to show; zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumRows"/> is negative.</exception>
    public string ToString(int maximumRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximumRows);
        string[][] cells = [Header, .. Features.Take(maximumRows).Select(Cells)];
        int[] widths = [.. Enumerable.Range(0, Header.Length).Select(i => cells.Max(row => row[i].Length))];

        var text = new StringBuilder();
        foreach (var row in cells)
        {
            // Names to the left, numbers to the right.
            text.Append(row[0].PadRight(widths[0]));
            for (int i = 1; i < row.Length; i++)
            {
                text.Append("  ").Append(row[i].PadLeft(widths[i]));
            }
            text.Append('\n');
        }
        if (Features.Count > maximumRows)
        {
            text.Append(CultureInfo.InvariantCulture, $"... and {Features.Count - maximumRows} more features\n");
        }
        foreach (var warning in Warnings)
        {
            text.Append("Warning: ").Append(warning.Message).Append('\n');
        }
        return text.ToString();
    }

    private static string[] Cells(ScalingReportRow row) =>
    [
        row.SlotName == row.ColumnName ? row.ColumnName : $"{row.ColumnName}[{row.SlotName}]",
        row.Statistics.Count.ToString(CultureInfo.InvariantCulture),
        row.Statistics.MissingCount.ToString(CultureInfo.InvariantCulture),
        row.Statistics.InfiniteCount.ToString(CultureInfo.InvariantCulture),
        Number(row.Statistics.Mean),
        Number(row.Statistics.PopulationStandardDeviation),
        Number(row.Statistics.Minimum),
        Number(row.Statistics.Maximum),
        Number(row.Offset),
        Number(row.Scale),
    ];

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("G6", CultureInfo.InvariantCulture);
}
