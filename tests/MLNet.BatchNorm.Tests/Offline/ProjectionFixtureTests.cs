using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>Principal components, an expression and dropped columns that the package saved, on whichever provider runs. See Fixtures/README.md.</summary>
public class ProjectionFixtureTests
{
    // Float dot products, which the providers may sum in different order.
    private const double Tolerance = 1e-6;

    private static readonly string Zip = Path.Combine("Fixtures", "projections.package.zip");
    private static readonly MLContext Context = new(1);
    private static readonly GoldenCase Expected = Open();

    [Fact]
    public void Projections_give_the_same_values_on_either_provider()
    {
        Check(Context.Model.Load(Zip, out _).Transform(Rows()));
    }

    [Fact]
    public void Saved_again_they_give_them_still()
    {
        using var stream = new MemoryStream();
        Context.Model.Save(Context.Model.Load(Zip, out var schema), schema, stream);

        Check(Context.Model.Load(stream, out _).Transform(Rows()));
    }

    [Fact]
    public void Dropped_columns_are_gone_and_rows_are_mapped_one_by_one()
    {
        var model = Context.Model.Load(Zip, out var schema);

        model.IsRowToRowMapper.Should().BeTrue();
        model.GetOutputSchema(schema).Select(column => $"{column.Name}: {column.Type}").Should().Equal(
            "X: Vector<Single, 4>", "Plain: Vector<Single, 2>", "Bent: Vector<Single, 3>");
        using var engine = Context.Model.CreatePredictionEngine<Row, Projected>(model);
        engine.Predict(new Row { X = Expected.List("rows")[1].Numbers<float>("x") }).Plain.Select(value => (double)value)
            .ShouldBeClose(Expected.Numbers("plain")[2..4], Tolerance, 1);
    }

    [Fact]
    public void Vectors_of_another_size_are_refused()
    {
        var model = Context.Model.Load(Zip, out _);
        var data = Context.Data.LoadFromEnumerable([new Wide()]);

        model.Invoking(chain => chain.Transform(data)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*'X'*Vector<Single, 4>*Vector<Single, 5>*");
    }

    [Fact]
    public void A_column_to_drop_must_be_there()
    {
        var drop = ((TransformerChain<ITransformer>)Context.Model.Load(Zip, out _)).Last();

        drop.Invoking(stage => stage.Transform(Rows())).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Extra*");
    }

    private static void Check(IDataView view)
    {
        view.GetColumn<float[]>("Plain").SelectMany(row => row).Select(value => (double)value).ShouldBeClose(Expected.Numbers("plain"), Tolerance, 1);
        view.GetColumn<float[]>("Bent").SelectMany(row => row).Select(value => (double)value).ShouldBeClose(Expected.Numbers("bent"), Tolerance, 1);
    }

    private static IDataView Rows() => Context.Data.LoadFromEnumerable(Expected.List("rows").Select(row => new Row { X = row.Numbers<float>("x") }).ToList());

    private static GoldenCase Open()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine("Fixtures", "projections.json")));
        return new GoldenCase(document.RootElement.Clone());
    }

    private sealed class Row
    {
        [VectorType(4)]
        public float[] X { get; set; } = [];
    }

    private sealed class Wide
    {
        [VectorType(5)]
        public float[] X { get; set; } = new float[5];
    }

    private sealed class Projected
    {
        public float[] Plain { get; set; } = [];
    }
}
