using BenchmarkDotNet.Attributes;

namespace MLNet.BatchNorm.Benchmarks;

/// <summary>A training step of a default network on ten categories of 100 values each, one-hot encoded, with batches of 128.</summary>
public class SparseNetworkBenchmarks
{
    private const int Categories = 10;
    private const int Values = 100;
    private const int BatchSize = 128;

    private NeuralNetwork _network = null!;
    private NetworkUpdate _update = null!;
    private NetworkData _data = null!;

    [Params(false, true)]
    public bool Sparse { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var options = new MultilayerPerceptronOptions();
        _network = new NeuralNetwork(Categories * Values, outputCount: 1, options, BatchSize, team: null);
        _update = new NetworkUpdate(_network, options);
        var random = new Random(1);
        var rows = new SparseRows(Categories * Values);
        for (int row = 0; row < BatchSize; row++)
        {
            int[] columns = [.. Enumerable.Range(0, Categories).Select(category => (category * Values) + random.Next(Values))];
            rows.Add([.. columns.Select(_ => 1f)], columns);
        }
        var targets = new float[BatchSize];
        _data = Sparse
            ? new NetworkData([], Categories * Values, targets, null) { Sparse = rows }
            : new NetworkData(rows.ToDense(), Categories * Values, targets, null);
    }

    [Benchmark]
    public void Gradients() => _network.ComputeGradients(NetworkTask.Regression, _data.Rows(0, BatchSize), _data.Targets, default);

    [Benchmark]
    public void Step()
    {
        Gradients();
        _update.Step(learningRate: 0.01);
    }
}
