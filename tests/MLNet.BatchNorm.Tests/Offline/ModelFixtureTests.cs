using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>Zips that one provider saved, loaded on whichever provider runs. See Fixtures/README.md.</summary>
public class ModelFixtureTests
{
    private static readonly GoldenCase Expected = Open();

    public static TheoryData<string> Zips => new("stock_transforms.package.zip", "stock_transforms.offline.zip");

    [Theory]
    [MemberData(nameof(Zips))]
    public void A_saved_model_gives_the_same_values_on_either_provider(string zip)
    {
        var context = new MLContext(1);
        var model = context.Model.Load(Path.Combine("Fixtures", zip), out _);

        var view = model.Transform(context.Data.LoadFromEnumerable(People()));

        // Same operations on the same numbers in the same precision: exactly equal.
        Flatten(view.GetColumn<float[]>("MinMax")).Should().Equal(Expected.Numbers<float>("minMax"));
        Flatten(view.GetColumn<float[]>("ZScore")).Should().Equal(Expected.Numbers<float>("zScore"));
        Flatten(view.GetColumn<double[]>("Ratios")).Should().Equal(Expected.Numbers("ratios"));
        Flatten(view.GetColumn<float[]>("Clipped")).Should().Equal(Expected.Numbers<float>("clipped"));
        view.GetColumn<uint>("Key").Should().Equal(1, 2, 0, 1);
        view.GetColumn<string>("Back").Should().Equal("good", "fair", "", "good");
    }

    [Theory]
    [MemberData(nameof(Zips))]
    public void A_saved_model_predicts_single_objects_on_either_provider(string zip)
    {
        var context = new MLContext(1);
        var model = context.Model.Load(Path.Combine("Fixtures", zip), out var inputSchema);
        using var engine = context.Model.CreatePredictionEngine<Person, Scaled>(model, inputSchema);

        var prediction = engine.Predict(People()[1]);

        prediction.MinMax.Should().Equal(0.5f, 0.5f, 0.5833334f, 0.6666667f);
        prediction.Back.Should().Be("fair");
    }

    [Theory]
    [MemberData(nameof(Zips))]
    public void A_saved_input_schema_is_read_on_either_provider(string zip)
    {
        new MLContext(1).Model.Load(Path.Combine("Fixtures", zip), out var schema);

        schema.Select(column => $"{column.Name}: {column.Type}").Should().Equal(
            "Age: Single", "Salary: Single", "Body: Vector<Single, 2>", "Ratios: Vector<Double, 2>", "Grade: String");
    }

    private static GoldenCase Open()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine("Fixtures", "stock_transforms.json")));
        return new GoldenCase(document.RootElement.Clone());
    }

    private static Person[] People() => [.. Expected.List("people").Select(person => new Person
    {
        Age = (float)person.Number("age"),
        Salary = (float)person.Number("salary"),
        Body = person.Numbers<float>("body"),
        Ratios = person.Numbers("ratios"),
        Grade = person.Text("grade"),
    })];

    private static T[] Flatten<T>(IEnumerable<T[]> rows) => [.. rows.SelectMany(row => row)];

    private sealed class Person
    {
        public float Age { get; set; }

        public float Salary { get; set; }

        [VectorType(2)]
        public float[] Body { get; set; } = [];

        [VectorType(2)]
        public double[] Ratios { get; set; } = [];

        public string Grade { get; set; } = "";
    }

    private sealed class Scaled
    {
        public float[] MinMax { get; set; } = [];

        public string Back { get; set; } = "";
    }
}
