using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Convergence.Study.Networks.Inside;

/// <summary>
/// Opens networks while they learn. A trainer gives its network at the end only: so the training stops to be looked at, and goes on, which
/// gives the same network, to the bit, as if it had not stopped.
/// </summary>
internal sealed class InsideStudy
{
    private const int ProbedRows = 256;
    private const int BinCount = 48;

    // The lengths of Santurkar et al. (2018), figure 4, in learning rates.
    private static readonly double[] StepLengths = [0.5, 1, 2, 4];
    private static readonly int[] Epochs = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40];
    private static readonly NetworkNormalization[] Kinds = [NetworkNormalization.None, NetworkNormalization.Batch];

    private readonly NetworkData _data;
    private readonly NetworkCell _cell;
    private readonly NetworkSettings _settings;
    private readonly TabularData _training;
    private readonly TabularData _testRows;
    private readonly ProbeRows _probe;
    private readonly ProbeRows _test;
    private readonly int[] _epochs;
    private readonly int[] _batchSizes;
    private readonly Dictionary<(NetworkNormalization Kind, int Epoch), Snapshot?> _snapshots;
    private readonly Dictionary<int, MismatchResult> _mismatches = [];

    /// <param name="data">The split of the first seed.</param>
    /// <param name="cell">What is trained, but for the normalization.</param>
    /// <param name="settings">How much work to do.</param>
    public InsideStudy(NetworkData data, NetworkCell cell, NetworkSettings settings)
    {
        (_data, _cell, _settings) = (data, cell, settings);

        // Batches and samples of a file that is sorted by its label would be of one class.
        (_training, _testRows) = (data.Training.Shuffled(settings.Seeds[0]), data.Test.Shuffled(settings.Seeds[0]));
        _probe = ProbeRows.Of(_training, ProbedRows);
        _test = ProbeRows.Of(_testRows, int.MaxValue);
        _epochs = [.. Epochs.Where(epoch => epoch < settings.Epochs), settings.Epochs];
        _batchSizes = [.. settings.BatchSizes.Where(size => size <= data.TrainingRowCount)];
        _snapshots = Kinds.SelectMany(kind => _epochs.Select(epoch => (kind, epoch))).ToDictionary(key => key, _ => (Snapshot?)null);
    }

    /// <summary>The trainings; each writes to a place of its own.</summary>
    public IEnumerable<Action> Work(CancellationToken cancellation)
    {
        foreach (var kind in Kinds)
        {
            yield return () => Follow(kind, cancellation);
        }

        foreach (var size in _batchSizes)
        {
            yield return () =>
            {
                var cell = _cell with { Normalization = NetworkNormalization.Batch, BatchSize = size, Epochs = _settings.BatchSizeEpochs };
                var network = Train(cell, goOnFrom: null, cancellation) is { } model ? ProbeNetwork.Of(model) : null;
                var result = new MismatchResult(
                    size,
                    network is null ? null : Numbers.SixDigits(ScoreByBatch(network, _training, size)),
                    network is null ? null : Numbers.SixDigits(network.InferenceScore(ProbeRows.Of(_training, int.MaxValue))));
                lock (_mismatches)
                {
                    _mismatches[size] = result;
                }
            };
        }
    }

    /// <summary>What was seen; null where one of the networks diverged, or stopped being one of finite numbers.</summary>
    public InsideResult? Result()
    {
        if (_snapshots.Values.Any(snapshot => snapshot is null))
        {
            return null;
        }

        var edges = Edges();
        return new InsideResult(
            _cell.Activation,
            _cell.LearningRate,
            edges,
            [.. Kinds.Select(kind => Describe(kind, edges))],
            [.. _batchSizes.Select(size => _mismatches[size])]);
    }

    // One training, with a look after each of the epochs; where it diverges, what was to come stays null.
    private void Follow(NetworkNormalization kind, CancellationToken cancellation)
    {
        MultilayerPerceptronModel? model = null;
        var trained = 0;
        foreach (var epoch in _epochs)
        {
            model = Train(_cell with { Normalization = kind, Epochs = epoch - trained }, model, cancellation);
            if (model is null)
            {
                return;
            }

            var snapshot = Look(ProbeNetwork.Of(model), epoch);
            trained = epoch;
            lock (_snapshots)
            {
                _snapshots[(kind, epoch)] = snapshot;
            }
        }
    }

    private MultilayerPerceptronModel? Train(NetworkCell cell, MultilayerPerceptronModel? goOnFrom, CancellationToken cancellation)
    {
        try
        {
            var options = NetworkRun.Options(cell, _settings, _settings.Seeds[0], new NetworkRun.Recorder(), cancellation) with { KeepTrainingState = true };
            return NetworkRun.Train(_data, options, _settings.Seeds[0], goOnFrom).Model;
        }
        catch (NetworkDivergedException)
        {
            return null;
        }
    }

    private Snapshot Look(ProbeNetwork network, int epoch)
    {
        var (loss, gradient) = network.Differentiate(_probe);
        var steps = StepLengths.Select(length => network.Step(gradient, length * _cell.LearningRate).Differentiate(_probe)).ToArray();
        var norm = Math.Sqrt(Distance(gradient, null));
        var pass = network.Run(_probe, byBatch: false);
        return new Snapshot(
            network,
            epoch,
            [.. pass.Received.SkipLast(1)],
            [.. pass.Dense.SkipLast(1).Select((z, layer) => RunningError(network.Layers[layer], z))],
            [.. gradient.SkipLast(1).Select(layer => Math.Sqrt(layer[0].Average(value => value * value)))],
            loss,
            steps.Min(step => step.Loss),
            steps.Max(step => step.Loss),
            norm > 0 ? steps.Max(step => Math.Sqrt(Distance(step.Gradient, gradient))) / norm : 0);
    }

    private static double Distance(double[][][] one, double[][][]? other) => one.Select((layer, i) => layer.Select((values, part) =>
        values.Select((value, j) => value - (other?[i][part][j] ?? 0)).Sum(difference => difference * difference)).Sum()).Sum();

    // The true means and deviations are those of the probed rows under the network as it stands.
    private static double? RunningError(ProbeLayer layer, double[] z)
    {
        if (!layer.IsNormalized)
        {
            return null;
        }

        return Enumerable.Range(0, layer.OutputCount).Average(neuron =>
        {
            double[] values = [.. Enumerable.Range(0, z.Length / layer.OutputCount).Select(row => z[(row * layer.OutputCount) + neuron])];
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
            return deviation > 0 ? Math.Abs(layer.RunningMean[neuron] - mean) / deviation : 0;
        });
    }

    private InsideNetwork Describe(NetworkNormalization kind, double[] edges)
    {
        var snapshots = _epochs.Select(epoch => _snapshots[(kind, epoch)]!).ToArray();
        var last = snapshots[^1].Network;
        var hidden = last.Layers.SkipLast(1).Where(layer => layer.IsNormalized).ToArray();
        return new InsideNetwork(
            kind,
            [.. snapshots.Select(snapshot => snapshot.Describe(edges))],
            [.. hidden.Select(layer => (IReadOnlyList<double>)[.. layer.Gamma.Select(Numbers.SixDigits)])],
            [.. hidden.Select(layer => (IReadOnlyList<double>)[.. layer.Beta.Select(Numbers.SixDigits)])],
            hidden.Length == 0 ? [] : [.. _settings.BatchSizes.Where(size => size <= _test.Count).Select(size => new BatchScore(size, Numbers.SixDigits(ScoreByBatch(last, _testRows, size))))],
            Numbers.SixDigits(last.InferenceScore(_test)));
    }

    // Over full batches of rows in no order; R squared over all of them together.
    private static double ScoreByBatch(ProbeNetwork network, TabularData data, int batchSize)
    {
        var count = data.Rows.Length / batchSize * batchSize;
        var outputs = Enumerable.Range(0, count / batchSize)
            .SelectMany(batch => network.Run(ProbeRows.Of(data, [.. Enumerable.Range(batch * batchSize, batchSize)]), byBatch: true).Outputs).ToArray();
        return network.Score(ProbeRows.Of(data, count), outputs);
    }

    // Wide enough for nearly everything that any layer of either network receives in any epoch; the rest counts in the outermost bins.
    private double[] Edges()
    {
        var all = _snapshots.Values.SelectMany(snapshot => snapshot!.Received).SelectMany(values => values).Select(Math.Abs).Order().ToArray();
        var reach = Math.Max(1, Math.Ceiling(all[(int)(0.998 * (all.Length - 1))]));
        return [.. Enumerable.Range(0, BinCount + 1).Select(i => Numbers.SixDigits(reach * ((2d * i / BinCount) - 1)))];
    }

    private sealed record Snapshot(
        ProbeNetwork Network, int Epoch, double[][] Received, double?[] RunningErrors, double[] GradientSizes, double Loss, double LowestLoss, double HighestLoss, double GradientChange)
    {
        public InsideSnapshot Describe(double[] edges) => new(
            Epoch,
            [.. Received.Select((values, layer) => new InsideLayer(
                Histogram(values, edges), Numbers.SixDigits(GradientSizes[layer]), RunningErrors[layer] is { } error ? Numbers.SixDigits(error) : null))],
            Numbers.SixDigits(Loss),
            Numbers.SixDigits(LowestLoss),
            Numbers.SixDigits(HighestLoss),
            Numbers.SixDigits(GradientChange));

        private static double[] Histogram(double[] values, double[] edges)
        {
            var counts = new double[edges.Length - 1];
            foreach (var value in values)
            {
                counts[Math.Clamp((int)((value - edges[0]) / (edges[^1] - edges[0]) * counts.Length), 0, counts.Length - 1)]++;
            }

            return Array.ConvertAll(counts, count => Numbers.SixDigits(count / values.Length));
        }
    }
}
