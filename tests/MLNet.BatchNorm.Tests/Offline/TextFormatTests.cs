using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>What lines, fields and values are in a text file; the same on both providers.</summary>
public sealed class TextFormatTests : IDisposable
{
    private readonly MLContext _context = new(seed: 1);
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Comments_and_empty_lines_are_no_rows_and_directives_only_at_the_start()
    {
        Texts("// a comment\n#@ a directive\n\nheader\none\n\n// another\n#two\n", hasHeader: true).Should().Equal("one", "#two");
    }

    [Fact]
    public void Fields_that_a_short_line_lacks_are_empty_or_zero()
    {
        var data = Load("1,2\n3\n", [new("A", DataKind.Single, 0), new("B", DataKind.Single, 1), new("C", DataKind.String, 2)]);

        data.GetColumn<float>("B").Should().Equal(2, 0);
        data.GetColumn<string>("C").Should().Equal("", "");
    }

    [Fact]
    public void Spaces_before_a_field_are_skipped_and_behind_it_kept()
    {
        Texts("  one  ,x\n").Should().Equal("one  ");
    }

    [Fact]
    public void Trimming_is_of_the_lines_end()
    {
        var data = Load(" one , two \t \n", [new("A", DataKind.String, 0), new("B", DataKind.String, 1)], trimWhitespace: true);

        data.GetColumn<string>("A").Should().Equal("one ");
        data.GetColumn<string>("B").Should().Equal("two");
    }

    [Fact]
    public void Quotes_are_characters_unless_quoting_is_allowed()
    {
        Texts("\"a,b\"\n").Should().Equal("\"a");
    }

    [Fact]
    public void A_field_whose_quotes_are_wrong_is_empty()
    {
        Texts("\"never closed,x\n\"closed\"too early,x\n\"good\" ,x\n", allowQuoting: true).Should().Equal("", "", "good");
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("T", true)]
    [InlineData("True", true)]
    [InlineData("+", true)]
    [InlineData("0", false)]
    [InlineData("no", false)]
    [InlineData("f", false)]
    [InlineData("-1", false)]
    [InlineData("", false)]
    public void Booleans_are_read_from_many_words(string text, bool expected)
    {
        Load($"{text},x\n", [new("Flag", DataKind.Boolean, 0)]).GetColumn<bool>("Flag").Should().Equal(expected);
    }

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("-2.5e-3", -0.0025)]
    [InlineData(".5", 0.5)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("NaN", double.NaN)]
    [InlineData("?", double.NaN)]
    [InlineData("N/A", double.NaN)]
    [InlineData("oops", double.NaN)]
    [InlineData("1,5", 1)]
    [InlineData("12 ", 12)]
    public void Real_numbers_are_read_and_what_is_none_is_NaN(string text, double expected)
    {
        var data = Load($"{text}\n", [new("R4", DataKind.Single, 0), new("R8", DataKind.Double, 0)]);

        data.GetColumn<float>("R4").Should().Equal((float)expected);
        data.GetColumn<double>("R8").Should().Equal(expected);
    }

    [Theory]
    [InlineData("1.5", DataKind.Int32)]
    [InlineData("+1", DataKind.Int32)]
    [InlineData("99999999999", DataKind.Int32)]
    [InlineData("-1", DataKind.UInt32)]
    [InlineData("maybe", DataKind.Boolean)]
    public void A_bad_value_in_a_column_that_cannot_miss_any_is_an_error(string text, DataKind kind)
    {
        var data = Load($"{text}\n", [new("A", kind, 0)]);
        using var cursor = data.GetRowCursor(data.Schema);

        cursor.Invoking(c => c.MoveNext()).Should().Throw<FormatException>()
            .WithMessage($"Parsing failed with an exception: Could not parse value {text} in line 1, column A*");
    }

    [Fact]
    public void Keys_are_counted_from_zero_in_the_text_and_from_one_in_the_view_and_others_are_missing()
    {
        var data = Load("0\n2\n3\n?\nx\n", [new("Key", DataKind.UInt32, [new TextLoader.Range(0)], new KeyCount(3))]);

        data.Schema["Key"].Type.Should().Be(new KeyDataViewType(typeof(uint), 3));
        data.GetColumn<uint>("Key").Should().Equal(1, 3, 0, 0, 0);
    }

    [Fact]
    public void A_range_without_an_end_goes_to_the_last_field_of_the_sample()
    {
        File.WriteAllText(_path, "0\t1\t2\t3\n1\t4\t5\t6\n");
        var data = _context.Data.LoadFromTextFile(_path);

        data.Schema.Select(column => column.ToString()).Should().Equal("Label: Single", "Features: Vector<Single, 3>");
        data.GetColumn<float[]>("Features").Last().Should().Equal(4, 5, 6);
    }

    [Fact]
    public void A_range_without_an_end_needs_a_sample_of_even_lines()
    {
        File.WriteAllText(_path, "0\t1\t2\n1\t4\n");
        var uneven = () => _context.Data.LoadFromTextFile(_path);
        var unsampled = () => _context.Data.LoadFromTextFile(_path, [new("A", DataKind.Single, [new TextLoader.Range(0, null)])]);

        uneven.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*not consistent*");
        unsampled.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_loader_reads_any_number_of_files_each_with_its_header()
    {
        File.WriteAllText(_path, "x\n1\n2\n");
        var loader = _context.Data.CreateTextLoader([new("X", DataKind.Single, 0)], hasHeader: true);

        loader.GetOutputSchema().Single().Name.Should().Be("X");
        loader.Load(_path, _path).GetColumn<float>("X").Should().Equal(1, 2, 1, 2);
    }

    [Fact]
    public void Several_separators_may_be_used_at_once()
    {
        File.WriteAllText(_path, "1;2,3\n");
        var data = _context.Data.LoadFromTextFile(
            _path, new TextLoader.Options { Separators = [',', ';'], Columns = [new("A", DataKind.Single, 0, 2)] });

        data.GetColumn<float[]>("A").Single().Should().Equal(1, 2, 3);
    }

    [Fact]
    public void Sources_that_overlap_or_are_missing_are_refused()
    {
        var overlapping = () => Load("1,2\n", [new("A", DataKind.Single, [new TextLoader.Range(0, 1), new TextLoader.Range(1)])]);
        var missing = () => Load("1,2\n", [new TextLoader.Column { Name = "A" }]);

        overlapping.Should().Throw<ArgumentOutOfRangeException>();
        missing.Should().Throw<ArgumentOutOfRangeException>();
    }

    private IEnumerable<string> Texts(string text, bool hasHeader = false, bool allowQuoting = false) =>
        Load(text, [new("A", DataKind.String, 0)], hasHeader, allowQuoting).GetColumn<string>("A");

    private IDataView Load(
        string text, TextLoader.Column[] columns, bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false)
    {
        File.WriteAllText(_path, text);
        return _context.Data.LoadFromTextFile(
            _path, columns, separatorChar: ',', hasHeader: hasHeader, allowQuoting: allowQuoting, trimWhitespace: trimWhitespace);
    }
}
