namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>
/// The lesson's claims about batch normalization inside a network, on the digits, 64-100-100-10 by plain gradient descent with batches of
/// 64: medians over seeds, each of which splits the rows and draws the weights in its own way. With margins; PyTorch's medians over five seeds of the same experiments stand beside.
/// </summary>
public sealed class BatchNormClaimsTests
{
    private static readonly int[] Seeds = [1, 2, 3, 4, 5];

    // Trainings that are to show that nothing happens are long.
    private static readonly int[] FewSeeds = [1, 2, 3];

    [Fact]
    public void Sigmoid_at_rate_a_tenth_needs_few_epochs_with_and_very_many_without()
    {
        var plain = Sgd(ActivationFunction.Sigmoid, 0.1);

        // PyTorch: 8 with, more than 200 without.
        MedianEpochs(plain with { Epochs = 30 }).Should().BeLessThanOrEqualTo(16);
        MedianEpochs(plain with { Epochs = 100, Normalization = NetworkNormalization.None }).Should().BeGreaterThan(100);
    }

    [Theory]
    [InlineData(0.1, 5, 10)] // PyTorch: 2 with, 22 without.
    [InlineData(0.01, 25, 80)] // PyTorch: 12 with, 183 without.
    public void Relu_is_faster_with_it(double learningRate, int mostWith, int leastWithout)
    {
        var plain = Sgd(ActivationFunction.ReLU, learningRate);

        MedianEpochs(plain with { Epochs = mostWith + 10 }).Should().BeLessThanOrEqualTo(mostWith);
        MedianEpochs(plain with { Epochs = leastWithout, Normalization = NetworkNormalization.None }).Should().BeGreaterThan(leastWithout);
    }

    [Fact]
    public void Tiny_initial_weights_do_no_harm_with_it_and_stop_a_sigmoid_network_without()
    {
        var plain = Sgd(ActivationFunction.Sigmoid, 0.1) with { Initialization = new WeightInitialization.Normal(0.01) };

        // PyTorch: 9 epochs with; at 10 percent after 100 without.
        MedianEpochs(plain with { Epochs = 30 }).Should().BeLessThanOrEqualTo(18);
        FinalAccuracies(plain with { Epochs = 100, Normalization = NetworkNormalization.None }).Should().AllSatisfy(accuracy => accuracy.Should().BeLessThan(0.2));
    }

    [Fact]
    public void A_deep_network_trains_with_it_and_not_at_all_without()
    {
        var deep = Sgd(ActivationFunction.Sigmoid, 0.1) with { HiddenLayers = [50, 50, 50, 50, 50, 50], Epochs = 25 };

        FinalAccuracies(deep).Should().AllSatisfy(accuracy => accuracy.Should().BeGreaterThan(0.9));
        FinalAccuracies(deep with { Normalization = NetworkNormalization.None }).Should().AllSatisfy(accuracy => accuracy.Should().BeLessThan(0.2));
    }

    [Fact]
    public void It_allows_rates_at_which_nothing_is_learned_without()
    {
        var fast = Sgd(ActivationFunction.ReLU, 3) with { Epochs = 15 };

        FinalAccuracies(fast).Should().AllSatisfy(accuracy => accuracy.Should().BeGreaterThan(0.8));
        FinalAccuracies(fast with { Normalization = NetworkNormalization.None }).Should().AllSatisfy(accuracy => accuracy.Should().BeLessThan(0.3));
    }

    [Fact]
    public void Batches_of_two_are_too_small_for_it_and_not_for_normalization_by_layer()
    {
        var small = Sgd(ActivationFunction.ReLU, 0.03) with { BatchSize = 2, Epochs = 5 };

        double byBatch = FinalAccuracies(small).Average();
        double byLayer = FinalAccuracies(small with { Normalization = NetworkNormalization.Layer }).Average();

        byLayer.Should().BeGreaterThan(byBatch + 0.1);
    }

    [Fact]
    public void Digits_are_told_apart_to_97_percent() =>
        FinalAccuracies(Sgd(ActivationFunction.ReLU, 0.1) with { Epochs = 30 }).Average().Should().BeGreaterThanOrEqualTo(0.97);

    private static MultilayerPerceptronOptions Sgd(ActivationFunction activation, double learningRate) => PlainOptions.Value with
    {
        HiddenLayers = [100, 100],
        Activation = activation,
        Optimizer = new NetworkOptimizer.Sgd(),
        LearningRate = learningRate,
        // PyTorch's default is uniform with the deviation 1 / sqrt(3 inputs): 0.07 and 0.06 here.
        Initialization = new WeightInitialization.Normal(0.065),
        NumberOfThreads = 1,
    };

    // Not arriving counts as one epoch more than there were.
    private static double MedianEpochs(MultilayerPerceptronOptions options) =>
        Median(Runs(options).Select(run => run.FirstOrDefault(epoch => epoch.ValidationMetric >= 0.95)?.Epoch ?? options.Epochs + 1));

    private static double Median(IEnumerable<int> epochs)
    {
        int[] sorted = [.. epochs.Order()];
        return sorted[sorted.Length / 2];
    }

    private static double[] FinalAccuracies(MultilayerPerceptronOptions options) =>
        [.. Runs(options).Select(run => run.Count < options.Epochs ? 0.1 : run[^1].ValidationMetric!.Value)];

    // A training that diverges has fewer epochs than it was to have.
    private static IReadOnlyList<EpochProgress>[] Runs(MultilayerPerceptronOptions options) =>
        [.. (options.Normalization == NetworkNormalization.None ? FewSeeds : Seeds).AsParallel().AsOrdered().Select(seed => TrainingLog.Of(options with { Seed = seed }, DigitsData.Split(seed)))];
}
