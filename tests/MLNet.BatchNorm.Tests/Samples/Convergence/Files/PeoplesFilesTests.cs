using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Data.Files;

namespace MLNet.BatchNorm.Tests.Samples.Convergence.Files;

public sealed class PeoplesFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public static TheoryData<string> Names => [.. PeoplesFiles.All.Select(file => file.Name)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void There_are_forty_of_them() => PeoplesFiles.All.Select(file => file.Name).Distinct().Should().HaveCountGreaterThanOrEqualTo(40);

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_taken_for_what_it_is(string name)
    {
        var file = PeoplesFiles.All.Single(candidate => candidate.Name == name);

        var data = Read(file.FileName, file.Bytes, "label");

        data.Task.Should().Be(file.Task);
        data.ClassNames.Should().HaveCount(2);
        data.FeatureNames.Should().Equal(file.Features);
        data.Rows.Length.Should().BeInRange(30, 31);
        data.Rows[0].Should().Equal(file.First, (one, other) => Math.Abs(one - other) <= 1e-4f * Math.Abs(other));
        var said = string.Join("\n", [data.TakenFor, .. data.Notes]);
        foreach (var part in file.Says)
        {
            said.Should().Contain(part);
        }

        data.TakenFor.Should().NotContain("\n").And.Contain("label label: 2 classes");
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a,b\n1,\"2\n", "a quote is opened and never closed")]
    [InlineData("a,label\n1,yes\n2,no\n", "2 usable rows; at least 20 are needed")]
    [InlineData("PK\u0003\u0004rest of a workbook", "Excel workbook")]
    [InlineData("a,b\n1,2\n", "has no column 'label'. Its columns are: a, b.")]
    public void What_is_no_table_is_told_so(string text, string message)
    {
        var read = () => Read("mine.csv", System.Text.Encoding.UTF8.GetBytes(text), "label");

        read.Should().Throw<StudyInputException>().WithMessage($"*{message}*").Which.Message.Should().NotContain("\n");
    }

    [Theory]
    [InlineData("name,label", "n{0},{1}", "no column to learn from*looks like an id: name")]
    [InlineData("x,label", "{0},same", "every row has the label 'same'")]
    [InlineData("x,label", "{0},word{0}", "classes in 40 rows are too many")]
    public void What_nothing_can_be_learned_from_is_told_so(string header, string line, string message)
    {
        var rows = Enumerable.Range(0, 40).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, line, i * 7 % 40, i % 2));
        var read = () => Read("mine.csv", System.Text.Encoding.UTF8.GetBytes($"{header}\n{string.Join('\n', rows)}\n"), "label");

        read.Should().Throw<StudyInputException>().WithMessage($"*{message}*");
    }

    [Fact]
    public void A_file_of_zeros_is_no_table()
    {
        var read = () => Read("mine.csv", new byte[4096], "label");

        read.Should().Throw<StudyInputException>().WithMessage("*is not a text file*");
    }

    [Fact]
    public void A_damaged_Parquet_file_is_an_error_of_one_line()
    {
        var read = () => Read("mine.parquet", [.. "PAR1"u8, .. new byte[64], .. "PAR1"u8], "label");

        read.Should().Throw<StudyInputException>().WithMessage("*cannot be read*").Which.Message.Should().NotContain("\n");
    }

    [Fact]
    public void What_the_user_says_counts_more_than_what_the_file_looks_like()
    {
        // Half of the lines have a comma in the first field: it could be the separator.
        var text = "a,b;n;label\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i * 7 % 30},5;1.{i * 11 % 30:000};{i % 2}\n"));
        var data = Read("mine.csv", System.Text.Encoding.UTF8.GetBytes(text), "label", new FileHints { Separator = ';', DecimalSeparator = ',' });

        data.FeatureNames.Should().Equal("a,b", "n");
        data.Rows[1].Should().Equal(7.5f, 1011f);
        Read("mine.csv", System.Text.Encoding.UTF8.GetBytes(text), "label", new FileHints { Separator = ';', DecimalSeparator = ',', Ignore = ["n"] }).FeatureNames.Should().Equal("a,b");
    }

    [Fact]
    public void Rows_with_missing_cells_are_dropped_only_when_asked()
    {
        var text = System.Text.Encoding.UTF8.GetBytes("x,z,label\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{(i % 10 == 0 ? "" : i)},{i * i % 7},{i % 2}\n")));

        Read("mine.csv", text, "label").Rows.Should().HaveCount(30);
        var dropped = Read("mine.csv", text, "label", new FileHints { DropIncompleteRows = true });
        dropped.Rows.Should().HaveCount(27);
        dropped.Notes.Should().Contain("3 of 30 rows left out: a cell is missing.");
    }

    [Fact]
    public void Lines_that_are_too_long_are_left_out_and_counted_and_short_ones_filled()
    {
        var text = "x,z,label\n" + string.Concat(Enumerable.Range(0, 40).Select(i => i == 7 ? "1,2,3,4\n" : i == 9 ? "8\n" : $"{i * 3 % 40},{i * i % 7},{i % 2}\n"));
        var data = Read("mine.csv", System.Text.Encoding.UTF8.GetBytes(text), "label");

        data.Rows.Should().HaveCount(38);
        data.Notes.Should().Contain(note => note.StartsWith("1 line left out, the first of them line 9", StringComparison.Ordinal))
            .And.Contain("1 of 39 rows left out: the label is missing.");
    }

    [Fact]
    public void A_file_without_a_header_has_numbered_columns()
    {
        var text = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i * 3 % 40},{i * i % 7},{i % 2}\n"));
        var data = Read("mine.csv", System.Text.Encoding.UTF8.GetBytes(text), "column3");

        data.Rows.Should().HaveCount(40);
        data.FeatureNames.Should().Equal("column1", "column2");
        data.TakenFor.Should().Contain("no header");
    }

    [Fact]
    public void A_header_of_years_is_a_header_when_the_label_is_one_of_them()
    {
        var text = "2024,2025,2026\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i * 3 % 40},{i * i % 7},{i % 2}\n"));

        Read("mine.csv", System.Text.Encoding.UTF8.GetBytes(text), "2026").FeatureNames.Should().Equal("2024", "2025");
    }

    [Fact]
    public void A_path_with_brackets_is_read_as_it_is_and_columns_of_one_name_are_told_apart()
    {
        var text = "x,x,label\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i * 7 % 30},{i * i % 7},{i % 2}\n"));

        Read("mine [1].csv", System.Text.Encoding.UTF8.GetBytes(text), "label").FeatureNames.Should().Equal("x", "x_2");
    }

    [Fact]
    public void Of_two_thousand_columns_those_that_go_with_the_label_are_kept_and_it_says_so()
    {
        var random = new Random(1);
        var header = string.Join(',', Enumerable.Range(0, 2000).Select(i => $"g{i}")) + ",label\n";
        var rows = Enumerable.Range(0, 120).Select(i => string.Join(',', Enumerable.Range(0, 2000).Select(j => FormattableString.Invariant($"{random.NextDouble() + (j == 1234 ? i % 2 : 0):F4}"))) + $",{i % 2}\n");
        var data = Read("mine.csv", System.Text.Encoding.UTF8.GetBytes(header + string.Concat(rows)), "label");

        data.FeatureCount.Should().Be(120);
        data.FeatureNames.Should().Contain("g1234");
        data.Notes.Should().ContainSingle(note => note.StartsWith("Of 2000 features, the 120 that go most with the label are studied", StringComparison.Ordinal));
    }

    private TabularData Read(string name, byte[] bytes, string label, FileHints? hints = null)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return TabularDataReader.Read(path, label, task: null, hints);
    }
}
