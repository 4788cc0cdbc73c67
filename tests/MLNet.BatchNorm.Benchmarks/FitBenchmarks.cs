using BenchmarkDotNet.Attributes;
using Microsoft.ML;

namespace MLNet.BatchNorm.Benchmarks;

/// <summary>Fitting, against ML.NET's own normalizers on the same data view.</summary>
[MemoryDiagnoser]
public class FitBenchmarks
{
    private const string Column = MatrixDataView.ColumnName;
    private readonly MLContext _mlContext = new(seed: 1);
    private IDataView _data = null!;

    [Params(Source.Matrix, Source.Enumerable, Source.TextFile)]
    public Source Source { get; set; }

    [Params(1, 4, 8, 32, 256, 4096)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup() => _data = Sources.Create(_mlContext, Source, (Source == Source.TextFile ? 400_000 : 4_000_000) / Width, Width);

    [Benchmark]
    public void SourceAlone() => Sources.Drain(_data);

    [Benchmark(Baseline = true)]
    public object StockMeanVariance() => _mlContext.Transforms.NormalizeMeanVariance(Column).Fit(_data);

    [Benchmark]
    public object StockMinMax() => _mlContext.Transforms.NormalizeMinMax(Column).Fit(_data);

    [Benchmark]
    public object Standardize() => _mlContext.Transforms.Standardize(Column).Fit(_data);

    [Benchmark]
    public object StandardizeOnAllCores() =>
        _mlContext.Transforms.Standardize(Column, options: new() { MaxDegreeOfParallelism = Environment.ProcessorCount }).Fit(_data);

    [Benchmark]
    public object ScaleMinMax() => _mlContext.Transforms.ScaleMinMax(Column).Fit(_data);

    [Benchmark]
    public object BatchNormalize() => _mlContext.Transforms.BatchNormalize(Column).Fit(_data);
}
