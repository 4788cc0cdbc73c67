using System.Diagnostics;
using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>Trains a network by mini-batch gradient descent.</summary>
internal static class NetworkTraining
{
    /// <summary>Trains, and returns the network of the last epoch, or with early stopping that of the lowest validation loss.</summary>
    /// <param name="data">The rows to learn from; at least one.</param>
    /// <param name="validation">Rows to watch; if null, the options' share of <paramref name="data"/> is put aside.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="outputCount">1, or the number of classes.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="log">Is told of each epoch.</param>
    /// <exception cref="NetworkDivergedException">
    /// A loss is no longer finite, or that of the network that is returned far above what it was before the first step.
    /// </exception>
    /// <exception cref="InvalidOperationException">There are too few rows, or none to validate on where early stopping needs them.</exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public static TrainedNetwork Train(
        NetworkData data, NetworkData? validation, NetworkTask task, int outputCount, MultilayerPerceptronOptions options, INetworkLog log)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        if (validation is null && options.ValidationFraction > 0)
        {
            (data, validation) = ValidationSplit.Split(data, options.ValidationFraction, options.Seed);
        }

        if (options.EarlyStoppingPatience is not null && validation is null)
        {
            throw new InvalidOperationException(
                "Early stopping goes by validation data, and there are none: give them to Fit, or set ValidationFraction, 0.1 for instance.");
        }

        var target = TargetScaling.Of(data, task);
        int threads = options.NumberOfThreads ?? Environment.ProcessorCount;
        ThreadTeam? team = threads > 1 ? new ThreadTeam(threads) : null;
        var run = new TrainingRun(
            target.Scale(data), validation is null ? null : target.Scale(validation), task, outputCount, options, target, team);
        return run.Train(log);
    }

    private sealed class TrainingRun
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

        // Of the first batch, or of guessing: whichever is larger.
        private double _lossAtFirst;

        public TrainingRun(
            NetworkData data, NetworkData? validation, NetworkTask task, int outputCount, MultilayerPerceptronOptions options, TargetScaling target, ThreadTeam? team)
        {
            (_task, _options, _target) = (task, options, target);
            _batches = new BatchReader(data, options);
            int capacity = Math.Max(_batches.LargestBatch, SmallestCapacity);
            NetworkSize.CheckBatch(capacity, outputCount, options);
            _network = new NeuralNetwork(data.FeatureCount, outputCount, options, capacity, team);
            _update = new NetworkUpdate(_network, options);
            _validation = validation is null ? null : new NetworkEvaluation(validation, task, capacity);
            _probe = options.MeasureActivations ? new ActivationProbe(data, SmallestCapacity) : null;
        }

        public TrainedNetwork Train(INetworkLog log)
        {
            var watch = Stopwatch.StartNew();
            TrainedNetwork? best = null;
            double bestTrainingLoss = 0;
            (double bestLoss, int bestEpoch) = (double.PositiveInfinity, 0);
            _lossAtFirst = Loss.OfGuessing(_task, _network.OutputCount);
            for (int epoch = 1; epoch <= _options.Epochs; epoch++)
            {
                double learningRate = EpochLearningRate.Of(_options, epoch);
                double trainingLoss = RunEpoch(epoch, learningRate);
                NetworkScore? score = _validation?.Measure(_network);
                if (score is { } measured && !double.IsFinite(measured.Loss))
                {
                    throw new NetworkDivergedException(epoch, learningRate, "the loss on the validation rows is no longer a finite number");
                }

                if (epoch == _options.Epochs && _options.EarlyStoppingPatience is null)
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
                    (best, bestLoss, bestEpoch) = (Snapshot(), score.Value.Loss, epoch);
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
                return Snapshot();
            }

            CheckLearned(bestEpoch, bestTrainingLoss);
            return best;
        }

        private void CheckLearned(int epoch, double trainingLoss)
        {
            if (trainingLoss > DivergedFactor * _lossAtFirst)
            {
                throw new NetworkDivergedException(epoch, EpochLearningRate.Of(_options, epoch), string.Create(
                    CultureInfo.InvariantCulture, $"the loss is {trainingLoss:G3}, over {DivergedFactor} times the {_lossAtFirst:G3} that an untrained network has"));
            }
        }

        private double RunEpoch(int epoch, double learningRate)
        {
            double sum = 0;
            int count = 0;
            _batches.Shuffle();
            while (_batches.Next())
            {
                _options.CancellationToken.ThrowIfCancellationRequested();
                double loss = _network.ComputeGradients(_task, _batches.Features, _batches.Targets, _batches.Weights);
                if (!double.IsFinite(loss))
                {
                    throw new NetworkDivergedException(epoch, learningRate, "the loss is no longer a finite number");
                }

                if (epoch == 1 && count == 0)
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
                $"Epoch {epoch} of {_options.Epochs}: training loss {trainingLoss:G6}{(score is null ? "" : $", validation loss {score.Value.Loss:G6}, {MetricName} {metric:G6}")}."));
            _options.Progress?.Report(new EpochProgress
            {
                Epoch = epoch,
                EpochCount = _options.Epochs,
                TrainingLoss = trainingLoss,
                ValidationLoss = score?.Loss,
                ValidationMetric = metric,
                LearningRate = learningRate,
                Elapsed = elapsed,
                Activations = _probe?.Measure(_network) ?? [],
            });
        }

        private string MetricName => _task == NetworkTask.Regression ? "root mean squared error" : "accuracy";

        private TrainedNetwork Snapshot()
        {
            try
            {
                return NetworkSnapshot.Take(_network, _task, _options, _target);
            }
            catch (ArgumentException exception)
            {
                // The last step may have left the range of single precision without a loss that shows it.
                throw new NetworkDivergedException(_options.Epochs, EpochLearningRate.Of(_options, _options.Epochs), $"{exception.Message.TrimEnd('.')}");
            }
        }
    }
}
