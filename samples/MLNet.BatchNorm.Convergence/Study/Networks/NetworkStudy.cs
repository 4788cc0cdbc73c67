using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study.Networks.Inside;

namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>The networks of one data set: trainings that may run in any order and at once, and what they found.</summary>
internal sealed class NetworkStudy
{
    private static readonly ActivationFunction[] Activations = [ActivationFunction.Sigmoid, ActivationFunction.ReLU];
    private static readonly NetworkNormalization[] Contenders = [NetworkNormalization.None, NetworkNormalization.Batch];
    private static readonly NetworkNormalization[] Normalizations =
        [NetworkNormalization.None, NetworkNormalization.Batch, NetworkNormalization.BatchRenorm, NetworkNormalization.Layer];

    private readonly NetworkSettings _settings;
    private readonly string? _sourcePath;
    private readonly IReadOnlyList<NetworkData> _data;
    private readonly NetworkCell[] _learningRates;
    private readonly NetworkCell[] _initializations;
    private readonly NetworkCell[] _batchSizes;
    private readonly Dictionary<(NetworkCell Cell, int Seed), NetworkRunResult?> _runs;
    private readonly InsideStudy _inside;
    private readonly IReadOnlyList<DriftResult>[] _drift = new IReadOnlyList<DriftResult>[Contenders.Length];

    public NetworkStudy(TabularData data, NetworkSettings settings)
    {
        (Name, _sourcePath, _settings) = (data.Name, data.SourcePath, settings);

        // How hard the test rows are depends on the split: each seed has its own.
        _data = [.. settings.Seeds.Select(seed => NetworkData.Create(data, settings, seed))];
        _learningRates =
        [
            .. from activation in Activations from rate in settings.LearningRates from normalization in Contenders
               select Cell(activation, normalization) with { LearningRate = rate },
        ];
        _initializations =
        [
            .. from activation in Activations from initialization in Initializations.All from normalization in Contenders
               select Cell(activation, normalization) with { Initialization = initialization },
        ];
        _batchSizes =
        [
            .. from normalization in Normalizations from batchSize in settings.BatchSizes.Where(size => size <= _data[0].TrainingRowCount)
               select Cell(ActivationFunction.ReLU, normalization) with { BatchSize = batchSize, Epochs = settings.BatchSizeEpochs },
        ];

        _inside = new InsideStudy(_data[0], Cell(ActivationFunction.ReLU, NetworkNormalization.None), settings);

        // A cell that stands in two tables is trained once.
        _runs = _learningRates.Concat(_initializations).Concat(_batchSizes).Distinct()
            .SelectMany(cell => settings.Seeds.Select(trainingSeed => (cell, trainingSeed)))
            .ToDictionary(key => key, _ => (NetworkRunResult?)null);
    }

    public string Name { get; }

    /// <summary>The trainings; each writes to a place of its own.</summary>
    public IEnumerable<Action> Work(CancellationToken cancellation)
    {
        foreach (var (cell, seed) in _runs.Keys.ToArray())
        {
            yield return () =>
            {
                var withExactStatistics = cell.Normalization == NetworkNormalization.Batch && _batchSizes.Contains(cell);
                var run = NetworkRun.Measure(Data(seed), cell, _settings, seed, withExactStatistics, cancellation);
                lock (_runs)
                {
                    _runs[(cell, seed)] = run;
                }
            };
        }

        foreach (var item in _inside.Work(cancellation))
        {
            yield return item;
        }

        for (var index = 0; index < Contenders.Length; index++)
        {
            var i = index;
            yield return () => _drift[i] = ActivationDrift.Measure(
                _data[0], Cell(ActivationFunction.ReLU, Contenders[i]), _settings, _settings.Seeds[0], cancellation);
        }
    }

    public NetworkResult Result()
    {
        var target = Target();
        var result = new NetworkResult(
            Name,
            string.Join("-", [_data[0].FeatureCount, .. _settings.HiddenLayers, _data[0].OutputCount]),
            _data[0].TrainingRowCount,
            _data[0].TestRowCount,
            NetworkScores.NameFor(_data[0].Task),
            target,
            [.. _learningRates.Select(cell => Summarize(cell, target))],
            [.. _initializations.Select(cell => Summarize(cell, target))],
            [.. _batchSizes.Select(cell => Summarize(cell, target))],
            [.. _drift.SelectMany(layers => layers)],
            _inside.Result(),
            Conclusions: [])
        { SourcePath = _sourcePath };
        return result with { Conclusions = Summary.OfNetwork(result, _settings) };
    }

    private NetworkData Data(int seed) => _data[_settings.Seeds.Index().Single(entry => entry.Item == seed).Index];

    private NetworkCell Cell(ActivationFunction activation, NetworkNormalization normalization) => new(
        activation, normalization, Initializations.Xavier, _settings.LearningRate, _settings.BatchSize, _settings.Epochs);

    // Of the shipped data sets it is known what a network can reach.
    private double Target() => ShippedData.NetworkNames.Contains(Name)
        ? _settings.TargetAccuracy
        : NetworkScores.TargetFor(_data[0], _runs.Where(entry => entry.Key.Seed == _settings.Seeds[0]).Max(entry => entry.Value!.Score ?? double.NegativeInfinity));

    private NetworkCellResult Summarize(NetworkCell cell, double target)
    {
        NetworkRunResult[] runs =
        [
            .. _settings.Seeds.Select(seed => _runs[(cell, seed)]!).Select(run => run with
            {
                EpochsToTarget = run.Epochs.Index().Where(epoch => epoch.Item.Score >= target).Select(epoch => (int?)epoch.Index + 1).FirstOrDefault(),
            }),
        ];
        return new NetworkCellResult(
            cell,
            runs,
            runs.Count(run => run.EpochsToTarget is not null),
            runs.Count(run => run.DivergedAtEpoch is not null),
            Median([.. runs.Select(run => (double?)run.EpochsToTarget ?? double.PositiveInfinity)]),
            Median([.. runs.Select(run => run.Score ?? double.NegativeInfinity)]))
        {
            MedianExactScore = runs.Any(run => run.ExactScore is not null) ? Median([.. runs.Select(run => run.ExactScore ?? double.NegativeInfinity)]) : null,
        };
    }

    private static double? Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return double.IsFinite(median) ? median : null;
    }
}
