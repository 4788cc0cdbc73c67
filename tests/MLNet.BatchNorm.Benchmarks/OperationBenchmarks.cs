using BenchmarkDotNet.Attributes;
using Microsoft.ML;

namespace MLNet.BatchNorm.Benchmarks;

/// <summary>What a row of 32 floats costs in operation: scaled as spans, and watched by a monitor, beside the sums that the monitor takes.</summary>
[MemoryDiagnoser]
public class OperationBenchmarks
{
    private const int Width = 32;
    private const int RowCount = 10_000;

    private readonly float[] _rows = Sources.Matrix(RowCount, Width);
    private readonly float[] _output = new float[Width];
    private readonly FeatureMoments _moments = new(Width);
    private readonly FeatureQuantiles _quantiles = new(Width, DriftMonitorOptions.DefaultQuantileSize);
    private StandardizationColumn _column = null!;
    private DriftMonitor _monitor = null!;
    private DriftMonitor _window = null!;
    private DriftMonitor _withQuantiles = null!;

    [GlobalSetup]
    public void Setup()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = Sources.Create(mlContext, Source.Matrix, RowCount, Width);
        var scaler = mlContext.Transforms.Standardize(MatrixDataView.ColumnName).Fit(data);
        _column = scaler.Columns[0];
        _monitor = scaler.CreateDriftMonitor();
        _window = scaler.CreateDriftMonitor(new DriftMonitorOptions { WindowTime = TimeSpan.FromMinutes(1) });
        _withQuantiles = mlContext.Transforms.Standardize(MatrixDataView.ColumnName, options: new() { TrackQuantiles = true }).Fit(data).CreateDriftMonitor();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _monitor.Dispose();
        _window.Dispose();
        _withQuantiles.Dispose();
    }

    [Benchmark(OperationsPerInvoke = RowCount)]
    public void Apply()
    {
        for (int row = 0; row < RowCount; row++)
        {
            _column.Apply<float>(_rows.AsSpan(row * Width, Width), _output);
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = RowCount)]
    public void Moments()
    {
        for (int row = 0; row < RowCount; row++)
        {
            _moments.Add<float>(_rows.AsSpan(row * Width, Width));
        }
    }

    [Benchmark(OperationsPerInvoke = RowCount)]
    public void Quantiles()
    {
        for (int row = 0; row < RowCount; row++)
        {
            _quantiles.Add<float>(_rows.AsSpan(row * Width, Width));
        }
    }

    [Benchmark(OperationsPerInvoke = RowCount)]
    public void Monitor() => Watch(_monitor);

    [Benchmark(OperationsPerInvoke = RowCount)]
    public void MonitorOfAWindow() => Watch(_window);

    [Benchmark(OperationsPerInvoke = RowCount)]
    public void MonitorWithQuantiles() => Watch(_withQuantiles);

    private void Watch(DriftMonitor monitor)
    {
        for (int row = 0; row < RowCount; row++)
        {
            monitor.Add<float>(_rows.AsSpan(row * Width, Width));
        }
    }
}
