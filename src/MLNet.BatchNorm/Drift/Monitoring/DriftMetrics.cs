using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace MLNet.BatchNorm;

/// <summary>Shows all monitors that live to whoever listens. Names and units follow OpenTelemetry's conventions for metrics.</summary>
internal static class DriftMetrics
{
    public const string MeterName = "MLNet.BatchNorm";

    private const string MonitorTag = "mlnet.batchnorm.monitor";

    // Weak: a monitor that nobody holds any more is not kept for its metrics.
    private static readonly ConditionalWeakTable<DriftMonitor, object> Monitors = [];

    private static readonly Meter Meter = CreateMeter();

    public static void Register(DriftMonitor monitor)
    {
        // The meter is made with the first monitor.
        _ = Meter;
        Monitors.Add(monitor, monitor.Name);
    }

    public static void Remove(DriftMonitor monitor) => Monitors.Remove(monitor);

    private static Meter CreateMeter()
    {
        var meter = new Meter(MeterName, typeof(DriftMetrics).Assembly.GetName().Version?.ToString());
        meter.CreateObservableCounter("mlnet.batchnorm.drift.rows", () => Measure(monitor => monitor.RowCount), "{row}", "Rows that the monitor has seen.");
        meter.CreateObservableGauge(
            "mlnet.batchnorm.drift.drifted_share", () => MeasureReports(report => report.DriftedShare), "1", "Share of the features in the window that have drifted.");
        meter.CreateObservableGauge(
            "mlnet.batchnorm.drift.largest_mean_shift",
            () => MeasureReports(report => report.Features.Select(feature => Math.Abs(feature.MeanShift)).Where(double.IsFinite).DefaultIfEmpty().Max()),
            "{standard_deviation}",
            "Largest shift of a feature's mean in the window, in standard deviations of the reference.");
        return meter;
    }

    private static IEnumerable<Measurement<double>> MeasureReports(Func<DriftReport, double> value) =>
        Living().Where(monitor => monitor.RowCount > 0)
            .Select(monitor => Measurement(value(monitor.Report()), monitor));

    private static IEnumerable<Measurement<long>> Measure(Func<DriftMonitor, long> value) => Living().Select(monitor => Measurement(value(monitor), monitor));

    private static Measurement<T> Measurement<T>(T value, DriftMonitor monitor)
        where T : struct => new(value, new KeyValuePair<string, object?>(MonitorTag, monitor.Name));

    private static DriftMonitor[] Living() => [.. Monitors.Select(pair => pair.Key)];
}
