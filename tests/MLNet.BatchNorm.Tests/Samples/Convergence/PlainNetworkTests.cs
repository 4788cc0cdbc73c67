using System.Globalization;
using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

/// <summary>The study trains plain networks, whatever the trainer's defaults become.</summary>
public sealed class PlainNetworkTests
{
    private static readonly Dictionary<string, string> Plain = new()
    {
        ["LabelColumnName"] = "Label",
        ["FeatureColumnName"] = "Features",
        ["ExampleWeightColumnName"] = "",
        ["HiddenLayers"] = "100 100",
        ["Activation"] = "Sigmoid",
        ["Normalization"] = "None",
        ["NormalizationPlacement"] = "BeforeActivation",
        ["BatchNormMomentum"] = "0.1",
        ["NormalizationEpsilon"] = "1E-05",
        ["GroupCount"] = "4",
        ["GhostBatchSize"] = "",
        ["NormalizationStatistics"] = "Running",
        ["Optimizer"] = "Sgd { Momentum = 0, Nesterov = False }",
        ["LearningRate"] = "0.3",
        ["LearningRateSchedule"] = "Constant { }",
        ["WarmUpEpochs"] = "0",
        ["BatchSize"] = "32",
        ["Epochs"] = "7",
        ["WeightDecay"] = "0",
        ["Dropout"] = "0",
        ["Initialization"] = "Xavier { }",
        ["GradientClipping"] = "",
        ["ValidationFraction"] = "0",
        ["EarlyStoppingPatience"] = "",
        ["Seed"] = "5",
        ["KeepTrainingState"] = "False",
        ["NumberOfThreads"] = "1",
        ["MeasureActivations"] = "False",
    };

    [Fact]
    public void Every_option_of_its_networks_is_one_that_the_study_chose()
    {
        var cell = new NetworkCell(ActivationFunction.Sigmoid, NetworkNormalization.None, Initializations.Xavier, 0.3, BatchSize: 32, Epochs: 7);
        var options = NetworkRun.Options(cell, new NetworkSettings(), seed: 5, new NetworkRun.Recorder(), CancellationToken.None);

        // An option that is not listed here is a new one: NetworkRun.Options says what it is for a plain network.
        var found = typeof(MultilayerPerceptronOptions).GetProperties()
            .Where(property => property.CanWrite && property.Name is not (nameof(MultilayerPerceptronOptions.Progress) or nameof(MultilayerPerceptronOptions.CancellationToken)))
            .ToDictionary(property => property.Name, property => Text(property.GetValue(options)));
        found.Should().BeEquivalentTo(Plain);
    }

    private static string Text(object? value) => value is System.Collections.Immutable.ImmutableArray<int> widths
        ? string.Join(' ', widths)
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
