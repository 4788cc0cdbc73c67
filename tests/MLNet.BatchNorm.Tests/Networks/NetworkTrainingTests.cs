using System.Collections.Immutable;

namespace MLNet.BatchNorm.Tests.Networks;

public sealed class NetworkTrainingTests
{
    private static readonly MultilayerPerceptronOptions Small = PlainOptions.Value with
    {
        HiddenLayers = [12, 8],
        BatchSize = 16,
        Epochs = 4,
        LearningRate = 0.01,
        Seed = 7,
    };

    [Fact]
    public void The_same_seed_gives_the_same_network_to_the_bit_on_any_number_of_threads()
    {
        // Wide enough that its products are shared among threads.
        var options = Small with { HiddenLayers = [128, 128], BatchSize = 128, Dropout = 0.2, Epochs = 2 };
        TrainedNetwork[] networks =
        [
            .. new[] { 1, 2, 1 }.Select(threads => Train(options with { NumberOfThreads = threads })),
            Train(options with { NumberOfThreads = 1, Seed = 8 }),
        ];

        networks[1].Layers[1].Weights.Should().Equal(networks[0].Layers[1].Weights);
        networks[2].Layers[1].Weights.Should().Equal(networks[0].Layers[1].Weights);
        networks[3].Layers[1].Weights.Should().NotEqual(networks[0].Layers[1].Weights);
    }

    [Theory]
    [InlineData(NetworkNormalization.None, NormalizationPlacement.BeforeActivation)]
    [InlineData(NetworkNormalization.Batch, NormalizationPlacement.BeforeActivation)]
    [InlineData(NetworkNormalization.Batch, NormalizationPlacement.AfterActivation)]
    [InlineData(NetworkNormalization.BatchRenorm, NormalizationPlacement.BeforeActivation)]
    [InlineData(NetworkNormalization.BatchRenorm, NormalizationPlacement.AfterActivation)]
    [InlineData(NetworkNormalization.Layer, NormalizationPlacement.BeforeActivation)]
    [InlineData(NetworkNormalization.Layer, NormalizationPlacement.AfterActivation)]
    public void Folded_the_network_computes_what_it_computes_in_inference(NetworkNormalization normalization, NormalizationPlacement placement)
    {
        foreach (var activation in Enum.GetValues<ActivationFunction>())
        {
            var options = Small with { Normalization = normalization, NormalizationPlacement = placement, Activation = activation };
            var data = Rows(100);
            var network = new NeuralNetwork(data.FeatureCount, 3, options, 100, team: null);
            var update = new NetworkUpdate(network, options);
            for (int step = 0; step < 20; step++)
            {
                network.ComputeGradients(NetworkTask.MulticlassClassification, data.Features, data.Targets, default);
                update.Step(0.02);
            }

            float[] expected = network.Forward(data.Features, 100, training: false).ToArray();
            FoldedNetwork folded = NetworkSnapshot.Take(network, NetworkTask.MulticlassClassification, options, new TargetScaling(0, 1)).Fold();
            NetworkScratch scratch = folded.CreateScratch();
            var outputs = new float[3];
            for (int row = 0; row < 100; row++)
            {
                folded.Score(data.Features.AsSpan(row * data.FeatureCount, data.FeatureCount), outputs, scratch);
                for (int output = 0; output < 3; output++)
                {
                    outputs[output].Should().BeApproximately(expected[(row * 3) + output], 1e-5f);
                }
            }

            folded.Layers.Any(layer => layer.ByRow is not null).Should().Be(normalization == NetworkNormalization.Layer);
        }
    }

    [Fact]
    public void A_batch_allocates_nothing()
    {
        var options = Small with { Dropout = 0.1, GradientClipping = 1 };
        var data = Rows(16);
        var network = new NeuralNetwork(data.FeatureCount, 3, options, 16, team: null);
        var update = new NetworkUpdate(network, options);
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Step();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);

