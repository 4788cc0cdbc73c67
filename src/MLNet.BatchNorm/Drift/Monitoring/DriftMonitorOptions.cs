namespace MLNet.BatchNorm;

/// <summary>Options of a <see cref="DriftMonitor"/>.</summary>
/// <remarks>An immutable record: change one with a <c>with</c> expression.</remarks>
public sealed record DriftMonitorOptions
{
    /// <summary>The default of <see cref="QuantileSize"/>.</summary>
    public const int DefaultQuantileSize = 2048;

    /// <summary>From where on a change counts as drift.</summary>
    /// <value>Default: those of <see cref="DriftThresholds"/>.</value>
    public DriftThresholds Thresholds { get; init; } = new();

    /// <summary>
    /// How many of the latest rows are compared; at least 8. Rows leave the window an eighth of it at a time: it holds between seven eighths of so
    /// many and all of them. Not together with <see cref="WindowTime"/>.
    /// </summary>
    /// <value>Default: <see langword="null"/>; all rows since the monitor was made.</value>
    public long? WindowRows { get; init; }

    /// <summary>For how long a row is compared; positive. Rows leave the window an eighth of it at a time. Not together with <see cref="WindowRows"/>.</summary>
    /// <value>Default: <see langword="null"/>; for as long as the monitor lives.</value>
    public TimeSpan? WindowTime { get; init; }

    /// <summary>What the monitor is called in metrics: the attribute <c>mlnet.batchnorm.monitor</c> of each measurement.</summary>
    /// <value>Default: the names of the input columns, separated by commas.</value>
    public string? Name { get; init; }

    /// <summary>
    /// How many values of each feature are kept for quantiles, where the scaler keeps them too: per eighth of the window, and per thread that adds
    /// rows at the same time. See <see cref="ScalingOptions.QuantileSize"/>.
    /// </summary>
    /// <value>Default: 2048.</value>
    public int QuantileSize { get; init; } = DefaultQuantileSize;

    /// <summary>The clock of <see cref="WindowTime"/>.</summary>
    /// <value>Default: the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Thresholds);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        Thresholds.Validate();
        if (WindowRows is not null && WindowTime is not null)
        {
            throw new ArgumentException($"Expected a window of rows or of time; found both. Leave {nameof(WindowRows)} or {nameof(WindowTime)} out.", nameof(WindowRows));
        }
        if (WindowRows < MonitorWindow.BucketCount)
        {
            throw new ArgumentOutOfRangeException(nameof(WindowRows), WindowRows, $"Expected at least {MonitorWindow.BucketCount} rows, or null for all.");
        }
        if (WindowTime is { } time && time < TimeSpan.FromMilliseconds(MonitorWindow.BucketCount))
        {
            throw new ArgumentOutOfRangeException(nameof(WindowTime), time, $"Expected at least {MonitorWindow.BucketCount} milliseconds, or null for all time.");
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(QuantileSize, FeatureQuantiles.SmallestSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(QuantileSize, FeatureQuantiles.LargestSize);
    }
}
