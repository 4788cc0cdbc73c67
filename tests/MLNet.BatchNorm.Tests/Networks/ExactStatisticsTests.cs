using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Statistics over the whole training set, against a plain computation in two passes.</summary>
public sealed class ExactStatisticsTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly float[][] Rows = Examples.Features(601, 4);

    // More rows than go through the network at once, and a rest.
    private static readonly IDataView Data = Examples.View(
        Context, Rows.Select((row, i) => new Example { Features = row, Target = row[0] + (row[1] * row[1]), Weight = 1 + (i % 3) }));

    private static readonly MultilayerPerceptronOptions Options = PlainOptions.Value with
    {
        LabelColumnName = "Target",
        HiddenLayers = [5, 4, 3],
        Epochs = 3,
        BatchSize = 8,
        NormalizationStatistics = NormalizationStatistics.Exact,
    };

    [Theory]
    [InlineData(NetworkNormalization.Batch, NormalizationPlacement.BeforeActivation)]
    [InlineData(NetworkNormalization.Batch, NormalizationPlacement.AfterActivation)]
    [InlineData(NetworkNormalization.BatchRenorm, NormalizationPlacement.BeforeActivation)]
    [InlineData(NetworkNormalization.BatchRenorm, NormalizationPlacement.AfterActivation)]
    public void They_are_mean_and_variance_over_all_rows_layer_by_layer(NetworkNormalization normalization, NormalizationPlacement placement)
    {
        var model = Fit(Options with { Normalization = normalization, NormalizationPlacement = placement, ExampleWeightColumnName = "Weight" });

        double[][] values = [.. Rows.Select(row => Array.ConvertAll(row, value => (double)value))];
        foreach (var layer in model.Layers[..^1])
        {
            bool before = placement == NormalizationPlacement.BeforeActivation;
            double[][] normalized = [.. values.Select(row => Dense(layer, row))];
            normalized = before ? normalized : Activate(normalized);
            double[] mean = [.. Enumerable.Range(0, layer.OutputCount).Select(unit => normalized.Average(row => row[unit]))];
            double[] variance = [.. Enumerable.Range(0, layer.OutputCount).Select(unit => normalized.Average(row => Math.Pow(row[unit] - mean[unit], 2)))];

            // Values are float on the way.
            layer.RunningMean.ShouldBeClose(mean, 1e-5, 0.1);
            layer.RunningVariance.ShouldBeClose(variance, 1e-5, 1e-3);

            double epsilon = model.Options.NormalizationEpsilon;
            double[][] outputs = [.. normalized.Select(row =>
                row.Select((value, unit) => (layer.Gamma[unit] * (value - mean[unit]) / Math.Sqrt(variance[unit] + epsilon)) + layer.Beta[unit]).ToArray())];
            values = before ? Activate(outputs) : outputs;
        }
    }

    [Fact]
    public void The_variance_between_batches_counts_which_the_batches_themselves_do_not_see()
    {
        var options = Options with { HiddenLayers = [6], BatchSize = 2, LearningRate = 1e-30, BatchNormMomentum = 0.002, Epochs = 20 };

        var running = Fit(options with { NormalizationStatistics = NormalizationStatistics.Running });
        var exact = Fit(options);

        // The population variance of two values is on average half the variance of what they come from.
        double ratio = running.Layers[0].RunningVariance.Zip(exact.Layers[0].RunningVariance, (average, all) => average / all).Average();
        ratio.Should().BeApproximately(0.5, 0.03);
    }

    [Fact]
    public void They_change_nothing_but_the_statistics()
    {
        var running = Fit(Options with { NormalizationStatistics = NormalizationStatistics.Running });
        var exact = Fit(Options);

        exact.Layers.SelectMany(layer => layer.Weights).Should().Equal(running.Layers.SelectMany(layer => layer.Weights));
        exact.Layers.SelectMany(layer => layer.Gamma).Should().Equal(running.Layers.SelectMany(layer => layer.Gamma));
        exact.Layers[0].RunningMean.Should().NotEqual(running.Layers[0].RunningMean);
        exact.History.Select(epoch => epoch.TrainingLoss).Should().Equal(running.History.Select(epoch => epoch.TrainingLoss));
    }

    [Fact]
    public void They_are_of_the_network_that_early_stopping_returns()
    {
        var options = Options with { ValidationFraction = 0.5, EarlyStoppingPatience = 2, Epochs = 60, LearningRate = 0.03, BatchSize = 50 };
        var stopped = Fit(options);
        stopped.TrainedEpochs.Should().BeLessThan(stopped.History.Length);

        var trainedSoFar = Fit(options with { EarlyStoppingPatience = null, Epochs = stopped.TrainedEpochs });

        stopped.Layers[0].Weights.Should().Equal(trainedSoFar.Layers[0].Weights);
        foreach ((MultilayerPerceptronLayer layer, MultilayerPerceptronLayer expected) in stopped.Layers.Zip(trainedSoFar.Layers))
        {
            layer.RunningMean.Should().Equal(expected.RunningMean);
            layer.RunningVariance.Should().Equal(expected.RunningVariance);
        }
    }

    [Theory]
    [InlineData(NetworkNormalization.Layer)]
    [InlineData(NetworkNormalization.None)]
    public void Where_nothing_is_measured_over_batches_they_have_no_part(NetworkNormalization normalization)
    {
        Fit(Options with { Normalization = normalization }).Layers[0].RunningMean.Should().BeEmpty();
        Fit(Options with { Normalization = NetworkNormalization.Batch, HiddenLayers = [] }).Layers.Should().ContainSingle();
    }

    [Fact]
    public void They_are_saved_as_the_statistics_that_they_are()
    {
        var trained = Context.Regression.Trainers.MultilayerPerceptron(Options).Fit(Data);
        using var stream = new MemoryStream();
        Context.Model.Save(trained, Data.Schema, stream);

        stream.Position = 0;
        var loaded = Context.Model.LoadWithStatistics(stream, out _).Stages<MultilayerPerceptronTransformer>().Single();
        stream.Position = 0;
        var stock = Context.Model.Load(stream, out _);

        loaded.Model.Options.Should().Be(Options);
        loaded.Model.Layers[0].RunningVariance.Should().Equal(trained.Model.Layers[0].RunningVariance);
        double[] Scores(ITransformer model) => [.. model.Transform(Data).GetColumn<float>("Score").Select(score => (double)score)];
        Scores(stock).ShouldBeClose(Scores(trained), 1e-5, 1);
        Scores(loaded).Should().Equal(Scores(trained));
    }

    private static MultilayerPerceptronModel Fit(MultilayerPerceptronOptions options) => Context.Regression.Trainers.MultilayerPerceptron(options).Fit(Data).Model;

    private static double[] Dense(MultilayerPerceptronLayer layer, double[] row) => [.. Enumerable.Range(0, layer.OutputCount).Select(
        output => layer.Bias[output] + row.Select((value, input) => value * layer.Weights[(output * row.Length) + input]).Sum())];

    private static double[][] Activate(double[][] rows) => [.. rows.Select(row => Array.ConvertAll(row, value => Math.Max(0, value)))];
}
