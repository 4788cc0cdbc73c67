using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>What prediction transformers add: values, types and annotations; and that a saved model predicts the same.</summary>
public class PredictionTests
{
    private static readonly Example[] Examples = Example.Load("iris.csv");

    [Fact]
    public void Two_classes_get_a_label_a_score_and_a_probability()
    {
        var context = new MLContext(1);
        IDataView view = context.View(Examples);
        var transformer = context.BinaryClassification.Trainers.LbfgsLogisticRegression(nameof(Example.IsPositive)).Fit(view);

        IDataView scored = transformer.Transform(view);

        Added(scored, view).Select(column => $"{column.Name}: {column.Type}")
            .Should().Equal("PredictedLabel: Boolean", "Score: Single", "Probability: Single");
        foreach (DataViewSchema.Column column in Added(scored, view))
        {
            Text(column, "ScoreColumnKind").Should().Be("BinaryClassification");
            Text(column, "ScoreValueKind").Should().Be(column.Name);
            SetId(column).Should().Be(1);
            column.IsNormalized().Should().Be(column.Name == "Probability");
        }
        LinearBinaryModelParameters model = transformer.Model.SubModel;
        float[] scores = [.. scored.GetColumn<float>("Score")];
        scores[7].Should().BeApproximately(model.Bias + Example.Dense(Examples[7]).Zip(model.Weights, (x, weight) => x * weight).Sum(), 1e-5f);
        scored.GetColumn<bool>("PredictedLabel").Should().Equal(scores.Select(score => score > 0));
        scored.GetColumn<float>("Probability").Should().Equal(scores.Select(score => (float)(1 / (1 + Math.Exp(-score)))));
    }

    [Fact]
    public void Several_classes_get_a_key_and_a_score_per_class()
    {
        var context = new MLContext(1);
        IDataView view = context.View(Examples);
        IDataView scored = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(nameof(Example.Class)).Fit(view).Transform(view);

        Added(scored, view).Select(column => $"{column.Name}: {column.Type}")
            .Should().Equal("PredictedLabel: Key<UInt32, 0-2>", "Score: Vector<Single, 3>");
        scored.Schema["Score"].HasSlotNames().Should().BeFalse("the keys of the label have no values");
        Text(scored.Schema["Score"], "ScoreColumnKind").Should().Be("MulticlassClassification");
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        scores.Should().OnlyContain(score => Math.Abs(score.Sum() - 1) < 1e-5);
        scored.GetColumn<uint>("PredictedLabel").Should().Equal(scores.Select(score => (uint)Array.IndexOf(score, score.Max()) + 1));
    }

    [Fact]
    public void Values_behind_the_training_label_name_the_classes()
    {
        var context = new MLContext(1);
        string[] names = ["setosa", "versicolor", "virginica"];
        IDataView named = context.Data.LoadFromEnumerable(
            Examples.Select(example => new Named { Name = names[example.Class], Features = Example.Dense(example) }));
        var pipeline = context.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(context.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 2));

        IDataView scored = pipeline.Fit(named).Transform(named);

