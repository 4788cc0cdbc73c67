using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>
/// How far new data lie from what a scaler was fitted on, feature by feature: the mismatch between training and use, as numbers.
/// Print it: <see cref="ToString()"/> is a table.
/// </summary>
/// <remarks>Immutable, and safe to use from many threads.</remarks>
public sealed class DriftReport
{
    private const int RowsShown = 50;
    private const int ShapeDigits = 4;

    private static readonly string[] Header = ["Feature", "Count", "Mean shift", "Variance ratio", "Missing then", "Missing now"];
    private static readonly string[] ShapeHeader = ["PSI", "KS", "Wasserstein"];

    private readonly string _reference;
    private readonly bool _hasShapes;

    internal DriftReport(IReadOnlyList<FeatureDrift> features, long rowCount, DriftThresholds thresholds, bool isRunning)
    {
        _reference = isRunning ? "the running statistics" : "the data of the fit";
        _hasShapes = features.Any(feature => feature.Shape is not null);
        Features = features;
        RowCount = rowCount;
        Thresholds = thresholds;
        Verdict = features.Max(feature => feature.Verdict);
    }

    /// <summary>One entry per feature: every slot of every column, or every channel.</summary>
    public IReadOnlyList<FeatureDrift> Features { get; }

    /// <summary>The rows that were compared.</summary>
    public long RowCount { get; }

    /// <summary>From where on a change counted as drift.</summary>
    public DriftThresholds Thresholds { get; }

    /// <summary>
    /// <see cref="DriftVerdict.Drifted"/> where any feature has drifted; otherwise <see cref="DriftVerdict.TooFewValues"/> where any has too
    /// few values to tell.
    /// </summary>
    public DriftVerdict Verdict { get; }

    /// <summary>The share of features that have drifted, 0 to 1.</summary>
    public double DriftedShare => (double)Drifted.Count() / Features.Count;

    /// <summary>
    /// The verdict for the data set as a whole: <see cref="DriftVerdict.Drifted"/> where the share of drifted features is
    /// <see cref="DriftThresholds.DriftedShare"/> or more; <see cref="DriftVerdict.TooFewValues"/> where it might be, as too many have too few values
    /// to tell. Of many features one or another is off by chance; so many are not.
    /// </summary>
    public DriftVerdict DataSetVerdict => DriftedShare >= Thresholds.DriftedShare ? DriftVerdict.Drifted
        : (double)Features.Count(feature => feature.Verdict != DriftVerdict.Stable) / Features.Count >= Thresholds.DriftedShare ? DriftVerdict.TooFewValues
        : DriftVerdict.Stable;

    /// <summary>The features that have drifted.</summary>
    public IEnumerable<FeatureDrift> Drifted => Features.Where(feature => feature.Verdict == DriftVerdict.Drifted);

    /// <summary>The verdict in one sentence.</summary>
    public string Summary => Verdict switch
    {
        DriftVerdict.Drifted => string.Create(
            CultureInfo.InvariantCulture, $"{Drifted.Count()} of {Features.Count} feature(s) have drifted from {_reference}, in {RowCount} row(s)."),
        DriftVerdict.TooFewValues => string.Create(
            CultureInfo.InvariantCulture, $"No drift found, but {RowCount} row(s) are too few to tell a drift of the thresholds' size from chance."),
        _ => string.Create(CultureInfo.InvariantCulture, $"No drift in {Features.Count} feature(s), {RowCount} row(s)."),
    };

    /// <summary>The report as a table, with the verdict below it; of very wide columns the first 50 features.</summary>
    public override string ToString() => ToString(RowsShown);

    /// <summary>The report as a table of at most <paramref name="maximumRows"/> features, with the verdict and what has drifted below it.</summary>
    /// <param name="maximumRows">How many features to show; zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumRows"/> is negative.</exception>
    public string ToString(int maximumRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximumRows);
        string table = ReportTable.Format([.. Header, .. _hasShapes ? ShapeHeader : [], "Verdict"], [.. Features.Take(maximumRows).Select(Cells)], Features.Count, []);
        return $"{table}{Summary}\n{string.Concat(Drifted.Take(maximumRows).Select(feature => $"{feature.Message}\n"))}";
    }

    private string[] Cells(FeatureDrift row) =>
    [
        ReportTable.Feature(row.ColumnName, row.FeatureName),
        ReportTable.Number(row.Count),
        ReportTable.Number(row.MeanShift),
        ReportTable.Number(row.VarianceRatio),
        ReportTable.Number(row.MissingShareThen),
        ReportTable.Number(row.MissingShareNow),
        .. _hasShapes ? ShapeCells(row.Shape) : [],
        $"{row.Verdict}",
    ];

    private static string[] ShapeCells(ShapeDrift? shape) =>
    [
        .. new[] { shape?.PopulationStability, shape?.KolmogorovSmirnov, shape?.Wasserstein }
            .Select(distance => ReportTable.Number(Math.Round(distance?.Value ?? double.NaN, ShapeDigits))),
    ];
}
