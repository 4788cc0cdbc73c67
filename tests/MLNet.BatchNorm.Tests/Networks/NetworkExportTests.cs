using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Networks exported to ONNX and run by ONNX Runtime: the same scores, of every kind of network, in every kind of pipeline.</summary>
public sealed class NetworkExportTests
{
    private static readonly MLContext Context = new(seed: 1);

    public static TheoryData<string, NetworkNormalization, NormalizationPlacement, ActivationFunction> Networks
    {
        get
        {
            var networks = new TheoryData<string, NetworkNormalization, NormalizationPlacement, ActivationFunction>();
            foreach (string label in (string[])["Flag", "Label", "Target"])
            {
                foreach (var normalization in Enum.GetValues<NetworkNormalization>())
                {
                    foreach (var placement in Enum.GetValues<NormalizationPlacement>())
                    {
                        foreach (var activation in Enum.GetValues<ActivationFunction>())
                        {
                            networks.Add(label, normalization, placement, activation);
                        }
                    }
                }
            }
            return networks;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_exported_network_scores_the_same(string label, NetworkNormalization normalization, NormalizationPlacement placement, ActivationFunction activation)
    {
        var data = Data(label, 64);
        var options = new MultilayerPerceptronOptions
        {
            LabelColumnName = label,
            HiddenLayers = [8, 8],
            GroupCount = 2,
            // A group of equals enlarges the rounding of its units by up to 1 / sqrt(epsilon).
            NormalizationEpsilon = 1e-3,
            Epochs = 2,
            Normalization = normalization,
            NormalizationPlacement = placement,
            Activation = activation,
        };

        CheckScores(Trainer(label, options).Fit(data), data);
    }

    [Theory]
    [InlineData("Flag", NetworkNormalization.Batch)]
    [InlineData("Label", NetworkNormalization.Batch)]
    [InlineData("Target", NetworkNormalization.Batch)]
    [InlineData("Label", NetworkNormalization.Batch, 1)]
    [InlineData("Label", NetworkNormalization.Layer, 1)]
    [InlineData("Flag", NetworkNormalization.BatchRenorm, 3, 1, 4)]
    [InlineData("Label", NetworkNormalization.Batch, 300, 200)]
    public void Networks_of_any_width_export(string label, NetworkNormalization normalization, params int[] widths)
    {
        var data = Data(label, 64);
        var options = new MultilayerPerceptronOptions { LabelColumnName = label, Normalization = normalization, HiddenLayers = [.. widths], Epochs = 2 };

        CheckScores(Trainer(label, options).Fit(data), data);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void Every_operator_set_that_ML_NET_exports_to_will_do(int operatorSet)
    {
        var data = Data("Label", 40);
        var options = new MultilayerPerceptronOptions { HiddenLayers = [5, 4], Epochs = 2, Normalization = NetworkNormalization.Layer };

        CheckScores(Trainer("Label", options).Fit(data), data, operatorSet);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void A_feature_column_of_any_shape_exports(int featureCount)
    {
        var rows = Examples.Features(50, featureCount).Select(row => new Example { Features = row, Target = row[0] }).ToArray();
        var schema = SchemaDefinition.Create(typeof(Example));
        schema[nameof(Example.Features)].ColumnType = featureCount == 1
            ? new VectorDataViewType(NumberDataViewType.Single, 1)
            : new VectorDataViewType(NumberDataViewType.Single, 2, featureCount / 2);
        var data = Keep(Context.Data.LoadFromEnumerable(rows, schema), "Target");

        CheckScores(Trainer("Target", new MultilayerPerceptronOptions { LabelColumnName = "Target", HiddenLayers = [3], Epochs = 2 }).Fit(data), data);
    }

    [Fact]
    public void A_row_with_a_missing_feature_has_no_score_and_no_class()
    {
        float[][] rows = [[float.NaN, 1, 2, 3], [1, 1, 2, 3], [0, float.NaN, float.NaN, 0]];
        foreach (string label in (string[])["Flag", "Label", "Target"])
        {
            foreach (var activation in Enum.GetValues<ActivationFunction>())
            {
                var options = new MultilayerPerceptronOptions { LabelColumnName = label, HiddenLayers = [40, 9], Epochs = 2, Activation = activation };
                var model = Trainer(label, options).Fit(Data(label, 64));

                CheckScores(model, Keep(Examples.View(Context, rows)));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_whole_pipeline_exports_just_trained_and_loaded(bool loads)
    {
        var data = Cars();
        var pipeline = Context.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(Context.Transforms.Concatenate("Features", "Length", "Mass"))
            .Append(Context.Transforms.Standardize("Features"))
            .Append(Context.MulticlassClassification.Trainers.MultilayerPerceptron(new MultilayerPerceptronOptions { HiddenLayers = [8], Epochs = 5 }))
            .Append(Context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(data);
        if (loads)
        {
            using var stream = new MemoryStream();
            Context.Model.Save(model, data.Schema, stream);
            stream.Position = 0;
            model = Context.Model.LoadWithStatistics(stream, out _);
        }
        using var session = new OnnxSession(Context, model, data);

        var scored = model.Transform(data);
        Scores(session.Run<float>("Score", batchSize: 16)).ShouldBeClose(Scores(scored.GetColumn<float[]>("Score")), 1e-5, 1);
        session.Run<string>("PredictedLabel", batchSize: 16).Select(row => row.Single()).Should().Equal(scored.GetColumn<string>("PredictedLabel"));
        session.Outputs.Should().Contain(["Score.output", "PredictedLabel.output", "Features.output"]);
    }

    [Fact]
    public void Columns_that_are_called_like_operators_stay_what_they_are()
    {
        var copies = Context.Transforms.CopyColumns("Gemm", "Target").Append(Context.Transforms.CopyColumns("Constant", "Target"))
            .Append(Context.Transforms.CopyColumns("limit", "Target"));
        var data = Keep(copies.Fit(Data("Target", 30)).Transform(Data("Target", 30)), "Target", "Gemm", "Constant", "limit");
        var model = Context.Transforms.ScaleMinMax("Features", options: new MinMaxScalingOptions { Clip = true, DataMinimum = -1, DataMaximum = 1 })
            .Append(Context.Regression.Trainers.MultilayerPerceptron(new MultilayerPerceptronOptions { LabelColumnName = "Target", HiddenLayers = [3], Epochs = 1 }))
            .Append(Context.Transforms.Concatenate("Kept", "Gemm", "Constant", "limit")).Fit(data);
        using var session = new OnnxSession(Context, model, data);

        session.Run<float>("Kept", batchSize: 30).Should().BeEquivalentTo(
            data.GetColumn<float>("Target").Select(value => new[] { value, value, value }), options => options.WithStrictOrdering());
    }

    [Fact]
    public void A_network_whose_features_come_from_what_cannot_be_exported_says_so()
    {
        var data = Data("Target", 30);
        var unknown = Context.Transforms.CustomMapping<In, Out>((from, to) => to.Doubled = [.. from.Features.Select(value => 2 * value)], contractName: null);
        var options = new MultilayerPerceptronOptions { LabelColumnName = "Target", FeatureColumnName = "Doubled", HiddenLayers = [3], Epochs = 1 };
        var model = unknown.Append(Context.Regression.Trainers.MultilayerPerceptron(options)).Fit(data);

        Context.Invoking(context => OnnxModel.Run(context, model, data, "Score"))
            .Should().Throw<InvalidOperationException>().WithMessage("*'Doubled'*stage before*");
    }

    [Fact]
    public void A_model_that_plain_ML_NET_loaded_does_not_export_in_part()
    {
        var data = Data("Target", 40);
        var trained = Trainer("Target", new MultilayerPerceptronOptions { LabelColumnName = "Target", HiddenLayers = [3], Epochs = 1 }).Fit(data);
        using var stream = new MemoryStream();
        Context.Model.Save(trained, data.Schema, stream);
        stream.Position = 0;
        var stock = Context.Model.Load(stream, out _);

        Context.Invoking(context => OnnxModel.Run(context, stock, data, "Score")).Should().Throw<Exception>().WithMessage("*ONNX*");
    }

    [Fact]
    public void A_hundred_thousand_rows_are_one_batch_of_seconds()
    {
        var data = Data("Label", 100_000);
        var model = Trainer("Label", new MultilayerPerceptronOptions { HiddenLayers = [64, 64], Epochs = 1, BatchSize = 1000 })
            .Fit(Context.Data.TakeRows(data, 2000));
        using var session = new OnnxSession(Context, model, data);
        var watch = Stopwatch.StartNew();

        float[][] scores = session.Run<float>("Score", batchSize: 100_000);

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
        Scores(scores).ShouldBeClose(Scores(model.Transform(data).GetColumn<float[]>("Score")), 1e-5, 1);
    }

    /// <summary>All that the model adds, in batches of one row, of some, and of all.</summary>
    private static void CheckScores(MultilayerPerceptronTransformer model, IDataView data, int? operatorSet = null)
    {
        using var session = new OnnxSession(Context, model, data, operatorSet);
        var scored = model.Transform(data);
        foreach (int batchSize in (int[])[1, 7, session.RowCount])
        {
            double[] expected = Scores(scored.Schema["Score"].Type is VectorDataViewType
                ? scored.GetColumn<float[]>("Score")
                : scored.GetColumn<float>("Score").Select(score => new[] { score }));
            double[] scores = Scores(session.Run<float>("Score", batchSize));
            scores.ShouldBeClose(expected, 1e-5, 1);
            if (scored.Schema.GetColumnOrNull("PredictedLabel") is { Type: KeyDataViewType })
            {
                Near(expected, 3).Zip(session.Run<uint>("PredictedLabel", batchSize), scored.GetColumn<uint>("PredictedLabel"))
                    .Where(row => !row.First).Should().OnlyContain(row => row.Second.Single() == row.Third);
            }
            else if (scored.Schema.GetColumnOrNull("Probability") is not null)
            {
                Scores(session.Run<float>("Probability", batchSize)).ShouldBeClose(
                    [.. scored.GetColumn<float>("Probability").Select(value => (double)value)], 1e-5, 1);
                expected.Zip(session.Run<bool>("PredictedLabel", batchSize), scored.GetColumn<bool>("PredictedLabel"))
                    .Where(row => !(Math.Abs(row.First) < 1e-5)).Should().OnlyContain(row => row.Second.Single() == row.Third);
            }
        }
    }

    /// <summary>Of each row, whether two classes are so near that rounding may decide.</summary>
    private static IEnumerable<bool> Near(double[] scores, int classCount) => scores.Chunk(classCount).Select(row =>
    {
        double[] sorted = [.. row.OrderDescending()];
        return sorted[0] - sorted[1] < 1e-6;
    });

    private static double[] Scores(IEnumerable<float[]> rows) => [.. rows.SelectMany(row => row).Select(value => (double)value)];

    private static MultilayerPerceptronTrainer Trainer(string label, MultilayerPerceptronOptions options) => label switch
    {
        "Flag" => Context.BinaryClassification.Trainers.MultilayerPerceptron(options),
        "Label" => Context.MulticlassClassification.Trainers.MultilayerPerceptron(options),
        _ => Context.Regression.Trainers.MultilayerPerceptron(options),
    };

    private static IDataView Data(string label, int rowCount) => Keep(Examples.Learnable(Context, rowCount), label);

    // Cached, so that the walk to ONNX begins with these columns.
    private static IDataView Keep(IDataView view, params string[] columns) =>
        Context.Data.Cache(Context.Transforms.SelectColumns(["Features", .. columns]).Fit(view).Transform(view));

    private static IDataView Cars() => Context.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Car
    {
        Kind = i % 3 == 0 ? "lorry" : i % 3 == 1 ? "van" : "car",
        Length = 4 + (i % 3 == 0 ? 8 : i % 3) + (0.01f * i),
        Mass = 1000 + (i % 3 == 0 ? 15_000 : 500 * (i % 3)) + (7 * i),
    }));

    private sealed class Car
    {
        public string Kind { get; set; } = "";

        public float Length { get; set; }

        public float Mass { get; set; }
    }

    private sealed class In
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Out
    {
        [VectorType(4)]
        public float[] Doubled { get; set; } = [];
    }
}
