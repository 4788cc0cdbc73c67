using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;

namespace MLNet.BatchNorm.Benchmarks;

/// <summary>The numeric core on a float matrix of 16 million values, against a plain read and a plain copy of the same memory.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private float[] _source = [];
    private float[] _destination = [];
    private AffineMap _map = null!;

    [Params(1, 4, 8, 32, 256, 4096)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _source = Sources.Matrix((1 << 24) / Width, Width);
        _destination = new float[_source.Length];
        double[] center = new double[Width];
        center.AsSpan().Fill(3.1);
        double[] scale = new double[Width];
        scale.AsSpan().Fill(0.5);
        _map = new AffineMap(center, scale);
    }

    [Benchmark(Baseline = true)]
    public float Read() => TensorPrimitives.Sum(_source);

    [Benchmark]
    public void Copy() => _source.CopyTo(_destination, 0);

    [Benchmark]
    public FeatureMoments Moments()
    {
        var moments = new FeatureMoments(Width);
        moments.AddRows<float>(_source, _source.Length / Width);
        return moments;
    }

    [Benchmark]
    public FeatureQuantiles Quantiles()
    {
        var quantiles = new FeatureQuantiles(Width);
        quantiles.AddRows<float>(_source, _source.Length / Width);
        return quantiles;
    }

    [Benchmark]
    public void Map() => _map.Apply<float>(_source, _destination, _source.Length / Width);
}
