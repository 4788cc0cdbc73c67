using Microsoft.ML;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>Columns that cannot be scaled: each error names the column, what was expected, what was found, and what to do.</summary>
public class SchemaTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly IDataView _data;

    public SchemaTests() => _data = _context.Data.LoadFromEnumerable<Row>([new()]);

    [Fact]
    public void A_missing_column()
    {
        Fit("Nowhere").Should().Throw<ArgumentOutOfRangeException>().WithParameterName("input")
            .WithMessage("Could not find input column 'Nowhere'. Columns found: 'Text', 'Whole', 'Unsized', 'Number'.*");
    }

    [Theory]
    [InlineData("Text", "String")]
    [InlineData("Whole", "Int32")]
    public void A_column_of_another_type(string column, string found)
    {
        Fit(column).Should().Throw<ArgumentOutOfRangeException>().WithMessage(
            $"Schema mismatch for input column '{column}': expected a scalar or a known-size vector of Single or Double, got {found}. Convert it first, with Conversion.ConvertType*");
    }

    [Fact]
    public void A_vector_of_unknown_size()
    {
        Fit("Unsized").Should().Throw<ArgumentOutOfRangeException>().WithMessage(
            "Schema mismatch for input column 'Unsized': expected a scalar or a known-size vector of Single or Double, got Vector<Single*>. Give the vector a size*");
    }

    [Fact]
    public void Transforming_data_without_the_column()
    {
        var transformer = _context.Transforms.Standardize("Out", "Number").Fit(_data);
        var other = Rows.Of<float>(_context, [[1]]);
        transformer.Invoking(t => t.Transform(other)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("input")
            .WithMessage("Could not find input column 'Number'. Columns found: 'Features', 'Weight'.*");
        transformer.Invoking(t => t.GetOutputSchema(other.Schema)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("inputSchema");
        transformer.Invoking(t => t.GetRowToRowMapper(other.Schema)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Transforming_data_of_another_size()
    {
        var transformer = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of<float>(_context, [[1, 2], [2, 4]]));
        transformer.Invoking(t => t.Transform(Rows.Of<float>(_context, [[1, 2, 3]]))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Schema mismatch for input column 'Features': expected Vector<Single, 2>, as in the data of the fit, got Vector<Single, 3>.*");
        transformer.Invoking(t => t.Transform(Rows.Of<double>(_context, [[1, 2]]))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*expected Vector<Single, 2>, as in the data of the fit, got Vector<Double, 2>.*");
    }

    [Fact]
    public void A_vector_that_is_not_of_the_size_it_promises()
    {
        var data = Rows.Of<float>(_context, [[1, 2], [3]]);
        _context.Transforms.Standardize(Rows.Column).Invoking(estimator => estimator.Fit(data)).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features' promises vectors of size 2 and gives one of size 1.*");
        var transformer = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of<float>(_context, [[1, 2], [3, 5]]));
        transformer.Invoking(t => Rows.Read<float>(t.Transform(data))).Should().Throw<InvalidOperationException>().WithMessage("Column 'Features' promises*");
    }

    [Fact]
    public void Null_arguments()
    {
        var estimator = _context.Transforms.Standardize("Number");
        estimator.Invoking(e => e.Fit(null!)).Should().Throw<ArgumentNullException>().WithParameterName("input");
        estimator.Invoking(e => e.GetOutputSchema(null!)).Should().Throw<ArgumentNullException>().WithParameterName("inputSchema");
        var transformer = estimator.Fit(_data);
        transformer.Invoking(t => t.Transform(null!)).Should().Throw<ArgumentNullException>().WithParameterName("input");
        transformer.Invoking(t => t.Update(null!)).Should().Throw<ArgumentNullException>().WithParameterName("input");
        transformer.Invoking(t => t.Merge(null!)).Should().Throw<ArgumentNullException>().WithParameterName("other");
        transformer.Invoking(t => t.GetOutputSchema(null!)).Should().Throw<ArgumentNullException>().WithParameterName("inputSchema");
    }

    private Action Fit(string column) => () => _context.Transforms.Standardize("Out", column).Fit(_data);

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public int Whole { get; set; }

        public float[] Unsized { get; set; } = [1];

        public float Number { get; set; }
    }
}
