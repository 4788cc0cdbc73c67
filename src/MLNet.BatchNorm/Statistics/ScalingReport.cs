namespace MLNet.BatchNorm;

/// <summary>
/// What a fit has found, feature by feature, and what in it is worth a look. Print it: <see cref="ToString()"/> is a table.
/// </summary>
/// <remarks>Immutable, and safe to use from many threads.</remarks>
public class ScalingReport
{
    private const int RowsShown = 50;

    private static readonly string[] Header =
        ["Feature", "Count", "Missing", "Infinite", "Mean", "Std. deviation", "Minimum", "Maximum", "Offset", "Scale"];

    internal ScalingReport(IReadOnlyList<ScalingReportRow> features, IEnumerable<ScalingWarning> further)
    {
        Features = features;
        Warnings = [.. ScalingWarnings.Of(features), .. further];
    }

    /// <summary>One row per feature: every slot of every column.</summary>
    public virtual IReadOnlyList<ScalingReportRow> Features { get; }

    /// <summary>
    /// What is worth a look: missing, infinite and constant features, very different spreads, an epsilon that is a material share of a
    /// variance. One warning per column and kind.
    /// </summary>
    public IReadOnlyList<ScalingWarning> Warnings { get; }

    /// <summary>The report as a table, with the warnings below it; of very wide columns the first 50 features.</summary>
    public override string ToString() => ToString(RowsShown);

    /// <summary>The report as a table of at most <paramref name="maximumRows"/> features, with the warnings below it.</summary>
    /// <param name="maximumRows">How many features to show; zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumRows"/> is negative.</exception>
    public string ToString(int maximumRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximumRows);
        return Format(maximumRows);
    }

    private protected virtual string Format(int maximumRows) =>
        ReportTable.Format(Header, [.. Features.Take(maximumRows).Select(Cells)], Features.Count, Warnings);

    private static string[] Cells(ScalingReportRow row) =>
    [
        ReportTable.Feature(row.ColumnName, row.SlotName),
        ReportTable.Number(row.Statistics.Count),
        ReportTable.Number(row.Statistics.MissingCount),
        ReportTable.Number(row.Statistics.InfiniteCount),
        ReportTable.Number(row.Statistics.Mean),
        ReportTable.Number(row.Statistics.PopulationStandardDeviation),
        ReportTable.Number(row.Statistics.Minimum),
        ReportTable.Number(row.Statistics.Maximum),
        ReportTable.Number(row.Offset),
        ReportTable.Number(row.Scale),
    ];
}
