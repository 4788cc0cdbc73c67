using System.Diagnostics;
using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>One training: epochs of mini-batches, watched on validation rows.</summary>
internal sealed class TrainingRun
{
    // A validation pass goes through the network in batches of at least this many rows.
    private const int SmallestCapacity = 256;

    // A network that ends so many times above where it began, or above guessing, has learned nothing.
    private const double DivergedFactor = 1000;

    private readonly NetworkTask _task;
    private readonly MultilayerPerceptronOptions _options;
    private readonly TargetScaling _target;
    private readonly NeuralNetwork _network;
    private readonly NetworkUpdate _update;
    private readonly BatchReader _batches;
    private readonly NetworkEvaluation? _validation;
    private readonly ActivationProbe? _probe;
    private readonly NetworkData _data;
    private readonly TrainingStart? _start;
    private readonly int _capacity;
    private readonly int _firstEpoch;
    private readonly int _lastEpoch;

    // Of the first batch, or of guessing: whichever is larger.
    private double _lossAtFirst;

    public TrainingRun(
        NetworkData data,
        NetworkData? validation,
        NetworkTask task,
        int outputCount,
        MultilayerPerceptronOptions options,
        TargetScaling target,
        ThreadTeam? team,
        TrainingStart? start)
    {
        (_data, _task, _options, _target, _start) = (data, task, options, target, start);
        int epochsBefore = start?.EpochCount ?? 0;
        (_firstEpoch, _lastEpoch) = (epochsBefore + 1, checked(epochsBefore + options.Epochs));
        _batches = new BatchReader(data, options, epochsBefore);
        _capacity = Math.Max(_batches.LargestBatch, SmallestCapacity);
        NetworkSize.CheckBatch(_capacity, outputCount, options);
        _network = new NeuralNetwork(data.FeatureCount, outputCount, options, _capacity, team);
        _update = new NetworkUpdate(_network, options);
        if (start is not null)
        {
            NetworkRestoration.Restore(_network, start.Network, start.State?.Moments);
            if (start.State?.Optimizer is { } optimizer)
            {
                _update.Restore(optimizer);
            }
        }
        _validation = validation is null ? null : new NetworkEvaluation(validation, task, _capacity);
        _probe = options.MeasureActivations ? new ActivationProbe(data, SmallestCapacity) : null;
    }

    public TrainingResult Train(INetworkLog log)
    {
        TrainingResult result = RunEpochs(log);
        if (_options.NormalizationStatistics == NormalizationStatistics.Running || !_options.NormalizesOverBatches || _network.HiddenLayers.IsEmpty)
        {
            return result;
        }
        if (result.EpochCount != _lastEpoch)
        {
            NetworkRestoration.Restore(_network, result.Network, moments: null);
        }
        ExactStatistics.Set(_network, _data, _capacity, _options.CancellationToken);
        return result with { Network = TakeNetwork() };
    }

