namespace MLNet.BatchNorm;

/// <summary>
/// What a fit of batch normalization has found: feature by feature the running statistics beside the exact ones, and what in it is worth
/// a look. Print it: <see cref="ScalingReport.ToString()"/> is a table.
/// </summary>
/// <remarks>Immutable, and safe to use from many threads.</remarks>
public sealed class BatchNormReport : ScalingReport
{
    private static readonly string[] Header =
    [
        "Feature", "Count", "Missing", "Running mean", "Exact mean", "Running variance", "Exact variance", "Between batches", "Batches", "Offset", "Scale",
    ];

    internal BatchNormReport(IReadOnlyList<BatchNormColumn> columns, BatchNormOptions options)
        : base(columns.SelectMany(column => column.ReportBatchRows()).ToArray(), columns.SelectMany(column => BatchNormWarnings.Of(column, options)))
    {
        BatchCount = columns.Max(column => column.Running.Running.BatchCount);
        LeftOutBatchCount = columns.Max(column => column.LeftOutBatchCount);
        LeftOutRowCount = columns.Max(column => column.LeftOutRowCount);
    }

    /// <summary>One row per feature: every slot of every column.</summary>
    public override IReadOnlyList<BatchNormReportRow> Features => (IReadOnlyList<BatchNormReportRow>)base.Features;

    /// <summary>Batches averaged into the running statistics, over all epochs and updates; of the column with most of them.</summary>
    public long BatchCount { get; }

    /// <summary>Batches left out of the running statistics; of the column with most of them.</summary>
    public long LeftOutBatchCount { get; }

    /// <summary>The rows of those batches.</summary>
    public long LeftOutRowCount { get; }

    private protected override string Format(int maximumRows) =>
        ReportTable.Format(Header, [.. Features.Take(maximumRows).Select(Cells)], Features.Count, Warnings);

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
