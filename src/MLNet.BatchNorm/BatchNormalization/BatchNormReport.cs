namespace MLNet.BatchNorm;

/// <summary>
/// What a fit of batch normalization has found: feature by feature the running statistics beside the exact ones, and what in it is worth
/// a look. Print it: <see cref="ToString()"/> is a table.
/// </summary>
/// <remarks>Immutable, and safe to use from many threads.</remarks>
public sealed class BatchNormReport
{
    private const int RowsShown = 50;

    private static readonly string[] Header =
    [
        "Feature", "Count", "Missing", "Running mean", "Exact mean", "Running variance", "Exact variance", "Between batches", "Batches", "Offset", "Scale",
    ];

    internal BatchNormReport(IReadOnlyList<BatchNormColumn> columns, BatchNormOptions options)
    {
        Features = [.. columns.SelectMany(column => column.ReportBatchRows())];
        BatchCount = columns.Max(column => column.Running.Running.BatchCount);
        LeftOutBatchCount = columns.Max(column => column.LeftOutBatchCount);
        LeftOutRowCount = columns.Max(column => column.LeftOutRowCount);
        Warnings =
        [
            .. ScalingWarnings.Of([.. Features.Select(feature => feature.ToScaling())]),
            .. columns.SelectMany(column => BatchNormWarnings.Of(column, options)),
        ];
    }

    /// <summary>One row per feature: every slot of every column.</summary>
    public IReadOnlyList<BatchNormReportRow> Features { get; }

    /// <summary>Batches averaged into the running statistics, over all epochs and updates; of the column with most of them.</summary>
    public long BatchCount { get; }

    /// <summary>Batches left out of the running statistics; of the column with most of them.</summary>
    public long LeftOutBatchCount { get; }

    /// <summary>The rows of those batches.</summary>
    public long LeftOutRowCount { get; }

    /// <summary>
    /// What is worth a look: sorted rows, batches that are small or few, rows left out; missing, infinite and constant features, very
    /// different spreads. One warning per column and kind.
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
        return ReportTable.Format(Header, [.. Features.Take(maximumRows).Select(Cells)], Features.Count, Warnings);
    }

    private static string[] Cells(BatchNormReportRow row) =>
    [
        ReportTable.Feature(row.ColumnName, row.SlotName),
        ReportTable.Number(row.Statistics.Count),
        ReportTable.Number(row.Statistics.MissingCount),
        ReportTable.Number(row.RunningMean),
        ReportTable.Number(row.Statistics.Mean),
        ReportTable.Number(row.RunningVariance),
        ReportTable.Number(row.Statistics.PopulationVariance),
        ReportTable.Number(row.BetweenBatchShare),
        ReportTable.Number(row.BatchCount),
        ReportTable.Number(row.Offset),
        ReportTable.Number(row.Scale),
    ];
}
