using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Scaling;

namespace MLNet.BatchNorm.Tests.Affine;

public class RowMapperTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void A_prediction_engine_scales_single_rows()
    {
        var data = _context.Data.LoadFromEnumerable<Input>([new() { Age = 20, Pixels = [0, 10] }, new() { Age = 40, Pixels = [4, 30] }]);
        var model = _context.Transforms.Standardize("Age")
            .Append(_context.Transforms.ScaleMinMax("Pixels"))
            .Append(_context.Transforms.Standardize("Twice", "Age", new() { Scale = false }))
            .Fit(data);
        using var engine = _context.Model.CreatePredictionEngine<Input, Output>(model);

        var first = engine.Predict(new Input { Age = 40, Pixels = [1, 20] });
        first.Age.Should().Be(1);
        first.Twice.Should().Be(1);
        first.Pixels.Should().Equal(0.25f, 0.5f);
        engine.Predict(new Input { Age = 30, Pixels = [4, 50] }).Should().BeEquivalentTo(new Output { Age = 0, Twice = 0, Pixels = [1, 2] });
    }

    [Fact]
    public void Rows_carry_the_mappers_own_schema_object()
    {
        var data = Rows.Of<float>(_context, [[1], [3]]);
        var transformer = _context.Transforms.Standardize("Scaled", Rows.Column).Fit(data);
        transformer.IsRowToRowMapper.Should().BeTrue();
        var mapper = transformer.GetRowToRowMapper(data.Schema);
        using var cursor = data.GetRowCursor(data.Schema);
        var row = mapper.GetRow(cursor, mapper.OutputSchema);

        mapper.InputSchema.Should().BeSameAs(data.Schema);
        row.Schema.Should().BeSameAs(mapper.OutputSchema);
        var getter = row.GetGetter<VBuffer<float>>(mapper.OutputSchema["Scaled"]);
        var value = default(VBuffer<float>);
        cursor.MoveNext();
        getter(ref value);
        value.GetItemOrDefault(0).Should().Be(-1);
        cursor.MoveNext();
        getter(ref value);
        value.GetItemOrDefault(0).Should().Be(1);
        row.Position.Should().Be(1);
    }

    [Fact]
    public void Dependencies_are_the_columns_that_are_read()
    {
        var data = Rows.Of<float>(_context, [[1], [3]]);
        var mapper = _context.Transforms.Standardize("Scaled", Rows.Column).Fit(data).GetRowToRowMapper(data.Schema);
        var output = mapper.OutputSchema;

        Names(mapper.GetDependencies([output["Scaled"]])).Should().Equal(Rows.Column);
        Names(mapper.GetDependencies([output[Rows.Weight]])).Should().Equal(Rows.Weight);
        Names(mapper.GetDependencies(output)).Should().Equal(Rows.Column, Rows.Weight);
        Names(mapper.GetDependencies([])).Should().BeEmpty();
    }

    [Fact]
    public void A_row_of_another_schema_is_refused()
    {
        var data = Rows.Of<float>(_context, [[1], [3]]);
        var mapper = _context.Transforms.Standardize("Scaled", Rows.Column).Fit(data).GetRowToRowMapper(data.Schema);
        var other = Rows.Of<float>(_context, [[1]]);
        using var cursor = other.GetRowCursor(other.Schema);
        mapper.Invoking(m => m.GetRow(cursor, m.OutputSchema)).Should().Throw<InvalidOperationException>().WithMessage("*not the schema object that this mapper was made for*");
    }

    [Fact]
    public void Disposing_the_row_disposes_its_input_and_inactive_columns_stay_so()
    {
        var data = Rows.Of<float>(_context, [[1], [3]]);
        var mapper = _context.Transforms.Standardize("Scaled", Rows.Column).Fit(data).GetRowToRowMapper(data.Schema);
        using var cursor = data.GetRowCursor([data.Schema[Rows.Column]]);
        using var row = mapper.GetRow(cursor, [mapper.OutputSchema["Scaled"]]);
        row.IsColumnActive(mapper.OutputSchema["Scaled"]).Should().BeTrue();
        row.IsColumnActive(mapper.OutputSchema[Rows.Weight]).Should().BeFalse();
        row.Invoking(r => r.GetGetter<double>(mapper.OutputSchema[Rows.Weight])).Should().Throw<InvalidOperationException>();
    }

    private static IEnumerable<string> Names(IEnumerable<DataViewSchema.Column> columns) => columns.Select(column => column.Name);

    private sealed class Input
    {
        public float Age { get; set; }

        [VectorType(2)]
        public float[] Pixels { get; set; } = [];
    }

    private sealed class Output
    {
        public float Age { get; set; }

        public float Twice { get; set; }

        [VectorType(2)]
        public float[] Pixels { get; set; } = [];
    }
}
