using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Scaling;

namespace MLNet.BatchNorm.Tests.Catalog;

public class ScalingCatalogTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void The_input_column_is_the_output_column_where_none_is_given()
    {
        var data = Rows.Of<float>(_context, [[1], [3]]);
        _context.Transforms.Standardize(Rows.Column).Fit(data).Columns[0].InputColumnName.Should().Be(Rows.Column);
        _context.Transforms.ScaleMinMax("Out", Rows.Column).Fit(data).Columns[0].Should().Match<MinMaxScalingColumn>(
            column => column.OutputColumnName == "Out" && column.InputColumnName == Rows.Column);
    }

    [Fact]
    public void Wrong_arguments_are_refused_at_once()
    {
        var transforms = _context.Transforms;
        transforms.Invoking(t => t.Standardize("")).Should().Throw<ArgumentException>();
        transforms.Invoking(t => t.ScaleMinMax((string)null!)).Should().Throw<ArgumentNullException>();
        transforms.Invoking(t => t.Standardize((InputOutputColumnPair[])null!)).Should().Throw<ArgumentNullException>().WithParameterName("columns");
        transforms.Invoking(t => t.Standardize([])).Should().Throw<ArgumentException>().WithMessage("Expected at least one column pair*");
        transforms.Invoking(t => t.ScaleMinMax([new("A"), new("A", "B")])).Should().Throw<ArgumentException>()
            .WithMessage("Output column 'A' is given twice.*");
        FluentActions.Invoking(() => ScalingCatalog.Standardize(null!, [new("A")])).Should().Throw<ArgumentNullException>().WithParameterName("catalog");
    }

    [Fact]
    public void The_schema_shape_of_the_output_is_known_before_the_fit()
    {
        var data = Rows.Of<double>(_context, [[1, 2], [3, 4]]);
        var estimator = _context.Transforms.Standardize("Out", Rows.Column);
        var shape = estimator.GetOutputSchema(ShapeSpy.ShapeOf(_context, data));

        var column = shape.Single(candidate => candidate.Name == "Out");
        column.Kind.Should().Be(SchemaShape.Column.VectorKind.Vector);
        column.ItemType.Should().Be(NumberDataViewType.Double);
        column.Annotations.Select(annotation => annotation.Name).Should().Contain("IsNormalized");
        shape.Select(candidate => candidate.Name).Should().BeEquivalentTo(Rows.Column, Rows.Weight, "Out");
    }

    [Fact]
    public void A_pipeline_finds_a_wrong_column_before_it_reads_data()
    {
        var data = Rows.Of<float>(_context, [[1], [2]]);
        var shape = ShapeSpy.ShapeOf(_context, data);
        _context.Transforms.Standardize("Nowhere").Invoking(e => e.GetOutputSchema(shape)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Could not find input column 'Nowhere'. Columns found: 'Features', 'Weight'.*");
        _context.Transforms.ScaleMinMax("Nowhere").Invoking(e => e.GetOutputSchema(shape)).Should().Throw<ArgumentOutOfRangeException>();
        _context.Transforms.Standardize(Rows.Column, options: new() { WeightColumnName = "Nowhere" }).Invoking(e => e.GetOutputSchema(shape)).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("Could not find weight column 'Nowhere'.*");

        var text = ShapeSpy.ShapeOf(_context, _context.Data.LoadFromEnumerable<Row>([new()]));
        _context.Transforms.Standardize("Text").Invoking(e => e.GetOutputSchema(text)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Schema mismatch for input column 'Text': expected a scalar or a known-size vector of Single or Double, got String.*");
        _context.Transforms.Standardize("Unsized").Invoking(e => e.GetOutputSchema(text)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Schema mismatch for input column 'Unsized': *got a vector of unknown size of Single.*");
    }

    [Fact]
    public void Estimators_chain_with_those_of_ML_NET()
    {
        var data = Rows.Of<float>(_context, [[1, 2], [3, 6]]);
        var pipeline = _context.Transforms.ScaleMinMax("Scaled", Rows.Column)
            .Append(_context.Transforms.Standardize("Standard", "Scaled"))
            .Append(_context.Transforms.Concatenate("All", "Scaled", "Standard"));
        var model = pipeline.Fit(data);
        Rows.Read<float>(model.Transform(data), "All")[1].Should().Equal(1, 1, 1, 1);
        Rows.Read<float>(model.Transform(data), "All")[0].Should().Equal(0, 0, -1, -1);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public float[] Unsized { get; set; } = [1];
    }
}