        VBuffer<ReadOnlyMemory<char>> values = default;
        scored.Schema["PredictedLabel"].GetKeyValues(ref values);
        values.DenseValues().Select(value => value.ToString()).Should().Equal(names);
        scored.Schema["Score"].GetSlotNames(ref values);
        values.DenseValues().Select(value => value.ToString()).Should().Equal(names);
        scored.Schema["Score"].Annotations.GetValue("TrainingLabelValues", ref values);
        values.DenseValues().Select(value => value.ToString()).Should().Equal(names);
    }

    [Fact]
    public void Regression_gets_a_score()
    {
        var context = new MLContext(1);
        IDataView view = context.View(Examples);
        var transformer = context.Regression.Trainers.Ols(nameof(Example.Target)).Fit(view);

        IDataView scored = transformer.Transform(view);

        Added(scored, view).Select(column => $"{column.Name}: {column.Type}").Should().Equal("Score: Single");
        Text(scored.Schema["Score"], "ScoreColumnKind").Should().Be("Regression");
        transformer.FeatureColumnName.Should().Be("Features");
        transformer.FeatureColumnType.Should().Be(view.Schema["Features"].Type);
        context.Regression.Evaluate(scored, nameof(Example.Target)).RSquared.Should().BeApproximately(transformer.Model.RSquared, 1e-5);
    }

    [Fact]
    public void A_second_prediction_is_numbered_as_a_second_set()
    {
        var context = new MLContext(1);
        IDataView view = context.View(Examples);
        var transformer = context.Regression.Trainers.Ols(nameof(Example.Target)).Fit(view);

        IDataView twice = transformer.Transform(transformer.Transform(view));

        SetId(twice.Schema["Score"]).Should().Be(2);
    }

    [Theory]
    [InlineData("Features", "Class", "Target")]
    [InlineData("Features", "Target", "Nothing")]
    [InlineData("Class", "Target", null)]
    [InlineData("Nothing", "Target", null)]
    public void Columns_that_do_not_fit_are_refused(string features, string label, string? weight)
    {
        var context = new MLContext(1);
        Action train = () => context.Regression.Trainers.Sdca(label, features, weight).Fit(context.View(Examples));

        train.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Features_of_another_length_are_refused()
    {
        var context = new MLContext(1);
        var transformer = context.Regression.Trainers.Ols(nameof(Example.Target)).Fit(context.View(Examples));
        IDataView other = context.View([.. Examples.Select(example => example.With(new(2, [1, 2])))]);
        Action schema = () => transformer.GetOutputSchema(other.Schema);
        Action transform = () => transformer.Transform(other);

        schema.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Features*");
        transform.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Rows_that_cannot_be_learned_from_are_left_out()
    {
        var context = new MLContext(1);
        Example[] withBadRows = [.. Examples, Examples[0].Map(_ => float.NaN), Examples[1].Map(_ => float.PositiveInfinity)];
        var trainer = context.Regression.Trainers.Ols(nameof(Example.Target));

        TrainedParameters.Of(trainer.Fit(context.View(withBadRows)).Model).Should().Equal(TrainedParameters.Of(trainer.Fit(context.View(Examples)).Model));
    }

    [Fact]
    public void Without_a_row_to_learn_from_training_fails()
    {
        var context = new MLContext(1);
        IDataView nothing = context.View([Examples[0].Map(_ => float.NaN)]);
        Action sdca = () => context.Regression.Trainers.Sdca(nameof(Example.Target)).Fit(nothing);
        Action lbfgs = () => context.BinaryClassification.Trainers.LbfgsLogisticRegression(nameof(Example.IsPositive)).Fit(nothing);
        Action ols = () => context.Regression.Trainers.Ols(nameof(Example.Target)).Fit(nothing);

        sdca.Should().Throw<InvalidOperationException>();
        lbfgs.Should().Throw<InvalidOperationException>();
        ols.Should().Throw<InvalidOperationException>();
    }

    [Theory]
    [InlineData("LbfgsLogisticRegression")]
    [InlineData("SdcaLogisticRegression")]
    [InlineData("LbfgsMaximumEntropy")]
    [InlineData("SdcaMaximumEntropy")]
    [InlineData("Sdca")]
    [InlineData("Ols")]
    public void A_saved_model_predicts_the_same(string trainer)
    {
        var context = new MLContext(1);
        IDataView view = context.View(Examples);
        ITransformer model = Fit(context, trainer, view);
        using var stream = new MemoryStream();
        context.Model.Save(model, view.Schema, stream);
        stream.Position = 0;

        ITransformer loaded = new MLContext(1).Model.Load(stream, out _);

        IDataView before = model.Transform(view);
        IDataView after = loaded.Transform(view);
        after.Schema.Select(column => column.ToString()).Should().Equal(before.Schema.Select(column => column.ToString()));
        if (before.Schema["Score"].Type is VectorDataViewType)
        {
            after.GetColumn<float[]>("Score").Should().BeEquivalentTo(before.GetColumn<float[]>("Score"), order => order.WithStrictOrdering());
        }
        else
        {
            after.GetColumn<float>("Score").Should().Equal(before.GetColumn<float>("Score"));
        }
    }

    private static ITransformer Fit(MLContext context, string trainer, IDataView view) => trainer switch
    {
        "LbfgsLogisticRegression" => context.BinaryClassification.Trainers.LbfgsLogisticRegression(nameof(Example.IsPositive)).Fit(view),
        "SdcaLogisticRegression" => context.BinaryClassification.Trainers.SdcaLogisticRegression(nameof(Example.IsPositive)).Fit(view),
        "LbfgsMaximumEntropy" => context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(nameof(Example.Class)).Fit(view),
        "SdcaMaximumEntropy" => context.MulticlassClassification.Trainers.SdcaMaximumEntropy(nameof(Example.Class)).Fit(view),
        "Sdca" => context.Regression.Trainers.Sdca(nameof(Example.Target)).Fit(view),
        _ => context.Regression.Trainers.Ols(nameof(Example.Target)).Fit(view),
    };

    private static DataViewSchema.Column[] Added(IDataView scored, IDataView view) => [.. scored.Schema.Skip(view.Schema.Count)];

    private static string Text(DataViewSchema.Column column, string kind)
    {
        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(kind, ref text);
        return text.ToString();
    }

    private static uint SetId(DataViewSchema.Column column)
    {
        uint id = 0;
        column.Annotations.GetValue("ScoreColumnSetId", ref id);
        return id;
    }

    public sealed class Named
    {
        public string Name { get; set; } = "";

        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }
}
