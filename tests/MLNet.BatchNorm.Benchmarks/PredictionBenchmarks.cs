using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Benchmarks;

/// <summary>One row through a prediction engine. What is allocated, a result object and its array, is ML.NET's own.</summary>
[MemoryDiagnoser]
public class PredictionBenchmarks
{
    private readonly Input _input = new() { Features = Sources.Matrix(1, 32) };
    private PredictionEngine<Input, Output> _stock = null!;
    private PredictionEngine<Input, Output> _standardize = null!;

    [GlobalSetup]
    public void Setup()
    {
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromEnumerable(Sources.Matrix(100, 32).Chunk(32).Select(row => new Input { Features = row }));
        _stock = mlContext.Model.CreatePredictionEngine<Input, Output>(
            mlContext.Transforms.NormalizeMeanVariance(nameof(Input.Features), fixZero: false).Fit(data));
        _standardize = mlContext.Model.CreatePredictionEngine<Input, Output>(mlContext.Transforms.Standardize(nameof(Input.Features)).Fit(data));
    }

    [Benchmark(Baseline = true)]
    public Output Stock() => _stock.Predict(_input);

    [Benchmark]
    public Output Standardize() => _standardize.Predict(_input);

    /// <summary>A row before scaling.</summary>
    public sealed class Input
    {
        [VectorType(32)]
        public float[] Features { get; set; } = [];
    }

    /// <summary>A row after it.</summary>
    public sealed class Output
    {
        [VectorType(32)]
        public float[] Features { get; set; } = [];
    }
}
