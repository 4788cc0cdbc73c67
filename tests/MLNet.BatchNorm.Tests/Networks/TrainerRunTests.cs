using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>What a training tells while it runs, how it is stopped, and what it leaves behind.</summary>
public class TrainerRunTests
{
    private static readonly MultilayerPerceptronOptions Quick = PlainOptions.Value with { LabelColumnName = "Target", HiddenLayers = [4], Epochs = 4, Seed = 3 };

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void The_log_has_a_line_per_epoch()
    {
        var messages = new List<string>();
        _context.Log += (_, entry) => messages.Add($"{entry.Source}: {entry.Message}");

        Trainer(Quick).Fit(Examples.Learnable(_context, 50));

        messages.Where(message => message.Contains("MultilayerPerceptron") && message.Contains(" of 4: training loss ")).Should().HaveCount(4);
    }

    [Fact]
    public void Progress_is_told_of_every_epoch_and_kept_as_history()
    {
        var listener = new Listener();

        var model = Trainer(Quick with { Progress = listener, ValidationFraction = 0.2 }).Fit(Examples.Learnable(_context, 50)).Model;

        listener.Epochs.Select(epoch => epoch.Epoch).Should().Equal(1, 2, 3, 4);
        listener.Epochs.Should().OnlyContain(epoch => epoch.ValidationLoss > 0 && epoch.ValidationMetric > 0);
        model.History.Should().Equal(listener.Epochs);
        model.Options.Progress.Should().BeSameAs(listener);
    }

    [Fact]
    public void Validation_data_of_ones_own_are_what_is_measured()
    {
        var (training, validation) = (Examples.Learnable(_context, 80), Examples.Learnable(_context, 40, seed: 9));

        var model = Trainer(Quick).Fit(training, validation);

        var metrics = _context.Regression.Evaluate(model.Transform(validation), "Target");
        model.Model.History[^1].ValidationMetric.Should().BeApproximately(metrics.RootMeanSquaredError, 1e-4);
        Trainer(Quick).Fit(training).Model.History[^1].ValidationMetric.Should().BeNull();
    }

    [Fact]
    public void Validation_data_do_not_change_what_is_learned()
    {
        var (training, validation) = (Examples.Learnable(_context, 80), Examples.Learnable(_context, 40, seed: 9));

        Scores(Trainer(Quick).Fit(training, validation), validation).Should().Equal(Scores(Trainer(Quick).Fit(training), validation));
    }

    [Fact]
    public void A_token_stops_the_training_and_the_reading()
    {
        using var source = new CancellationTokenSource();
        var listener = new Listener { After = _ => source.Cancel() };
        var trainer = Trainer(Quick with { Progress = listener, CancellationToken = source.Token, Epochs = 1000 });
        var data = Examples.Learnable(_context, 50);

        trainer.Invoking(t => t.Fit(data)).Should().Throw<OperationCanceledException>();
        listener.Epochs.Should().ContainSingle();
        trainer.Invoking(t => t.Fit(data)).Should().Throw<OperationCanceledException>();
        listener.Epochs.Should().ContainSingle("the second time it did not even begin");
    }

    [Fact]
    public void A_rate_beyond_reason_ends_in_an_error_that_names_the_epoch()
    {
        var trainer = Trainer(Quick with { LearningRate = 1e30, Optimizer = new NetworkOptimizer.Sgd(), Normalization = NetworkNormalization.None });

        trainer.Invoking(t => t.Fit(Examples.Learnable(_context, 200))).Should().Throw<NetworkDivergedException>().WithMessage("*epoch 1*smaller learning rate*");
    }

