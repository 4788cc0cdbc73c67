using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>Linear models that one provider trained and saved, scored on whichever provider runs. See Fixtures/README.md.</summary>
public class LinearFixtureTests
{
    // Scores are float dot products, which the providers may sum in different order.
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData("package")]
    [InlineData("offline")]
    public void A_binary_model_scores_the_same_on_either_provider(string provider)
    {
        var (scored, expected) = Score("binary", provider);

        scored.GetColumn<float>("Score").Select(score => (double)score).ShouldBeClose(expected.Numbers("score"), Tolerance, 1);
        scored.GetColumn<float>("Probability").Select(probability => (double)probability).ShouldBeClose(expected.Numbers("probability"), Tolerance, 1);
        scored.GetColumn<bool>("PredictedLabel").Should().Equal(expected.Numbers("score").Select(score => score > 0));
    }

    [Theory]
    [InlineData("package")]
    [InlineData("offline")]
    public void A_multiclass_model_scores_the_same_on_either_provider(string provider)
    {
        var (scored, expected) = Score("multiclass", provider);

        scored.GetColumn<float[]>("Score").SelectMany(row => row).Select(score => (double)score).ShouldBeClose(expected.Numbers("score"), Tolerance, 1);
        scored.GetColumn<string>("Predicted").Take(4).Should().Equal("red", "blue", "green", "red");
    }

    [Theory]
    [InlineData("package")]
    [InlineData("offline")]
    public void A_regression_model_scores_the_same_on_either_provider(string provider)
    {
        var (scored, expected) = Score("regression", provider);

        scored.GetColumn<float>("Score").Select(score => (double)score).ShouldBeClose(expected.Numbers("score"), Tolerance, 1);
    }

    private static (IDataView Scored, GoldenCase Expected) Score(string task, string provider)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine("Fixtures", $"linear.{provider}.json")));
        var expected = new GoldenCase(document.RootElement.Clone());
        var context = new MLContext(1);
        var model = context.Model.Load(Path.Combine("Fixtures", $"linear_{task}.{provider}.zip"), out _);
        var rows = expected.List("rows").Select(row => new Row { X = row.Numbers<float>("x") });
        return (model.Transform(context.Data.LoadFromEnumerable(rows)), expected.At(task));
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] X { get; set; } = [];

        public string Class { get; set; } = "";

        public float Target { get; set; }

        public bool Label { get; set; }
    }
}
