using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Catalog;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Names, types, order and annotations of what the trainer adds, held against ML.NET's own trainers on the same data.</summary>
public class TrainerSchemaTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly MultilayerPerceptronOptions Quick = new() { HiddenLayers = [3], Epochs = 1 };

    private readonly IDataView _data = Examples.Learnable(Context, 60);

    public static TheoryData<string> Tasks => new("binary", "multiclass", "regression");

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_output_schema_is_that_of_a_stock_trainer(string task)
    {
        var (network, stock) = Trainers(task);

        SchemaText.Of(network.Fit(_data).GetOutputSchema(_data.Schema))
            .Should().Equal(SchemaText.Of(stock.Fit(_data).GetOutputSchema(_data.Schema)));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_schema_of_the_transformed_view_is_the_same(string task)
    {
        var (network, stock) = Trainers(task);

        SchemaText.Of(network.Fit(_data).Transform(_data).Schema).Should().Equal(SchemaText.Of(stock.Fit(_data).Transform(_data).Schema));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_second_predictor_numbers_its_columns_on_and_hides_the_first_ones(string task)
    {
        var (network, stock) = Trainers(task);
        var scored = stock.Fit(_data).Transform(_data);

        var actual = network.Fit(scored).GetOutputSchema(scored.Schema);

        SchemaText.Of(actual).Should().Equal(SchemaText.Of(stock.Fit(scored).GetOutputSchema(scored.Schema)));
        string.Join("\n", SchemaText.Of(actual)).Should().Contain("ScoreColumnSetId (Key<UInt32, 0-2147483646>) = 2");
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_schema_shape_is_that_of_a_stock_trainer(string task)
    {
        var (network, stock) = Trainers(task);
        var shape = ShapeSpy.ShapeOf(Context, _data);

        SchemaText.Of(network.GetOutputSchema(shape)).Should().BeEquivalentTo(SchemaText.Of(stock.GetOutputSchema(shape)));
    }

    [Theory]
    [InlineData("Number")]
    [InlineData("Ratio")]
    [InlineData("Key")]
    public void Two_classes_may_be_numbers_or_keys(string labelColumnName)
    {
        var data = TwoClasses();
        var shape = ShapeSpy.ShapeOf(Context, data);
        var stock = Context.BinaryClassification.Trainers.LbfgsLogisticRegression("Flag");
        var network = Context.BinaryClassification.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = labelColumnName });

        SchemaText.Of(network.GetOutputSchema(shape)).Should().BeEquivalentTo(SchemaText.Of(stock.GetOutputSchema(shape)));
        SchemaText.Of(network.Fit(data).GetOutputSchema(data.Schema)).Should().Equal(SchemaText.Of(stock.Fit(data).GetOutputSchema(data.Schema)));
    }

    [Fact]
    public void Classes_without_names_leave_the_score_without_slot_names()
    {
        var rows = Enumerable.Range(0, 30).Select(i => new Unnamed { Features = [i % 3, 1], Label = (uint)(i % 3) });
        var data = Context.Data.LoadFromEnumerable(rows.ToList());

        var network = Context.MulticlassClassification.Trainers.MultilayerPerceptron(Quick).Fit(data);
        var stock = Context.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(data);

        SchemaText.Of(network.GetOutputSchema(data.Schema)).Should().Equal(SchemaText.Of(stock.GetOutputSchema(data.Schema)));
    }

    [Fact]
    public void Classes_named_by_numbers_keep_them_as_values()
    {
        var data = Context.Transforms.Conversion.MapValueToKey("Label", "Number").Fit(TwoClasses()).Transform(TwoClasses());

        var network = Context.MulticlassClassification.Trainers.MultilayerPerceptron(Quick).Fit(data);
        var stock = Context.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(data);

        SchemaText.Of(network.GetOutputSchema(data.Schema)).Should().Equal(SchemaText.Of(stock.GetOutputSchema(data.Schema)));
    }

    [Fact]
    public void A_column_of_the_data_that_has_the_name_of_a_hidden_one_is_kept()
    {
        var data = Context.Transforms.CopyColumns("MLNet.BatchNorm.Hidden", "Features").Fit(_data).Transform(_data);
        var network = Context.Regression.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = "Target" }).Fit(data);
        var stock = Context.Regression.Trainers.Sdca("Target", maximumNumberOfIterations: 10).Fit(data);

        SchemaText.Of(network.GetOutputSchema(data.Schema)).Should().Equal(SchemaText.Of(stock.GetOutputSchema(data.Schema)));
    }

    [Fact]
    public void The_transformer_says_what_it_reads()
    {
        var model = Context.Regression.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = "Target" }).Fit(_data);

        model.Should().BeAssignableTo<ISingleFeaturePredictionTransformer<MultilayerPerceptronModel>>();
        model.FeatureColumnName.Should().Be("Features");
        model.FeatureColumnType.Should().Be(new VectorDataViewType(NumberDataViewType.Single, 4));
        model.IsRowToRowMapper.Should().BeTrue();
    }

    private static (IEstimator<ITransformer> Network, IEstimator<ITransformer> Stock) Trainers(string task) => task switch
    {
        "binary" => (
            Context.BinaryClassification.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = "Flag" }),
            Context.BinaryClassification.Trainers.LbfgsLogisticRegression("Flag")),
        "multiclass" => (
            Context.MulticlassClassification.Trainers.MultilayerPerceptron(Quick),
            Context.MulticlassClassification.Trainers.LbfgsMaximumEntropy()),
        _ => (
            Context.Regression.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = "Target" }),
            Context.Regression.Trainers.Sdca("Target", maximumNumberOfIterations: 10)),
    };

    private static IDataView TwoClasses()
    {
        var rows = Enumerable.Range(0, 40).Select(i => new Label
        {
            Features = [i % 2, i % 5],
            Flag = i % 2 == 1,
            Number = i % 2,
            Ratio = i % 2,
            Key = (uint)(i % 2),
        });
        return Context.Data.LoadFromEnumerable(rows.ToList());
    }

    private sealed class Label
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Flag { get; set; }

        public float Number { get; set; }

        public double Ratio { get; set; }

        [KeyType(2)]
        public uint Key { get; set; }
    }

    private sealed class Unnamed
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }
}
