using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.BatchNorm.Persistence;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Networks written as stock ML.NET, against plain arithmetic in double.</summary>
public class StockNetworkTests
{
    private const string ReLU = "x => max(x, 0f)";

    private static readonly MLContext Context = new(seed: 1);

    public static TheoryData<string, Func<double, double>> Activations => new()
    {
        { ReLU, x => Math.Max(x, 0) },
        { "x => max(x, 1e-2f * x)", x => Math.Max(x, 0.01 * x) },
        { "x => tanh(x)", Math.Tanh },
        { "x => 1f / (1f + exp(-x))", x => 1 / (1 + Math.Exp(-x)) },
    };

    [Theory]
    [InlineData(5, 4, 3)] // narrower and narrower
    [InlineData(2, 7, 11)] // wider than the input: several projections side by side
    [InlineData(1, 3, 2)] // a single feature
    [InlineData(4, 1, 1)] // single units
    [InlineData(1, 1, 5)]
    [InlineData(3, 3, 3)]
    public void Any_widths_score_as_the_formula_says(params int[] widths)
    {
        var layers = Layers(ReLU, [.. widths, 1]);
        var features = Examples.Features(20, widths[0]);

        var scored = Create(layers, NetworkTask.Regression).Transform(View(features));

        Score(scored).ShouldBeClose(features.Select(row => Compute(layers, x => Math.Max(x, 0), row)[0]), 1e-5, 1);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Every_activation_scores_as_the_formula_says(string text, Func<double, double> activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        var layers = Layers(text, 3, 6, 4, 1);
        var features = Examples.Features(20, 3);

        var scored = Create(layers, NetworkTask.Regression).Transform(View(features));

        Score(scored).ShouldBeClose(features.Select(row => Compute(layers, activation, row)[0]), 1e-5, 1);
    }

    [Fact]
    public void A_network_of_two_classes_gives_the_sigmoid_and_a_label()
    {
        var layers = Layers(ReLU, 4, 8, 1);
        var features = Examples.Features(50, 4);
        double[] logits = [.. features.Select(row => Compute(layers, x => Math.Max(x, 0), row)[0])];

        var scored = Create(layers, NetworkTask.BinaryClassification).Transform(View(features));

        Score(scored).ShouldBeClose(logits, 1e-5, 1);
        scored.GetColumn<float>("Probability").Select(value => (double)value).ShouldBeClose(logits.Select(x => 1 / (1 + Math.Exp(-x))), 1e-5, 1);
        scored.GetColumn<bool>("PredictedLabel").Should().Equal(logits.Select(x => x > 0));
    }

    [Fact]
    public void A_network_of_many_classes_gives_the_softmax_and_the_key_of_the_class()
    {
        var layers = Layers(ReLU, 4, 8, 3);
        var features = Examples.Features(50, 4);
        double[][] logits = [.. features.Select(row => Compute(layers, x => Math.Max(x, 0), row))];
        var labels = Examples.WithKeys(Context, Examples.View(Context, ["red", "green", "blue"], 4));

        var scored = Create(layers, NetworkTask.MulticlassClassification, labels.Schema["Label"]).Transform(View(features));

        scored.GetColumn<float[]>("Score").SelectMany(row => row).Select(value => (double)value)
            .ShouldBeClose(logits.SelectMany(Softmax), 1e-5, 1);
        scored.GetColumn<uint>("PredictedLabel").Should().Equal(logits.Select(row => (uint)(Array.IndexOf(row, row.Max()) + 1)));
        var slots = default(VBuffer<ReadOnlyMemory<char>>);
        scored.Schema["Score"].GetSlotNames(ref slots);
        slots.DenseValues().Select(name => name.ToString()).Should().Equal("red", "green", "blue");
    }

    [Fact]
    public void Without_hidden_layers_it_is_a_linear_predictor_alone()
    {
        var layers = Layers(ReLU, 4, 1);

        Create(layers, NetworkTask.Regression).Should().BeAssignableTo<ISingleFeaturePredictionTransformer<object>>()
            .Which.FeatureColumnName.Should().Be("Features");
    }

    [Fact]
    public void Hidden_columns_are_gone_behind_the_network()
    {
        var data = View(Examples.Features(3, 2));
        var model = Create(Layers(ReLU, 2, 5, 1), NetworkTask.Regression);

        model.GetOutputSchema(data.Schema).Select(column => column.Name).Should().Equal([.. data.Schema.Select(column => column.Name), "Score"]);
        model.Should().BeOfType<TransformerChain<ITransformer>>().Which.Last().Should().BeOfType<ColumnSelectingTransformer>();
    }

    [Fact]
    public void A_feature_column_with_the_name_of_a_hidden_one_is_kept()
    {
        var data = Context.Transforms.CopyColumns(StockNetwork.HiddenColumnName, "Features").Fit(View(Examples.Features(3, 2)))
            .Transform(View(Examples.Features(3, 2)));
        var layers = Layers(ReLU, 2, 5, 1);

        var model = StockNetwork.Create(layers, NetworkTask.Regression, StockNetwork.HiddenColumnName, data.Schema["Target"]);

        var scored = model.Transform(data);
        scored.Schema.GetColumnOrNull(StockNetwork.HiddenColumnName).Should().NotBeNull();
        Score(scored).ShouldBeClose(Examples.Features(3, 2).Select(row => Compute(layers, x => Math.Max(x, 0), row)[0]), 1e-5, 1);
    }

    [Fact]
    public void Single_objects_are_predicted()
    {
        var layers = Layers(ReLU, 2, 5, 1);
        var features = Examples.Features(3, 2);
        var input = SchemaDefinition.Create(typeof(Example));
        input["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        using var engine = Context.Model.CreatePredictionEngine<Example, Number>(Create(layers, NetworkTask.Regression), inputSchemaDefinition: input);

        features.Select(row => (double)engine.Predict(new Example { Features = row }).Score)
            .ShouldBeClose(features.Select(row => Compute(layers, x => Math.Max(x, 0), row)[0]), 1e-5, 1);
    }

    [Fact]
    public void Sparse_features_score_as_dense_ones()
    {
        var layers = Layers(ReLU, 4, 6, 1);
        var view = Context.Data.LoadFromEnumerable([new Sparse { Features = new VBuffer<float>(4, 1, [2f], [3]) }]);

        var scored = StockNetwork.Create(layers, NetworkTask.Regression, "Features", view.Schema["Target"]).Transform(view);

        Score(scored).ShouldBeClose([Compute(layers, x => Math.Max(x, 0), [0, 0, 0, 2])[0]], 1e-5, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Rows_or_groups_of_them_are_scaled_to_a_length(int groupCount)
    {
        const double Length = 2;
        var layers = Layers(ReLU, 4, 6, 1);
        layers[0] = layers[0] with { Activation = null, RowLength = (float)Length, GroupCount = groupCount };
        var features = Examples.Features(20, 4);

        var scored = Create(layers, NetworkTask.Regression).Transform(View(features));

        scored.Schema.Should().NotContain(column => column.Name.StartsWith(StockNetwork.HiddenColumnName, StringComparison.Ordinal));
        Score(scored).ShouldBeClose(features.Select(row =>
        {
            double[][] groups = [.. Compute(layers[..1], x => x, row).Chunk(6 / groupCount)];
            float[] scaled = [.. groups.SelectMany(group => group.Select(value => (float)(value * Length / Math.Sqrt(group.Sum(part => part * part)))))];
            return Compute(layers[1..], x => x, scaled)[0];
        }), 1e-5, 1);
    }

    private static ITransformer Create(StockLayer[] layers, NetworkTask task, DataViewSchema.Column? label = null) =>
        StockNetwork.Create(layers, task, "Features", label ?? View(Examples.Features(1, 1)).Schema["Target"]);

    private static IDataView View(float[][] features) => Examples.View(Context, features);

    private static double[] Score(IDataView scored) => [.. scored.GetColumn<float>("Score").Select(value => (double)value)];

    private static StockLayer[] Layers(string activation, params int[] widths) =>
    [
        .. Enumerable.Range(1, widths.Length - 1).Select(i => new StockLayer(
            RandomData.Normal(i, widths[i] * widths[i - 1]).ToSingle(),
            RandomData.Normal(100 + i, widths[i]).ToSingle(),
            i < widths.Length - 1 ? activation : null)),
    ];

    private static double[] Compute(StockLayer[] layers, Func<double, double> activation, float[] row)
    {
        double[] values = Array.ConvertAll(row, value => (double)value);
        foreach (var layer in layers)
        {
            values = [.. Enumerable.Range(0, layer.OutputCount).Select(output =>
            {
                double sum = layer.Bias[output] + values.Select((value, input) => value * layer.Weights[(output * layer.InputCount) + input]).Sum();
                return layer.Activation is null ? sum : activation(sum);
            })];
        }
        return values;
    }

    private static IEnumerable<double> Softmax(double[] logits)
    {
        double sum = logits.Sum(Math.Exp);
        return logits.Select(logit => Math.Exp(logit) / sum);
    }

    private sealed class Number
    {
        public float Score { get; set; }
    }

    private sealed class Sparse
    {
        [VectorType(4)]
        public VBuffer<float> Features { get; set; }

        public float Target { get; set; }
    }
}