    [Theory]
    [InlineData(NetworkNormalization.Batch)]
    [InlineData(NetworkNormalization.None)]
    public void A_training_that_ends_far_above_its_beginning_is_an_error(NetworkNormalization normalization)
    {
        var trainer = Trainer(Quick with { LearningRate = 1e10, Optimizer = new NetworkOptimizer.Adam(), Normalization = normalization });

        trainer.Invoking(t => t.Fit(Examples.Learnable(_context, 200))).Should().Throw<NetworkDivergedException>().WithMessage("*diverged in epoch*");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void A_validation_loss_that_is_no_number_is_an_error(int? patience)
    {
        var validation = Examples.View(_context, Examples.Features(20, 4).Select(row => new Example { Features = [.. row.Select(value => value < 0 ? -3.3e38f : 3.3e38f)] }));
        var trainer = Trainer(Quick with { EarlyStoppingPatience = patience, Normalization = NetworkNormalization.None, Activation = ActivationFunction.ReLU });

        var exception = trainer.Invoking(t => t.Fit(Examples.Learnable(_context, 200), validation))
            .Should().Throw<NetworkDivergedException>().WithMessage("*epoch 1: the loss on the validation rows is no longer a finite number*").Which;
        exception.Epoch.Should().Be(1);
    }

    [Fact]
    public void A_network_says_what_it_is()
    {
        var options = Quick with { HiddenLayers = [9, 5] };
        var data = Examples.Learnable(_context, 50);
        var binary = _context.BinaryClassification.Trainers.MultilayerPerceptron(options with { LabelColumnName = "Flag" });

        var network = binary.Fit(data);
        var linear = Trainer(options with { HiddenLayers = [] }).Fit(data);

        binary.ToString().Should().StartWith("Trainer of a multilayer perceptron for binary classification: MultilayerPerceptronOptions { HiddenLayers = [9, 5], ");
        network.Model.ToString().Should().Be(
            "Multilayer perceptron 4-9-5-1 for binary classification: ReLU, batch normalization before the activation, 129 parameters, trained for 4 epoch(s)");
        network.ToString().Should().Be($"{network.Model}, on column 'Features'");
        network.Model.Layers.Select(layer => layer.ToString()).Should().Equal(
            "Dense layer 4-9, normalization Batch", "Dense layer 9-5, normalization Batch", "Dense layer 5-1");
        linear.Model.ToString().Should().Be("Multilayer perceptron 4-1 for regression: no hidden layer, 5 parameters, trained for 4 epoch(s)");
    }

    [Fact]
    public void Feature_importance_is_measured_on_the_network_of_a_chain()
    {
        var data = Examples.Learnable(_context, 300);
        var chain = _context.Transforms.Standardize("Features").Append(Trainer(Quick with { Epochs = 60, LearningRate = 0.02 })).Fit(data);
        var features = chain.First().Transform(data);

        var importance = _context.Regression.PermutationFeatureImportance(chain.LastTransformer, features, "Target");

        // The target is the first feature and the square of the second; the others mean nothing.
        double[] losses = [.. importance.Select(feature => -feature.RSquared.Mean)];
        losses.Should().HaveCount(4);
        Math.Min(losses[0], losses[1]).Should().BeGreaterThan(0.2).And.BeGreaterThan(5 * Math.Max(losses[2], losses[3]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_scores_and_another_gives_others()
    {
        var data = Examples.Learnable(_context, 50);

        Scores(Trainer(Quick).Fit(data), data).Should().Equal(Scores(Trainer(Quick).Fit(data), data));
        Scores(Trainer(Quick with { Seed = 4 }).Fit(data), data).Should().NotEqual(Scores(Trainer(Quick).Fit(data), data));
    }

    [Fact]
    public void The_model_shows_its_layers()
    {
        var model = Trainer(Quick with { HiddenLayers = [6, 5] }).Fit(Examples.Learnable(_context, 50)).Model;

        (model.FeatureCount, model.OutputCount).Should().Be((4, 1));
        model.Layers.Select(layer => (layer.InputCount, layer.OutputCount)).Should().Equal((4, 6), (6, 5), (5, 1));
        model.Layers.Select(layer => layer.Normalization).Should().Equal(NetworkNormalization.Batch, NetworkNormalization.Batch, NetworkNormalization.None);
        model.Layers[0].RunningVariance.Should().HaveCount(6).And.OnlyContain(variance => variance > 0);
        model.Layers[0].Gamma.Should().NotEqual(model.Layers[0].Beta);
        model.Layers[2].Gamma.Should().BeEmpty();
        model.ParameterCount.Should().Be((4 * 6) + 6 + 12 + (6 * 5) + 5 + 10 + 5 + 1);
        model.TargetScale.Should().BePositive();
    }

    private static float[] Scores(MultilayerPerceptronTransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score")];

    private MultilayerPerceptronTrainer Trainer(MultilayerPerceptronOptions options) => _context.Regression.Trainers.MultilayerPerceptron(options);

    private sealed class Listener : IProgress<EpochProgress>
    {
        public List<EpochProgress> Epochs { get; } = [];

        public Action<EpochProgress>? After { get; init; }

        public void Report(EpochProgress value)
        {
            Epochs.Add(value);
            After?.Invoke(value);
        }
    }
}