        void Step()
        {
            network.ComputeGradients(NetworkTask.MulticlassClassification, data.Features, data.Targets, default);
            update.Step(0.01);
        }
    }

    [Fact]
    public void Early_stopping_returns_the_network_of_the_lowest_validation_loss()
    {
        // Labels that mean nothing: the training loss falls, the validation loss rises before long.
        var log = new TrainingLog();
        var options = Small with { Epochs = 200, LearningRate = 0.02, EarlyStoppingPatience = 5, Progress = log };
        var validation = Rows(60, seed: 2);

        TrainedNetwork network = NetworkTraining.Train(Rows(80, meaningless: true), validation, NetworkTask.MulticlassClassification, 3, options, log).Network;

        EpochProgress best = log.Epochs.MinBy(epoch => epoch.ValidationLoss)!;
        log.Epochs.Should().HaveCount(best.Epoch + 5).And.HaveCountLessThan(200);
        log.Messages[^1].Should().Contain($"that of epoch {best.Epoch}");
        LossOf(network, validation).Should().BeApproximately(best.ValidationLoss!.Value, 1e-5);
    }

    [Fact]
    public void A_share_of_the_rows_is_put_aside_where_no_validation_rows_are_given()
    {
        var log = new TrainingLog();

        NetworkTraining.Train(Rows(80), null, NetworkTask.MulticlassClassification, 3, Small with { ValidationFraction = 0.25, Progress = log }, log);

        log.Epochs.Should().HaveCount(4).And.AllSatisfy(epoch =>
        {
            epoch.ValidationLoss.Should().BePositive();

            // 20 rows: the accuracy is a number of twentieths.
            (epoch.ValidationMetric!.Value * 20).Should().BeApproximately(Math.Round(epoch.ValidationMetric.Value * 20), 1e-9);
        });
    }

    [Fact]
    public void Early_stopping_without_validation_rows_is_an_error()
    {
        var train = () => Train(Small with { EarlyStoppingPatience = 3 });

        train.Should().Throw<InvalidOperationException>().WithMessage("*ValidationFraction*");
    }

    [Fact]
    public void A_fraction_that_leaves_no_training_rows_is_an_error()
    {
        var train = () => NetworkTraining.Train(
            Rows(3), null, NetworkTask.MulticlassClassification, 3, Small with { ValidationFraction = 0.99 }, new TrainingLog());

        train.Should().Throw<InvalidOperationException>().WithMessage("*0.99 leaves none of the 3 row(s)*");
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_training_and_says_when_and_what_to_do()
    {
        var train = () => Train(Small with { LearningRate = 1e30, Normalization = NetworkNormalization.None, Optimizer = new NetworkOptimizer.Sgd() });

        var exception = train.Should().Throw<NetworkDivergedException>().WithMessage("*diverged in epoch*smaller learning rate*1E+30*1E+29*").Which;
        exception.Epoch.Should().BeInRange(1, 4);
        exception.LearningRate.Should().Be(1e30);
    }

    [Fact]
    public void Cancelling_ends_training_within_the_epoch()
    {
        using var source = new CancellationTokenSource();
        var log = new CancelAfter(2, source);
        var train = () => NetworkTraining.Train(
            Rows(100), null, NetworkTask.MulticlassClassification, 3, Small with { Epochs = 1000, Progress = log, CancellationToken = source.Token }, new TrainingLog());

        train.Should().Throw<OperationCanceledException>();
        log.Count.Should().Be(2);
    }

    [Fact]
    public void A_last_batch_of_one_row_joins_the_one_before()
    {
        var options = Small with { BatchSize = 16 };
        Batches(Rows(33), options).Should().Equal(16, 17);
        Batches(Rows(34), options).Should().Equal(16, 16, 2);
        Batches(Rows(33), options with { Normalization = NetworkNormalization.Layer }).Should().Equal(16, 16, 1);
        Batches(Rows(5), options).Should().Equal(5);

        var single = () => Batches(Rows(1), options);
        single.Should().Throw<InvalidOperationException>().WithMessage("*at least 2 training rows*found 1*");
    }

    [Fact]
    public void Every_row_comes_once_an_epoch_in_an_order_of_the_seeds_own()
    {
        var data = new NetworkData([.. Enumerable.Range(0, 50).Select(i => (float)i)], 1, new float[50], [.. Enumerable.Range(0, 50).Select(i => i * 2f)]);
        var reader = new BatchReader(data, Small);
        var epochs = Enumerable.Range(0, 2).Select(_ =>
        {
            var seen = new List<float>();
            reader.Shuffle();
            while (reader.Next())
            {
                seen.AddRange(reader.Features.ToArray());
                reader.Weights.ToArray().Should().Equal(reader.Features.ToArray().Select(value => value * 2));
            }

            return seen;
        }).ToArray();

        epochs[0].Should().BeEquivalentTo(Enumerable.Range(0, 50).Select(i => (float)i)).And.NotBeInAscendingOrder();
        epochs[1].Should().NotEqual(epochs[0]).And.BeEquivalentTo(epochs[0]);
    }

    [Fact]
    public void Regression_learns_the_same_whatever_the_unit_of_the_label()
    {
        var data = Rows(200);
        float[] targets = [.. Enumerable.Range(0, 200).Select(row => data.Features[row * data.FeatureCount] + (0.5f * data.Features[(row * data.FeatureCount) + 1]))];
        var small = data with { Targets = targets };
        var large = data with { Targets = Array.ConvertAll(targets, target => (1000 * target) + 5000) };
        var options = Small with { Epochs = 60 };
        var (first, second) = (Regression(small, options), Regression(large, options));
        double rmse = 0;
        for (int row = 0; row < 200; row++)
        {
            second[row].Should().BeApproximately((1000 * first[row]) + 5000, 5);
            rmse += Math.Pow(first[row] - targets[row], 2) / 200;
        }

        Math.Sqrt(rmse).Should().BeLessThan(0.15);
    }

    [Fact]
    public void A_row_of_weight_two_counts_like_two_rows()
    {
        var options = Small with { Normalization = NetworkNormalization.None };
        var twice = Rows(8).Select([0, 1, 2, 3, 4, 5, 6, 7, 7]);
        var weighted = Rows(8) with { Weights = [1, 1, 1, 1, 1, 1, 1, 2] };

        GradientOf(weighted, options).Zip(GradientOf(twice, options)).Should().AllSatisfy(pair => pair.First.Should().BeApproximately(pair.Second, 1e-6f));
    }

    [Fact]
    public void What_activations_receive_is_measured_where_it_is_asked_for()
    {
        var log = new TrainingLog();
        NetworkTraining.Train(Rows(300), null, NetworkTask.MulticlassClassification, 3, Small with { MeasureActivations = true, Progress = log }, log);

        log.Epochs.Should().AllSatisfy(epoch => epoch.Activations.Should().HaveCount(2).And.AllSatisfy(layer => layer.StandardDeviation.Should().BePositive()));

        // Normalized by running statistics, with gamma near 1 and beta near 0 after a few small steps.
        log.Epochs[^1].Activations[0].Mean.Should().BeApproximately(0, 0.3);
        log.Epochs[^1].Activations[0].StandardDeviation.Should().BeApproximately(1, 0.3);
    }

    [Fact]
    public void A_movement_is_the_mean_distance_between_the_distributions_of_each_neuron()
    {
        var data = Rows(40);
        var network = new NeuralNetwork(data.FeatureCount, 3, Small with { HiddenLayers = [2], Normalization = NetworkNormalization.None }, 40, team: null);
        var probe = new ActivationProbe(data, 40);
        probe.Measure(network)[0].Movement.Should().BeNull();
        probe.Measure(network)[0].Movement.Should().Be(0);

        // Twice the weights: mean and deviation of each neuron double, and the bias is 0.
        DenseLayer dense = network.HiddenLayers[0].Dense;
        double[] shifts = [.. Enumerable.Range(0, 2).Select(neuron =>
        {
            double[] values = [.. Enumerable.Range(0, 40).Select(row =>
                Enumerable.Range(0, 5).Sum(input => (double)data.Features[(row * 5) + input] * dense.Weights[(input * 2) + neuron]))];
            double mean = values.Average();
            double variance = values.Average(value => Math.Pow(value - mean, 2));
            return Math.Sqrt((mean * mean) + variance) / Math.Sqrt(variance);
        })];
        foreach (ref float weight in dense.Weights.AsSpan())
        {
            weight *= 2;
        }

        probe.Measure(network)[0].Movement.Should().BeApproximately(shifts.Average(), 1e-5);
    }

    [Fact]
    public void Without_hidden_layers_it_is_a_linear_model() => Train(Small with { HiddenLayers = [] }).Layers.Should().ContainSingle();

    [Fact]
    public void Dropout_keeps_the_expectation_and_leaves_inference_alone()
    {
        var mask = new DropoutMask(0.3, 100_000, seed: 1);
        var ones = new float[100_000];
        Array.Fill(ones, 1);
        var dropped = new float[100_000];
        mask.Forward(ones, dropped);

        dropped.Distinct().Should().HaveCount(2).And.Contain(0);
        dropped.Average().Should().BeApproximately(1, 0.01f);
        dropped.Count(value => value == 0).Should().BeInRange(29_000, 31_000);

        float[] gradient = (float[])ones.Clone();
        mask.Backward(gradient);
        gradient.Should().Equal(dropped);

        var network = new NeuralNetwork(5, 3, Small with { Dropout = 0.5 }, 10, team: null);
        var data = Rows(10);
        float[] first = network.Forward(data.Features, 10, training: false).ToArray();
        network.Forward(data.Features, 10, training: false).ToArray().Should().Equal(first);
    }

    private static float[] GradientOf(NetworkData data, MultilayerPerceptronOptions options)
    {
        var network = new NeuralNetwork(data.FeatureCount, 3, options, data.RowCount, team: null);
        network.ComputeGradients(NetworkTask.MulticlassClassification, data.Features, data.Targets, data.Weights);
        return network.HiddenLayers[0].Dense.WeightGradient;
    }

    private static float[] Regression(NetworkData data, MultilayerPerceptronOptions options)
    {
        FoldedNetwork network = NetworkTraining.Train(data, null, NetworkTask.Regression, 1, options, new TrainingLog()).Network.Fold();
        NetworkScratch scratch = network.CreateScratch();
        var output = new float[1];
        return [.. Enumerable.Range(0, data.RowCount).Select(row =>
        {
            network.Score(data.Features.AsSpan(row * data.FeatureCount, data.FeatureCount), output, scratch);
            return output[0];
        })];
    }

    private static double LossOf(TrainedNetwork network, NetworkData data)
    {
        FoldedNetwork folded = network.Fold();
        NetworkScratch scratch = folded.CreateScratch();
        var outputs = new float[data.RowCount * 3];
        for (int row = 0; row < data.RowCount; row++)
        {
            folded.Score(data.Features.AsSpan(row * data.FeatureCount, data.FeatureCount), outputs.AsSpan(row * 3, 3), scratch);
        }

        return Loss.Compute(NetworkTask.MulticlassClassification, outputs, data.Targets, default, 3, default);
    }

    private static ImmutableArray<int> Batches(NetworkData data, MultilayerPerceptronOptions options)
    {
        var reader = new BatchReader(data, options);
        var sizes = ImmutableArray.CreateBuilder<int>();
        reader.Shuffle();
        while (reader.Next())
        {
            sizes.Add(reader.Targets.Length);
        }

        return sizes.ToImmutable();
    }

    private static TrainedNetwork Train(MultilayerPerceptronOptions options) =>
        NetworkTraining.Train(Rows(300), null, NetworkTask.MulticlassClassification, 3, options, new TrainingLog()).Network;

    // Three classes around three centers.
    private static NetworkData Rows(int count, int seed = 1, bool meaningless = false)
    {
        var random = new Random(seed);
        var features = new float[count * 5];
        var targets = new float[count];
        for (int row = 0; row < count; row++)
        {
            int label = random.Next(3);
            targets[row] = meaningless ? random.Next(3) : label;
            for (int feature = 0; feature < 5; feature++)
            {
                features[(row * 5) + feature] = (float)(random.NextDouble() - 0.5 + (feature == label ? 1 : 0));
            }
        }

        return new NetworkData(features, 5, targets, null);
    }

    private sealed class CancelAfter(int epochs, CancellationTokenSource source) : IProgress<EpochProgress>
    {
        public int Count { get; private set; }

        public void Report(EpochProgress value)
        {
            if (++Count == epochs)
            {
                source.Cancel();
            }
        }
    }
}
