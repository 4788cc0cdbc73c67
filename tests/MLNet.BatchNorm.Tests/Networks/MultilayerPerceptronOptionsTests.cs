namespace MLNet.BatchNorm.Tests.Networks;

public sealed class MultilayerPerceptronOptionsTests
{
    private static readonly MultilayerPerceptronOptions Defaults = PlainOptions.Value;

    public static TheoryData<string, MultilayerPerceptronOptions> Wrong => new()
    {
        { "HiddenLayers", Defaults with { HiddenLayers = [10, 0] } },
        { "HiddenLayers", Defaults with { HiddenLayers = default } },
        { "Activation", Defaults with { Activation = (ActivationFunction)9 } },
        { "Normalization", Defaults with { Normalization = (NetworkNormalization)9 } },
        { "NormalizationPlacement", Defaults with { NormalizationPlacement = (NormalizationPlacement)9 } },
        { "BatchNormMomentum", Defaults with { BatchNormMomentum = 0 } },
        { "NormalizationEpsilon", Defaults with { NormalizationEpsilon = 0 } },
        { "LearningRate", Defaults with { LearningRate = double.NaN } },
        { "BatchSize", Defaults with { BatchSize = 1 } },
        { "BatchSize", Defaults with { BatchSize = 0, Normalization = NetworkNormalization.None } },
        { "Epochs", Defaults with { Epochs = 0 } },
        { "WarmUpEpochs", Defaults with { WarmUpEpochs = 100 } },
        { "WeightDecay", Defaults with { WeightDecay = -1 } },
        { "Dropout", Defaults with { Dropout = 1 } },
        { "Deviation", Defaults with { Initialization = new WeightInitialization.Normal(0) } },
        { "GradientClipping", Defaults with { GradientClipping = 0 } },
        { "ValidationFraction", Defaults with { ValidationFraction = 1 } },
        { "EarlyStoppingPatience", Defaults with { EarlyStoppingPatience = 0 } },
        { "NumberOfThreads", Defaults with { NumberOfThreads = 0 } },
        { "Momentum", Defaults with { Optimizer = new NetworkOptimizer.Sgd { Momentum = 1 } } },
        { "Nesterov", Defaults with { Optimizer = new NetworkOptimizer.Sgd { Nesterov = true } } },
        { "Beta2", Defaults with { Optimizer = new NetworkOptimizer.Adam { Beta2 = 1 } } },
        { "Epsilon", Defaults with { Optimizer = new NetworkOptimizer.AdamW { Epsilon = 0 } } },
        { "FinalFraction", Defaults with { LearningRateSchedule = new LearningRateSchedule.Cosine { FinalFraction = 2 } } },
        { "StepFactor", Defaults with { LearningRateSchedule = new LearningRateSchedule.StepDecay { StepFactor = 0 } } },
        { "EpochsPerStep", Defaults with { LearningRateSchedule = new LearningRateSchedule.StepDecay { EpochsPerStep = 0 } } },
        { "NormalizationStatistics", Defaults with { NormalizationStatistics = (NormalizationStatistics)9 } },
        { "GroupCount", Defaults with { GroupCount = 0 } },
        { "GroupCount", Defaults with { Normalization = NetworkNormalization.Group, GroupCount = 3 } },
        { "GhostBatchSize", Defaults with { GhostBatchSize = 1 } },
        { "GhostBatchSize", Defaults with { GhostBatchSize = 8, Normalization = NetworkNormalization.Layer } },
        { "LabelColumnName", Defaults with { LabelColumnName = "" } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_out_of_range_is_named(string parameter, MultilayerPerceptronOptions options)
    {
        var validate = options.Validate;

        validate.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(parameter);
    }

    [Fact]
    public void The_defaults_are_those_of_the_published_comparison() => new MultilayerPerceptronOptions().Should().Be(new MultilayerPerceptronOptions
    {
        HiddenLayers = [256, 128],
        Normalization = NetworkNormalization.Batch,
        NormalizationStatistics = NormalizationStatistics.Exact,
        Optimizer = new NetworkOptimizer.Adam(),
        LearningRate = 0.003,
        LearningRateSchedule = new LearningRateSchedule.Cosine(),
        BatchSize = 128,
        Epochs = 30,
        WeightDecay = 0,
        Dropout = 0.1,
    });

    [Fact]
    public void One_row_batches_are_fine_without_statistics_of_batches() =>
        (Defaults with { BatchSize = 1, Normalization = NetworkNormalization.Layer }).Validate();

    [Fact]
    public void Options_are_equal_when_they_give_the_same_network()
    {
        var other = PlainOptions.Value with { HiddenLayers = [100], NumberOfThreads = 1, MeasureActivations = true };

        other.Should().Be(Defaults);
        other.GetHashCode().Should().Be(Defaults.GetHashCode());
        (other with { HiddenLayers = [100, 100] }).Should().NotBe(Defaults);
        (other with { Optimizer = new NetworkOptimizer.AdamW() }).Should().NotBe(Defaults);
        (other with { Seed = 1 }).Should().NotBe(Defaults);
    }

    [Fact]
    public void Learning_rates_warm_up_and_then_follow_the_schedule()
    {
        var options = Defaults with { LearningRate = 1, Epochs = 7, WarmUpEpochs = 2, LearningRateSchedule = new LearningRateSchedule.Cosine { FinalFraction = 0.5 } };

        // A third, two thirds; then half a cosine over five epochs, from 1 to 0.5.
        Rates(options).Should().BeEquivalentTo(
            [1 / 3.0, 2 / 3.0, 1, 0.5 + (0.25 * (1 + Math.Sqrt(0.5))), 0.75, 0.5 + (0.25 * (1 - Math.Sqrt(0.5))), 0.5],
            comparison => comparison.WithStrictOrdering().Using<double>(pair => pair.Subject.Should().BeApproximately(pair.Expectation, 1e-12)).WhenTypeIs<double>());
        Rates(Defaults with { LearningRate = 0.8, Epochs = 5, LearningRateSchedule = new LearningRateSchedule.StepDecay { EpochsPerStep = 2, StepFactor = 0.5 } })
            .Should().Equal(0.8, 0.8, 0.4, 0.4, 0.2);
        Rates(Defaults with { LearningRate = 0.1, Epochs = 3 }).Should().Equal(0.1, 0.1, 0.1);
    }

    [Fact]
    public void Initial_weights_have_the_deviation_of_their_scheme()
    {
        // 400 x 300 draws: the deviation of the sample deviation is 0.2 percent.
        Deviation(new WeightInitialization.He()).Should().BeApproximately(Math.Sqrt(2.0 / 400), 0.01 * Math.Sqrt(2.0 / 400));
        Deviation(new WeightInitialization.Xavier()).Should().BeApproximately(Math.Sqrt(2.0 / 700), 0.01 * Math.Sqrt(2.0 / 700));
        Deviation(new WeightInitialization.Normal(3)).Should().BeApproximately(3, 0.03);

        static double Deviation(WeightInitialization initialization)
        {
            var dense = new DenseLayer(400, 300, new MatrixProduct(null));
            InitialWeights.Draw(dense, initialization, new Random(1));
            dense.Weights.Average().Should().BeApproximately(0, 0.05f);
            return Math.Sqrt(dense.Weights.Average(weight => (double)weight * weight));
        }
    }

    private static IEnumerable<double> Rates(MultilayerPerceptronOptions options) =>
        Enumerable.Range(1, options.Epochs).Select(epoch => EpochLearningRate.Of(options, epoch, options.Epochs));
}
