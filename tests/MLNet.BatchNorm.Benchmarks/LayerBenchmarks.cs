using BenchmarkDotNet.Attributes;

namespace MLNet.BatchNorm.Benchmarks;

/// <summary>The layers of networks: training forward and backward, and inference.</summary>
[MemoryDiagnoser]
public class LayerBenchmarks
{
    private float[] _input = [];
    private float[] _output = [];
    private float[] _gradient = [];
    private float[] _inputGradient = [];
    private BatchNormLayer _batchNorm = null!;
    private BatchNormLayer _threadedBatchNorm = null!;
    private BatchRenormLayer _batchRenorm = null!;
    private LayerNormLayer _layerNorm = null!;

    [Params(32, 256, 4096)]
    public int BatchSize { get; set; }

    [Params(32, 256)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _input = Sources.Matrix(BatchSize, Width);
        _gradient = Sources.Matrix(BatchSize, Width);
        _output = new float[_input.Length];
        _inputGradient = new float[_input.Length];
        _batchNorm = new BatchNormLayer(Width);
        _threadedBatchNorm = new BatchNormLayer(Width) { MaxDegreeOfParallelism = Environment.ProcessorCount };
        _batchRenorm = new BatchRenormLayer(Width);
        _layerNorm = new LayerNormLayer(Width);
    }

    [Benchmark(Baseline = true)]
    public void BatchNormTraining() => Train(_batchNorm);

    [Benchmark]
    public void BatchNormTrainingOnAllCores() => Train(_threadedBatchNorm);

    [Benchmark]
    public void BatchNormForward() => _batchNorm.Forward<float>(_input, _output, BatchSize, training: true);

    [Benchmark]
    public void BatchNormInference() => _batchNorm.Forward<float>(_input, _output, BatchSize, training: false);

    [Benchmark]
    public void BatchRenormTraining() => Train(_batchRenorm);

    [Benchmark]
    public void LayerNormTraining() => Train(_layerNorm);

    private void Train(NormalizationLayer layer)
    {
        layer.Forward<float>(_input, _output, BatchSize, training: true);
        layer.Backward<float>(_input, _gradient, _inputGradient, BatchSize);
    }
}
