using BenchmarkDotNet.Attributes;

namespace MLNet.BatchNorm.Benchmarks;

/// <summary>One training step of a network: forward, loss, backward, and plain gradient descent on every parameter.</summary>
[MemoryDiagnoser]
public class NetworkBenchmarks
{
    private const int ClassCount = 10;

    private NeuralNetwork _network = null!;
    private NetworkUpdate _update = null!;
    private float[] _features = [];
    private float[] _targets = [];

    /// <summary>64-100-100-10 with batches of 64 rows, or 256-256-256-10 with batches of 256.</summary>
    [Params(64, 256)]
    public int BatchSize { get; set; }

    [Params(NetworkNormalization.None, NetworkNormalization.Batch)]
    public NetworkNormalization Normalization { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int width = BatchSize == 64 ? 100 : 256;
        var options = new MultilayerPerceptronOptions
        {
            HiddenLayers = [width, width],
            Normalization = Normalization,
            Optimizer = new NetworkOptimizer.Sgd(),
            Dropout = 0,
        };
        ThreadTeam? team = Threads > 1 ? new ThreadTeam(Threads) : null;
        _network = new NeuralNetwork(BatchSize, ClassCount, options, BatchSize, team);
        _update = new NetworkUpdate(_network, options);
        _features = Sources.Matrix(BatchSize, BatchSize);
        var random = new Random(1);
        _targets = [.. Enumerable.Range(0, BatchSize).Select(_ => (float)random.Next(ClassCount))];
    }

    [Benchmark]
    public void Step()
    {
        _network.ComputeGradients(NetworkTask.MulticlassClassification, _features, _targets, default);
        _update.Step(learningRate: 0.01);
    }
}