    private TrainingResult RunEpochs(INetworkLog log)
    {
        var watch = Stopwatch.StartNew();
        TrainingResult? best = null;
        double bestTrainingLoss = 0;
        (double bestLoss, int bestEpoch) = (double.PositiveInfinity, 0);
        _lossAtFirst = Loss.OfGuessing(_task, _network.OutputCount);
        if (_start is not null && _options.EarlyStoppingPatience is not null)
        {
            // Training may make it worse: the network that it goes on from is the first to beat.
            (best, bestLoss, bestEpoch) = (Snapshot(_start.EpochCount), _validation!.Measure(_network).Loss, _start.EpochCount);
        }
        for (int epoch = _firstEpoch; epoch <= _lastEpoch; epoch++)
        {
            double learningRate = LearningRateOf(epoch);
            double trainingLoss = RunEpoch(epoch, learningRate);
            NetworkScore? score = _validation?.Measure(_network);
            if (score is { } measured && !double.IsFinite(measured.Loss))
            {
                throw new NetworkDivergedException(epoch, learningRate, "the loss on the validation rows is no longer a finite number");
            }

            if (epoch == _lastEpoch && _options.EarlyStoppingPatience is null)
            {
                CheckLearned(epoch, trainingLoss);
            }

            Report(epoch, learningRate, trainingLoss, score, watch.Elapsed, log);
            if (_options.EarlyStoppingPatience is not { } patience || score is null)
            {
                continue;
            }

            if (score.Value.Loss < bestLoss)
            {
                bestTrainingLoss = trainingLoss;
                (best, bestLoss, bestEpoch) = (Snapshot(epoch), score.Value.Loss, epoch);
            }
            else if (epoch - bestEpoch >= patience)
            {
                log.Info(string.Create(
                    CultureInfo.InvariantCulture, $"Stopped after epoch {epoch}: the lowest validation loss, {bestLoss:G6}, is that of epoch {bestEpoch}."));
                break;
            }
        }

        if (best is null)
        {
            return Snapshot(_lastEpoch);
        }

        CheckLearned(bestEpoch, bestTrainingLoss);
        return best;
    }

    private void CheckLearned(int epoch, double trainingLoss)
    {
        if (trainingLoss > DivergedFactor * _lossAtFirst)
        {
            throw new NetworkDivergedException(epoch, LearningRateOf(epoch), string.Create(
                CultureInfo.InvariantCulture, $"the loss is {trainingLoss:G3}, over {DivergedFactor} times the {_lossAtFirst:G3} that an untrained network has"));
        }
    }

    private double RunEpoch(int epoch, double learningRate)
    {
        double sum = 0;
        int count = 0;
        _batches.Shuffle();
        _network.Begin(epoch);
        while (_batches.Next())
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            double loss = _network.ComputeGradients(_task, _batches.Input, _batches.Targets, _batches.Weights);
            if (!double.IsFinite(loss))
            {
                throw new NetworkDivergedException(epoch, learningRate, "the loss is no longer a finite number");
            }

            if (epoch == _firstEpoch && count == 0)
            {
                _lossAtFirst = Math.Max(_lossAtFirst, loss);
            }

            _update.Step(learningRate);
            sum += loss;
            count++;
        }

        return sum / count;
    }

    private void Report(int epoch, double learningRate, double trainingLoss, NetworkScore? score, TimeSpan elapsed, INetworkLog log)
    {
        double? metric = score?.Metric(_task, _target);
        log.Info(string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {epoch} of {_lastEpoch}: training loss {trainingLoss:G6}{(score is null ? "" : $", validation loss {score.Value.Loss:G6}, {MetricName} {metric:G6}")}."));
        _options.Progress?.Report(new EpochProgress
        {
            Epoch = epoch,
            EpochCount = _lastEpoch,
            TrainingLoss = trainingLoss,
            ValidationLoss = score?.Loss,
            ValidationMetric = metric,
            LearningRate = learningRate,
            Elapsed = elapsed,
            Activations = _probe?.Measure(_network) ?? [],
        });
    }

    private string MetricName => _task == NetworkTask.Regression ? "root mean squared error" : "accuracy";

    private double LearningRateOf(int epoch) => EpochLearningRate.Of(_options, epoch, _lastEpoch);

    private TrainingResult Snapshot(int epoch) => new(
        TakeNetwork(), epoch, _options.KeepTrainingState ? new TrainingState(_update.ExportState(), NetworkRestoration.ExportMoments(_network)) : null);

    private TrainedNetwork TakeNetwork()
    {
        try
        {
            return NetworkSnapshot.Take(_network, _task, _options, _target);
        }
        catch (ArgumentException exception)
        {
            // The last step may have left the range of single precision without a loss that shows it.
            throw new NetworkDivergedException(_lastEpoch, LearningRateOf(_lastEpoch), $"{exception.Message.TrimEnd('.')}");
        }
    }
}
