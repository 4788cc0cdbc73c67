using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Training that goes on from a trained network: as if it had never stopped, and what it refuses.</summary>
public sealed class NetworkContinuationTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly IDataView Data = Examples.Learnable(Context, 150);

    private static readonly MultilayerPerceptronOptions Options = PlainOptions.Value with
    {
        HiddenLayers = [6, 4],
        Epochs = 10,
        BatchSize = 20,
        LearningRate = 0.01,
        KeepTrainingState = true,
        Seed = 3,
    };

    public static TheoryData<string, NetworkNormalization, NetworkOptimizer, bool> Trainings => new()
    {
        { "Label", NetworkNormalization.Batch, new NetworkOptimizer.Adam(), false },
        { "Label", NetworkNormalization.Batch, new NetworkOptimizer.Adam(), true },
        { "Flag", NetworkNormalization.BatchRenorm, new NetworkOptimizer.AdamW(), true },
        { "Target", NetworkNormalization.Layer, new NetworkOptimizer.Sgd { Momentum = 0.9, Nesterov = true }, true },
        { "Target", NetworkNormalization.None, new NetworkOptimizer.Sgd(), false },
        { "Target", NetworkNormalization.Batch, new NetworkOptimizer.Adam(), true },
    };

    [Theory]
    [MemberData(nameof(Trainings))]
    public void Ten_epochs_and_ten_more_are_twenty_to_the_bit(string label, NetworkNormalization normalization, NetworkOptimizer optimizer, bool saves)
    {
        var options = Options with
        {
            LabelColumnName = label,
            ExampleWeightColumnName = "Weight",
            Normalization = normalization,
            Optimizer = optimizer,
            Dropout = 0.2,
            WeightDecay = 0.01,
            GradientClipping = 1,
            WarmUpEpochs = 2,
            LearningRateSchedule = new LearningRateSchedule.StepDecay { EpochsPerStep = 7, StepFactor = 0.5 },
            ValidationFraction = 0.2,
            NormalizationStatistics = NormalizationStatistics.Exact,
        };
        var twenty = Trainer(label, options with { Epochs = 20 }).Fit(Data).Model;

        var ten = Trainer(label, options).Fit(Data);
        var tenMore = Trainer(label, options).Fit(Data, saves ? SaveAndLoad(ten).Model : ten.Model).Model;

        ShouldBeTheSame(tenMore, twenty);
        tenMore.TrainedEpochs.Should().Be(20);
        tenMore.History.Select(epoch => (epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.LearningRate)).Should().Equal(
            twenty.History.Select(epoch => (epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.LearningRate)));
    }

    [Fact]
    public void Parts_of_any_length_are_the_whole()
    {
        var whole = Trainer("Label", Options with { Epochs = 7 }).Fit(Data).Model;

        var model = Trainer("Label", Options with { Epochs = 1 }).Fit(Data).Model;
        foreach (int epochs in (int[])[3, 1, 2])
        {
            model = Trainer("Label", Options with { Epochs = epochs }).Fit(Data, model).Model;
        }

        ShouldBeTheSame(model, whole);
    }

    [Fact]
    public void Without_its_state_a_training_goes_on_from_the_weights_and_statistics()
    {
        var ten = Trainer("Label", Options with { KeepTrainingState = false }).Fit(Data);
        var still = Trainer("Label", Options with { Epochs = 1, LearningRate = 1e-30 }).Fit(Data, SaveAndLoad(ten).Model).Model;

        still.Layers.SelectMany(layer => layer.Weights).Should().Equal(ten.Model.Layers.SelectMany(layer => layer.Weights));
        // Eight batches of the same network move a running statistic by at most 1 - 0.9^8 of what there is between it and theirs.
        still.Layers[0].RunningVariance.Zip(ten.Model.Layers[0].RunningVariance, (now, before) => now / before).Should().OnlyContain(ratio => ratio > 0.7 && ratio < 1.4);
        still.History.Select(epoch => epoch.Epoch).Should().Equal(Enumerable.Range(1, 11));
        still.History[^1].EpochCount.Should().Be(11);
    }

    [Fact]
    public void Another_kind_of_optimizer_begins_anew()
    {
        var ten = Trainer("Label", Options).Fit(Data).Model;
        var gradientDescent = Options with { Optimizer = new NetworkOptimizer.Sgd { Momentum = 0.9 } };

        var more = Trainer("Label", gradientDescent).Fit(Data, ten).Model;

        more.History[^1].TrainingLoss.Should().BeLessThan(ten.History[0].TrainingLoss);
        ShouldBeTheSame(more, Trainer("Label", gradientDescent).Fit(Data, ten).Model);
    }

    [Fact]
    public void A_schedule_goes_on_over_all_epochs()
    {
        var options = Options with { Epochs = 3, LearningRate = 1, LearningRateSchedule = new LearningRateSchedule.Cosine(), Optimizer = new NetworkOptimizer.Sgd() };
        var three = Trainer("Label", options).Fit(Data).Model;

        var five = Trainer("Label", options with { Epochs = 2 }).Fit(Data, three).Model;

        five.History.Select(epoch => epoch.LearningRate).Should().Equal([1, 0.5, 0, 0.1464466094, 0], (rate, expected) => Math.Abs(rate - expected) < 1e-9);
    }

    [Fact]
    public void Classes_are_matched_by_their_values()
    {
        var ten = Trainer("Label", Options).Fit(Data).Model;
        var inOrder = Trainer("Label", Options).Fit(Data, ten);
        string[] reversed = ["high", "middle", "low"];
        var keys = Context.Data.LoadFromEnumerable(reversed.Select(name => new Key { Class = name }));
        var otherKeys = Context.Transforms.Conversion.MapValueToKey("Label", "Class", keyData: keys).Fit(Data).Transform(Data);

        var outOfOrder = Trainer("Label", Options).Fit(otherKeys, ten);

        ShouldBeTheSame(outOfOrder.Model, inOrder.Model);
        ClassesOf(outOfOrder, otherKeys).Should().Equal(ClassesOf(inOrder, Data)).And.NotEqual(reversed);
    }

    [Fact]
    public void New_data_may_lack_a_class_and_more_of_one_class_is_fine()
    {
        var ten = Trainer("Label", Options).Fit(Data).Model;
        var high = Context.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Row { Features = [1 + (0.01f * i), 1, 0, 0], Class = "high" }));
        var onlyHigh = Context.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(high).Transform(high);

        var model = Trainer("Label", Options with { Epochs = 2 }).Fit(onlyHigh, ten);

        model.Model.OutputCount.Should().Be(3);
        model.Model.History[^1].TrainingLoss.Should().BeLessThan(model.Model.History[^2].TrainingLoss);
    }

    [Fact]
    public void A_class_that_the_network_does_not_know_is_an_error_that_names_it()
    {
        var ten = Trainer("Label", Options).Fit(Data).Model;
        var rows = Examples.View(Context, ["low", "ultra", "high"], 4);

        Context.Invoking(_ => Trainer("Label", Options).Fit(Examples.WithKeys(Context, rows), ten))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*label column 'Label'*'high'*new ones: 'ultra'*");
        Context.Invoking(_ => Trainer("Label", Options).Fit(Data, Examples.WithKeys(Context, rows), ten))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("validationData").WithMessage("*new ones: 'ultra'*");
    }

    [Fact]
    public void A_label_of_another_kind_is_an_error()
    {
        var byFlag = Trainer("Flag", Options).Fit(Data).Model;
        string[] classes = ["no", "yes", "no", "yes"];
        var keys = Examples.WithKeys(Context, Examples.View(Context, classes, 4));

        Context.Invoking(_ => Context.BinaryClassification.Trainers.MultilayerPerceptron(Options).Fit(keys, byFlag))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*no key*Boolean*");
        // Flags and the numbers 0 and 1 say the same.
        var numbers = Context.Transforms.Conversion.ConvertType("Number", "Flag", DataKind.Single).Fit(Data).Transform(Data);
        ShouldBeTheSame(
            Trainer("Flag", Options with { LabelColumnName = "Number" }).Fit(numbers, byFlag).Model, Trainer("Flag", Options).Fit(Data, byFlag).Model);
    }

    [Fact]
    public void Other_layers_another_task_and_other_features_are_errors()
    {
        var ten = Trainer("Label", Options).Fit(Data).Model;

        foreach (var other in (MultilayerPerceptronOptions[])[
            Options with { HiddenLayers = [6, 5] },
            Options with { Activation = ActivationFunction.Tanh },
            Options with { Normalization = NetworkNormalization.Layer },
            Options with { NormalizationPlacement = NormalizationPlacement.AfterActivation },
            Options with { NormalizationEpsilon = 1e-3 }])
        {
            Context.Invoking(_ => Trainer("Label", other).Fit(Data, ten)).Should().Throw<ArgumentException>()
                .WithParameterName("model").WithMessage("*HiddenLayers [6, *found HiddenLayers [6, 4] with ReLU and batch normalization before the activation of epsilon 1E-05*");
        }
        Context.Invoking(_ => Trainer("Target", Options with { LabelColumnName = "Target" }).Fit(Data, ten))
            .Should().Throw<ArgumentException>().WithParameterName("model").WithMessage("*regression*multiclass*");
        Context.Invoking(_ => Trainer("Label", Options).Fit(Examples.Learnable(Context, 30, featureCount: 5), ten))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*'Features'*Single, 4*");
    }

    [Fact]
    public void With_early_stopping_the_network_itself_is_the_first_to_beat()
    {
        var options = Options with { ValidationFraction = 0.3, EarlyStoppingPatience = 3 };
        var first = Trainer("Label", options).Fit(Data).Model;

        var ruined = Trainer("Label", options with { LearningRate = 3 }).Fit(Data, first).Model;

        ShouldBeTheSame(ruined, first);
        ruined.TrainedEpochs.Should().Be(first.TrainedEpochs);
        ruined.History.Select(epoch => epoch.Epoch).Should().Equal(Enumerable.Range(1, first.TrainedEpochs + 3));
    }

    [Fact]
    public void A_regression_keeps_the_units_that_it_was_trained_in()
    {
        var ten = Trainer("Target", Options).Fit(Data).Model;
        var shifted = Context.Transforms.CustomMapping<Number, Number>((from, to) => to.Target = 100 + from.Target, contractName: null).Fit(Data).Transform(Data);

        var more = Trainer("Target", Options).Fit(shifted, ten).Model;

        (more.TargetMean, more.TargetScale).Should().Be((ten.TargetMean, ten.TargetScale));
    }

    [Fact]
    public void A_network_that_the_last_version_saved_goes_on()
    {
        var loaded = Context.Model.LoadWithStatistics(Path.Combine("Fixtures", "network_regression.zip"), out _).Stages<MultilayerPerceptronTransformer>().Single().Model;

        loaded.TrainedEpochs.Should().Be(6, "its last epoch has the lowest validation loss");
        var more = Trainer("Target", loaded.Options with { Epochs = 3, EarlyStoppingPatience = null, LearningRateSchedule = new LearningRateSchedule.Constant() })
            .Fit(Data, loaded).Model;

        more.TrainedEpochs.Should().Be(9);
        more.History[^1].ValidationLoss.Should().BeLessThan(loaded.History[0].ValidationLoss!.Value);
    }

    private static void ShouldBeTheSame(MultilayerPerceptronModel actual, MultilayerPerceptronModel expected)
    {
        actual.Layers.Length.Should().Be(expected.Layers.Length);
        foreach ((MultilayerPerceptronLayer layer, MultilayerPerceptronLayer wanted) in actual.Layers.Zip(expected.Layers))
        {
            layer.Weights.Should().Equal(wanted.Weights);
            layer.Bias.Should().Equal(wanted.Bias);
            layer.Gamma.Should().Equal(wanted.Gamma);
            layer.Beta.Should().Equal(wanted.Beta);
            layer.RunningMean.Should().Equal(wanted.RunningMean);
            layer.RunningVariance.Should().Equal(wanted.RunningVariance);
        }
        (actual.TargetMean, actual.TargetScale).Should().Be((expected.TargetMean, expected.TargetScale));
    }

    private static string[] ClassesOf(MultilayerPerceptronTransformer model, IDataView data)
    {
        var scored = model.Transform(data);
        return [.. Context.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel").Fit(scored).Transform(scored).GetColumn<string>("Predicted")];
    }

    private static MultilayerPerceptronTransformer SaveAndLoad(MultilayerPerceptronTransformer model)
    {
        using var stream = new MemoryStream();
        Context.Model.Save(model, Data.Schema, stream);
        stream.Position = 0;
        return Context.Model.LoadWithStatistics(stream, out _).Stages<MultilayerPerceptronTransformer>().Single();
    }

    private static MultilayerPerceptronTrainer Trainer(string label, MultilayerPerceptronOptions options) => label switch
    {
        "Flag" => Context.BinaryClassification.Trainers.MultilayerPerceptron(options.LabelColumnName == "Label" ? options with { LabelColumnName = label } : options),
        "Label" => Context.MulticlassClassification.Trainers.MultilayerPerceptron(options),
        _ => Context.Regression.Trainers.MultilayerPerceptron(options with { LabelColumnName = label }),
    };

    private sealed class Key
    {
        public string Class { get; set; } = "";
    }

    private sealed class Number
    {
        public float Target { get; set; }
    }

    private sealed class Row
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public string Class { get; set; } = "";
    }
}
