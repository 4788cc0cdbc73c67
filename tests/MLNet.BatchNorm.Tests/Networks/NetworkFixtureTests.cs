using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>A pipeline with a network that an earlier version of this library saved. See Fixtures/README.md.</summary>
public class NetworkFixtureTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly GoldenCase Expected = Open("network.json");
    private static readonly GoldenCase ExpectedOfOptions = Open("network_options.json");

    [Fact]
    public void A_saved_network_scores_the_same_as_plain_ML_NET() =>
        Check(Context.Model.Load(Path.Combine("Fixtures", "network.zip"), out _));

    [Fact]
    public void A_saved_network_comes_back_with_all_that_it_knew()
    {
        var model = (TransformerChain<ITransformer>)Context.Model.LoadWithStatistics(Path.Combine("Fixtures", "network.zip"), out _);

        Check(model);
        var network = model.OfType<MultilayerPerceptronTransformer>().Single().Model;
        network.History.Select(epoch => epoch.ValidationLoss!.Value).Should().Equal(Expected.Numbers("losses"));
        network.Options.Should().Be(PlainOptions.Value with
        {
            HiddenLayers = [6, 3],
            Epochs = 10,
            LearningRate = 0.01,
            Activation = ActivationFunction.Tanh,
            Seed = 4,
            ValidationFraction = 0.1,
        });
    }

    [Fact]
    public void Layer_normalization_scores_the_same_as_plain_ML_NET()
    {
        var model = Context.Model.Load(Path.Combine("Fixtures", "network_layer.zip"), out _);

        Scores(model).ShouldBeClose(Expected.Numbers("layer_score"), 1e-5, 0.1);
    }

    [Theory]
    [InlineData("regression")]
    [InlineData("binary")]
    public void Networks_of_many_options_come_back_as_they_were(string name)
    {
        var model = (TransformerChain<ITransformer>)Context.Model.LoadWithStatistics(Path.Combine("Fixtures", $"network_{name}.zip"), out _);

        var rows = Examples.View(Context, [.. ExpectedOfOptions.List("rows").Select(row => row.Numbers<float>("x"))]);
        model.Transform(rows).GetColumn<float>("Score").Select(value => (double)value).ShouldBeClose(ExpectedOfOptions.Numbers($"{name}_score"), 1e-6, 0.1);
        var network = model.OfType<MultilayerPerceptronTransformer>().Single().Model;
        network.History.Select(epoch => epoch.TrainingLoss).Should().Equal(ExpectedOfOptions.Numbers($"{name}_losses"));
        network.Options.Should().Be(name == "binary" ? BinaryOptions : RegressionOptions);
    }

    private static MultilayerPerceptronOptions RegressionOptions => PlainOptions.Value with
    {
        LabelColumnName = "Target",
        ExampleWeightColumnName = "Weight",
        HiddenLayers = [7, 4],
        Activation = ActivationFunction.LeakyReLU,
        Normalization = NetworkNormalization.BatchRenorm,
        NormalizationPlacement = NormalizationPlacement.AfterActivation,
        BatchNormMomentum = 0.2,
        NormalizationEpsilon = 1e-3,
        Optimizer = new NetworkOptimizer.AdamW { Beta1 = 0.8, Beta2 = 0.99, Epsilon = 1e-7 },
        LearningRate = 0.02,
        LearningRateSchedule = new LearningRateSchedule.Cosine { FinalFraction = 0.1 },
        WarmUpEpochs = 1,
        BatchSize = 32,
        Epochs = 6,
        WeightDecay = 0.01,
        Dropout = 0.1,
        Initialization = new WeightInitialization.Xavier(),
        GradientClipping = 5,
        ValidationFraction = 0.25,
        EarlyStoppingPatience = 4,
        Seed = 9,
    };

    private static MultilayerPerceptronOptions BinaryOptions => PlainOptions.Value with
    {
        LabelColumnName = "Flag",
        HiddenLayers = [6],
        Activation = ActivationFunction.Sigmoid,
        Normalization = NetworkNormalization.Layer,
        Optimizer = new NetworkOptimizer.Sgd { Momentum = 0.9, Nesterov = true },
        LearningRate = 0.1,
        LearningRateSchedule = new LearningRateSchedule.StepDecay { EpochsPerStep = 3, StepFactor = 0.5 },
        Epochs = 8,
        BatchSize = 50,
        Initialization = new WeightInitialization.Normal(0.3),
    };

    private static void Check(ITransformer model)
    {
        Scores(model).ShouldBeClose(Expected.Numbers("score"), 1e-5, 0.1);
        model.Transform(Rows()).GetColumn<string>("Predicted").Should().Equal("high", "low", "middle", "low", "low", "low", "low", "low", "low", "low");
    }

    private static double[] Scores(ITransformer model) =>
        [.. model.Transform(Rows()).GetColumn<float[]>("Score").SelectMany(row => row).Select(value => (double)value)];

    private static IDataView Rows() => Examples.View(Context, [.. Expected.List("rows").Select(row => row.Numbers<float>("x"))]);

    private static GoldenCase Open(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine("Fixtures", name)));
        return new GoldenCase(document.RootElement.Clone());
    }
}
