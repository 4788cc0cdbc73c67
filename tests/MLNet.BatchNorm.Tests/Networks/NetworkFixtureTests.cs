using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>A pipeline with a network that an earlier version of this library saved. See Fixtures/README.md.</summary>
public class NetworkFixtureTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly GoldenCase Expected = Open();

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
        network.Options.Should().Be(new MultilayerPerceptronOptions
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

    private static void Check(ITransformer model)
    {
        Scores(model).ShouldBeClose(Expected.Numbers("score"), 1e-5, 0.1);
        model.Transform(Rows()).GetColumn<string>("Predicted").Should().Equal("high", "low", "middle", "low", "low", "low", "low", "low", "low", "low");
    }

    private static double[] Scores(ITransformer model) =>
        [.. model.Transform(Rows()).GetColumn<float[]>("Score").SelectMany(row => row).Select(value => (double)value)];

    private static IDataView Rows() => Examples.View(Context, [.. Expected.List("rows").Select(row => row.Numbers<float>("x"))]);

    private static GoldenCase Open()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine("Fixtures", "network.json")));
        return new GoldenCase(document.RootElement.Clone());
    }
}
