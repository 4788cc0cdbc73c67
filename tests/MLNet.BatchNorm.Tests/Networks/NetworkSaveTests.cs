using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Networks saved in pipelines: loaded as plain ML.NET, and with all that they know.</summary>
public class NetworkSaveTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly IDataView Data = Examples.Learnable(Context, 120);

    private static readonly MultilayerPerceptronOptions Small = new()
    {
        HiddenLayers = [9, 5],
        Epochs = 5,
        LearningRate = 0.01,
        Seed = 2,
        ValidationFraction = 0.2,
    };

    public static TheoryData<string> Cases => [.. Options.Keys];

    private static Dictionary<string, MultilayerPerceptronOptions> Options { get; } = new()
    {
        ["batch, ReLU"] = Small,
        ["batch behind the activation, tanh"] = Small with { NormalizationPlacement = NormalizationPlacement.AfterActivation, Activation = ActivationFunction.Tanh },
        ["renorm, leaky, SGD"] = Small with
        {
            Normalization = NetworkNormalization.BatchRenorm,
            Activation = ActivationFunction.LeakyReLU,
            Optimizer = new NetworkOptimizer.Sgd { Momentum = 0.9, Nesterov = true },
            LearningRateSchedule = new LearningRateSchedule.StepDecay { EpochsPerStep = 2, StepFactor = 0.5 },
            Initialization = new WeightInitialization.Xavier(),
        },
        ["none, sigmoid, AdamW"] = Small with
        {
            Normalization = NetworkNormalization.None,
            Activation = ActivationFunction.Sigmoid,
            Optimizer = new NetworkOptimizer.AdamW { Beta1 = 0.8 },
            LearningRateSchedule = new LearningRateSchedule.Cosine { FinalFraction = 0.1 },
            Initialization = new WeightInitialization.Normal(0.3),
            WarmUpEpochs = 1,
            WeightDecay = 0.01,
            Dropout = 0.1,
            GradientClipping = 5,
            EarlyStoppingPatience = 3,
            ExampleWeightColumnName = "Weight",
        },
        ["no hidden layer"] = Small with { HiddenLayers = [] },
        ["group, ReLU"] = Small with { Normalization = NetworkNormalization.Group, HiddenLayers = [8, 4], GroupCount = 4 },
        ["group of one neuron each"] = Small with { Normalization = NetworkNormalization.Group, HiddenLayers = [4], GroupCount = 4 },
        ["group behind the activation, tanh"] = Small with
        {
            Normalization = NetworkNormalization.Group,
            NormalizationPlacement = NormalizationPlacement.AfterActivation,
            Activation = ActivationFunction.Tanh,
            HiddenLayers = [6, 4],
            GroupCount = 2,
        },
        ["root mean square, ReLU"] = Small with { Normalization = NetworkNormalization.RMS },
        ["root mean square behind the activation, sigmoid"] = Small with
        {
            Normalization = NetworkNormalization.RMS,
            NormalizationPlacement = NormalizationPlacement.AfterActivation,
            Activation = ActivationFunction.Sigmoid,
        },
        ["ghost batches, exact statistics"] = Small with { GhostBatchSize = 4, NormalizationStatistics = NormalizationStatistics.Exact },
        ["layer, ReLU"] = Small with { Normalization = NetworkNormalization.Layer },
        ["layer, wide and narrow, tanh"] = Small with
        {
            Normalization = NetworkNormalization.Layer,
            Activation = ActivationFunction.Tanh,
            HiddenLayers = [3, 3, 20, 1],
        },
        ["layer behind the activation, sigmoid"] = Small with
        {
            Normalization = NetworkNormalization.Layer,
            NormalizationPlacement = NormalizationPlacement.AfterActivation,
            Activation = ActivationFunction.Sigmoid,
        },
        ["layer behind the activation, leaky, wide and narrow"] = Small with
        {
            Normalization = NetworkNormalization.Layer,
            NormalizationPlacement = NormalizationPlacement.AfterActivation,
            Activation = ActivationFunction.LeakyReLU,
            HiddenLayers = [1, 7, 7, 2],
        },
        ["single units"] = Small with { HiddenLayers = [1, 1, 30], MeasureActivations = true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plain_ML_NET_gives_the_same_scores_of_every_task(string name)
    {
        foreach (var (model, plain) in Models(Options[name]).Select(model => (model, new MLContext().Model.Load(Save(model), out _))))
        {
            plain.Should().NotBeOfType<MultilayerPerceptronTransformer>();
            SchemaText.Of(plain.GetOutputSchema(Data.Schema)).Should().Equal(SchemaText.Of(model.GetOutputSchema(Data.Schema)));
            var (actual, expected) = (plain.Transform(Data), model.Transform(Data));
            Numbers(actual).ShouldBeClose(Numbers(expected), 1e-5, 1, name);
            foreach (var label in expected.Schema.Where(column => column.Name == "PredictedLabel"))
            {
                Labels(actual).Should().Equal(Labels(expected));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void With_statistics_everything_is_back_to_the_last_bit(string name)
    {
        foreach (var model in Models(Options[name]))
        {
            CheckLoaded(model, new MLContext().Model.LoadWithStatistics(Save(model), out var schema));
            schema!.Select(column => column.Name).Should().Equal(Data.Schema.Select(column => column.Name));
        }
    }

    [Theory]
    [InlineData(NormalizationPlacement.BeforeActivation, 1e-5)]
    [InlineData(NormalizationPlacement.AfterActivation, 1e-5)]
    [InlineData(NormalizationPlacement.BeforeActivation, 1e-30)]
    public void Layer_normalization_is_the_same_in_plain_ML_NET_however_long_rows_are(NormalizationPlacement placement, double epsilon)
    {
        var options = Small with
        {
            LabelColumnName = "Target",
            Normalization = NetworkNormalization.Layer,
            NormalizationPlacement = placement,
            NormalizationEpsilon = epsilon,
        };
        var model = Context.Regression.Trainers.MultilayerPerceptron(options).Fit(Data);
        var plain = new MLContext().Model.Load(Save(model), out _);
        foreach (float factor in (float[])[0, 1e-10f, 1e-3f, 1, 1e5f, 1e8f, 1e9f, 1e12f, 1e18f, 1e19f, 1e21f, 1e30f, 1e36f])
        {
            var rows = Examples.View(Context, [.. Examples.Features(20, 4).Select(row => row.Select(value => value * factor).ToArray())]);

            Numbers(plain.Transform(rows)).ShouldBeClose(Numbers(model.Transform(rows)), 1e-4, 1, $"features of {factor}");
        }
    }

    [Theory]
    [InlineData("\u2212", ".")]
    [InlineData("\u200E-", ",")]
    public void Every_activation_is_read_in_any_culture(string negativeSign, string decimalSeparator)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = negativeSign;
        culture.NumberFormat.NumberDecimalSeparator = decimalSeparator;
        foreach (var activation in Enum.GetValues<ActivationFunction>())
        {
            var model = Context.Regression.Trainers.MultilayerPerceptron(Small with { LabelColumnName = "Target", Activation = activation }).Fit(Data);
            var stream = Save(model);
            var before = CultureInfo.CurrentCulture;
            CultureInfo.CurrentCulture = culture;
            try
            {
                Numbers(new MLContext().Model.Load(stream, out _).Transform(Data)).ShouldBeClose(Numbers(model.Transform(Data)), 1e-5, 1, $"{activation}");
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }
    }

    [Fact]
    public void A_loaded_network_saves_itself_again_as_the_same_bytes_of_state()
    {
        var model = Models(Small).First();
        var loaded = (MultilayerPerceptronTransformer)new MLContext().Model.LoadWithStatistics(Save(model), out _);

        CheckLoaded(model, new MLContext().Model.LoadWithStatistics(Save(loaded), out _));
        Numbers(new MLContext().Model.Load(Save(loaded), out _).Transform(Data)).ShouldBeClose(Numbers(model.Transform(Data)), 1e-5, 1);
    }

    [Fact]
    public void A_pipeline_around_a_network_predicts_single_objects_however_it_is_loaded()
    {
        var pipeline = Context.Transforms.Standardize("Features")
            .Append(Context.MulticlassClassification.Trainers.MultilayerPerceptron(Small))
            .Append(Context.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"))
            .Fit(Data);
        string[] expected = [.. pipeline.Transform(Data).GetColumn<string>("Predicted")];
        var plain = new MLContext().Model.Load(Save(pipeline), out var plainSchema);
        var full = new MLContext().Model.LoadWithStatistics(Save(pipeline), out var fullSchema);

        foreach (var (model, schema) in ((ITransformer, DataViewSchema?)[])[(plain, plainSchema), (full, fullSchema)])
        {
            model.IsRowToRowMapper.Should().BeTrue();
            model.Transform(Data).GetColumn<string>("Predicted").Should().Equal(expected);
            var input = SchemaDefinition.Create(typeof(Example));
            input["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 4);
            using var engine = new MLContext().Model.CreatePredictionEngine<Example, Predicted>(model, inputSchemaDefinition: input);
            Examples.Features(120, 4).Select(row => engine.Predict(new Example { Features = row }).Name).Should().Equal(expected);
        }
        ((TransformerChain<ITransformer>)full).OfType<MultilayerPerceptronTransformer>().Should().ContainSingle();
    }

    [Fact]
    public void Two_networks_in_one_pipeline_keep_apart()
    {
        var first = Context.BinaryClassification.Trainers.MultilayerPerceptron(Small with { LabelColumnName = "Flag" });
        var pipeline = first.Append(Context.Transforms.Concatenate("Features", "Features", "Probability"))
            .Append(Context.Regression.Trainers.MultilayerPerceptron(Small with { LabelColumnName = "Target" }))
            .Fit(Data);

        var plain = new MLContext().Model.Load(Save(pipeline), out _).Transform(Data);

        SchemaText.Of(plain.Schema).Should().Equal(SchemaText.Of(pipeline.Transform(Data).Schema));
        plain.GetColumn<float>("Score").Select(value => (double)value)
            .ShouldBeClose(pipeline.Transform(Data).GetColumn<float>("Score").Select(value => (double)value), 1e-5, 1);
    }

    private static void CheckLoaded(MultilayerPerceptronTransformer saved, ITransformer model)
    {
        var loaded = model.Should().BeOfType<MultilayerPerceptronTransformer>().Subject;
        loaded.Model.Options.Should().Be(saved.Model.Options);
        loaded.FeatureColumnName.Should().Be(saved.FeatureColumnName);
        loaded.FeatureColumnType.Should().Be(saved.FeatureColumnType);
        loaded.Model.Should().BeEquivalentTo(saved.Model, options => options.WithStrictOrdering().Excluding(part => part.Options));
        SchemaText.Of(loaded.GetOutputSchema(Data.Schema)).Should().Equal(SchemaText.Of(saved.GetOutputSchema(Data.Schema)));
        Numbers(loaded.Transform(Data)).Should().Equal(Numbers(saved.Transform(Data)));
    }

    private static MultilayerPerceptronTransformer[] Models(MultilayerPerceptronOptions options) =>
    [
        Context.BinaryClassification.Trainers.MultilayerPerceptron(options with { LabelColumnName = "Flag" }).Fit(Data),
        Context.MulticlassClassification.Trainers.MultilayerPerceptron(options).Fit(Data),
        Context.Regression.Trainers.MultilayerPerceptron(options with { LabelColumnName = "Target" }).Fit(Data),
    ];

    private static MemoryStream Save(ITransformer model)
    {
        var stream = new MemoryStream();
        new MLContext().Model.Save(model, Data.Schema, stream);
        stream.Position = 0;
        return stream;
    }

    private static double[] Numbers(IDataView scored) => [.. scored.Schema["Score"].Type is VectorDataViewType
        ? scored.GetColumn<float[]>("Score").SelectMany(row => row).Select(value => (double)value)
        : scored.Schema.GetColumnOrNull("Probability") is null
            ? scored.GetColumn<float>("Score").Select(value => (double)value)
            : scored.GetColumn<float>("Score").Concat(scored.GetColumn<float>("Probability")).Select(value => (double)value)];

    private static string[] Labels(IDataView scored) => [.. scored.Schema["PredictedLabel"].Type is BooleanDataViewType
        ? scored.GetColumn<bool>("PredictedLabel").Select(label => $"{label}")
        : scored.GetColumn<uint>("PredictedLabel").Select(label => $"{label}")];

    private sealed class Predicted
    {
        [ColumnName("Predicted")]
        public string Name { get; set; } = "";
    }
}
