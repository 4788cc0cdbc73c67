using BenchmarkDotNet.Attributes;
using Microsoft.ML;

namespace MLNet.BatchNorm.Benchmarks;

/// <summary>Reading a scaled column, against ML.NET's own normalizer on the same data view.</summary>
[MemoryDiagnoser]
public class TransformBenchmarks
{
    private const string Column = MatrixDataView.ColumnName;
    private IDataView _data = null!;
    private IDataView _stock = null!;
    private IDataView _standardized = null!;

    [Params(Source.Matrix, Source.Enumerable, Source.TextFile)]
    public Source Source { get; set; }

    [Params(1, 4, 8, 32, 256, 4096)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var mlContext = new MLContext(seed: 1);
        _data = Sources.Create(mlContext, Source, (Source == Source.TextFile ? 400_000 : 4_000_000) / Width, Width);
        _stock = mlContext.Transforms.NormalizeMeanVariance(Column, fixZero: false).Fit(_data).Transform(_data);
        _standardized = mlContext.Transforms.Standardize(Column).Fit(_data).Transform(_data);
    }

    [Benchmark]
    public void SourceAlone() => Sources.Drain(_data);

    [Benchmark(Baseline = true)]
    public void Stock() => Sources.Drain(_stock);

    [Benchmark]
    public void Standardized() => Sources.Drain(_standardized);
}
