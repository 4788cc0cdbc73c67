using System.Collections.Immutable;
using System.Numerics;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>
/// Watches rows in operation: what a service is asked to predict, as it comes in, against the data that a scaler was fitted on. Made by
/// <c>scaler.CreateDriftMonitor()</c>.
/// </summary>
/// <remarks>
/// <para>
/// Safe to use from many threads at once. A row takes no lock: a thread that finds another adding goes elsewhere in memory. Rows are summed as in
/// <see cref="FeatureMoments"/>, and where the scaler keeps quantiles go into sketches as well (<see cref="FeatureQuantiles"/>).
/// </para>
/// <para>
/// While it lives, and until it is disposed of, it is seen by whoever listens to the <see cref="System.Diagnostics.Metrics.Meter"/> named
/// <c>MLNet.BatchNorm</c> (OpenTelemetry: <c>AddMeter("MLNet.BatchNorm")</c>), with the attribute <c>mlnet.batchnorm.monitor</c>, its name:
/// <c>mlnet.batchnorm.drift.rows</c>, a counter in {row}; <c>mlnet.batchnorm.drift.drifted_share</c>, a gauge in 1, of the features in the window;
/// <c>mlnet.batchnorm.drift.largest_mean_shift</c>, a gauge in {standard_deviation}, of all finite shifts. The gauges say nothing before the first row.
/// </para>
/// <para>Infinite values count as missing. Rows are taken to be independent, and weigh 1 each.</para>
/// </remarks>
public sealed class DriftMonitor : IDisposable
{
    private const int LanesPerProcessor = 4;

    private readonly ImmutableArray<FittedColumn> _fitted;
    private readonly ScalingOptions _scalingOptions;
    private readonly MonitorWindow _window;
    private readonly MonitorLane[] _lanes;

    internal DriftMonitor(ImmutableArray<FittedColumn> fitted, ScalingOptions scalingOptions, DriftMonitorOptions options)
    {
        _fitted = fitted;
        _scalingOptions = scalingOptions;
        Options = options;
        SlotCount = fitted.Sum(column => column.Layout.SlotCount);
        _window = new MonitorWindow(options);
        FittedColumn[] empty = [.. DriftMeasurement.Empty(fitted, options.QuantileSize)];
        _lanes = [.. Enumerable.Range(0, LanesPerProcessor * Environment.ProcessorCount).Select(_ => new MonitorLane(empty))];
        Name = options.Name ?? string.Join(", ", fitted.Select(column => column.InputColumnName).Distinct());
        DriftMetrics.Register(this);
    }

    /// <summary>The options that it was made with.</summary>
    public DriftMonitorOptions Options { get; }

    /// <summary>What it is called in metrics.</summary>
    public string Name { get; }

    /// <summary>The values of a row: the slots of all input columns together.</summary>
    public int SlotCount { get; }

    /// <summary>The rows since it was made, those that have left the window included.</summary>
    public long RowCount => _lanes.Sum(lane => lane.RowCount);

    /// <summary>Takes a row in. Allocates only where a new eighth of the window begins, and the first time that so many threads add at once.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">The values as they come in, not scaled: the slots of the input columns, one column after the other, [slots].</param>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public void Add<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (row.Length != SlotCount)
        {
            throw new ArgumentException(
                $"Expected a row of {SlotCount} value(s), the slots of {string.Join(", ", _fitted.Select(column => $"'{column.InputColumnName}'"))}; found {row.Length}.", nameof(row));
        }
        MonitorLane lane = Enter();
        try
        {
            // Numbered inside: so the numbers in a lane never go back.
            lane.Add(row, _window.Next());
        }
        finally
        {
            lane.Leave();
        }
    }

    /// <summary>Takes in all rows of a data view.</summary>
    /// <param name="rows">Data with the input columns, of the types that the scaler was fitted on.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public void Add(IDataView rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        FittedColumn[] columns = [.. _fitted.Select(column => column.On(rows.Schema, nameof(rows)))];
        using var cursor = rows.GetRowCursor(columns.Select(column => rows.Schema[column.InputColumnName]).DistinctBy(column => column.Index));
        var row = new double[SlotCount];
        var readers = MonitorRowReader.Create(cursor, columns);
        while (cursor.MoveNext())
        {
            int start = 0;
            foreach (var (read, slotCount) in readers)
            {
                read(row.AsSpan(start, slotCount));
                start += slotCount;
            }
            Add<double>(row);
        }
    }

    /// <summary>
    /// What has become of the rows in the window, as it stands: the report of <c>MeasureDrift</c> on them. While it is put together rows keep coming in.
    /// Without a row, the verdict is that there are too few.
    /// </summary>
    public DriftReport Report()
    {
        FittedColumn[] found = [.. DriftMeasurement.Empty(_fitted, Options.QuantileSize)];
        foreach (MonitorLane lane in _lanes)
        {
            if (lane.RowCount == 0)
            {
                continue;
            }
            var wait = new SpinWait();
            while (!lane.TryEnter())
            {
                wait.SpinOnce();
            }
            try
            {
                lane.MoveInto(found, _window.Latest());
            }
            finally
            {
                lane.Leave();
            }
        }
        return DriftMeasurement.Compare(_fitted, [.. found], _scalingOptions, Options.Thresholds);
    }

    /// <summary>Takes it out of the metrics. It goes on counting for those who hold it.</summary>
    public void Dispose() => DriftMetrics.Remove(this);

    /// <summary>A lane that no other thread is in: the first one that is free, each thread beginning elsewhere.</summary>
    private MonitorLane Enter()
    {
        int first = Environment.CurrentManagedThreadId % _lanes.Length;
        var wait = new SpinWait();
        while (true)
        {
            for (int i = 0; i < _lanes.Length; i++)
            {
                MonitorLane lane = _lanes[(first + i) % _lanes.Length];
                if (lane.TryEnter())
                {
                    return lane;
                }
            }
            // Four threads per processor were stopped in the middle of a row, all at once.
            wait.SpinOnce();
        }
    }
}
