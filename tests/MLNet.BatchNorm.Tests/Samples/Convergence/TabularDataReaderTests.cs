using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

public sealed class TabularDataReaderTests
{
    [Fact]
    public void Fields_may_be_quoted_and_lines_may_end_in_any_way()
    {
        var table = CsvTable.Parse("t.csv", "a,\"b, c\"\r\n1,\"say \"\"two\"\"\"\r\n\n3,\"over\ntwo lines\"\n5,six");

        table.Columns.Should().Equal("a", "b, c");
        table.Rows.Select(row => row[1]).Should().Equal("say \"two\"", "over\ntwo lines", "six");
        table.LineNumbers.Should().Equal(2, 4, 6);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "line 3: 1 fields where the header has 2")]
    [InlineData("a,b\n1,\"2\n", "line 2: a quote is opened and never closed")]
    [InlineData("a,a\n1,2\n", "two columns named 'a'")]
    [InlineData("", "is empty")]
    public void A_file_that_is_no_table_is_told_so_with_its_line(string text, string message)
    {
        var parse = () => CsvTable.Parse("t.csv", text);

        parse.Should().Throw<StudyInputException>().WithMessage($"*{message}*");
    }

    [Theory]
    [InlineData("0 1", LearningTask.Binary)]
    [InlineData("yes no", LearningTask.Binary)]
    [InlineData("a b c", LearningTask.Multiclass)]
    [InlineData("3 4 5 6", LearningTask.Multiclass)]
    [InlineData("0.5 1.5 2.5 3.5", LearningTask.Regression)]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21", LearningTask.Regression)]
    public void The_task_follows_from_the_label(string labels, LearningTask task) =>
        Read(labels.Split(' '), null).Task.Should().Be(task);

    [Fact]
    public void Classes_are_numbered_in_the_order_of_their_values()
    {
        var data = Read(["10", "9", "9", "10"], null);

        data.ClassNames.Should().Equal("9", "10");
        data.Labels.Take(4).Should().Equal(1, 0, 0, 1);
    }

    [Theory]
    [InlineData("a b c", LearningTask.Binary, "3 different labels*--task multiclass")]
    [InlineData("0.1 0.2 0.3", LearningTask.Binary, "3 different labels*--task regression")]
    [InlineData("a b", LearningTask.Multiclass, "only two different labels*--task binary")]
    [InlineData("1 2 x", LearningTask.Regression, "line 4*'x' is not a number")]
    [InlineData("1", LearningTask.Binary, "every row has the label '1'")]
    [InlineData("7", LearningTask.Regression, "every row has the target 7")]
    public void A_label_that_does_not_suit_the_task_is_an_error_that_says_what_to_do(string labels, LearningTask task, string message)
    {
        var read = () => Read(labels.Split(' '), task);

        read.Should().Throw<StudyInputException>().WithMessage($"*{message}*");
    }

    [Fact]
    public void What_cannot_be_used_is_left_out_and_named()
    {
        var lines = Enumerable.Range(0, 24).Select(i => $"{i},text{i},7,{(i == 3 ? "" : i * i)},{i % 2}");

        var data = TabularDataReader.FromTable(CsvTable.Parse("t.csv", "x,name,constant,square,y\n" + string.Join('\n', lines)), "y", null);

        data.FeatureNames.Should().Equal("x", "square");
        data.Rows.Should().HaveCount(23);
        data.Rows[3].Should().Equal(4, 16);
        data.Notes.Should().HaveCount(3)
            .And.Contain(note => note.Contains("not numeric: name"))
            .And.Contain(note => note.Contains("1 of 24 rows"))
            .And.Contain(note => note.Contains("same value: constant"));
    }

    [Theory]
    [InlineData("oops")]
    [InlineData("1e99")]
    [InlineData("Infinity")]
    public void A_value_that_is_no_finite_number_is_an_error_with_its_place(string value)
    {
        var lines = Enumerable.Range(0, 24).Select(i => $"{(i == 5 ? value : i)},{i % 2}");
        var read = () => TabularDataReader.FromTable(CsvTable.Parse("t.csv", "x,y\n" + string.Join('\n', lines)), "y", null);

        read.Should().Throw<StudyInputException>().WithMessage($"'t.csv', line 7, column 'x': '{value}' is not a finite number*");
    }

    [Fact]
    public void Too_few_rows_are_an_error()
    {
        var read = () => TabularDataReader.FromTable(CsvTable.Parse("t.csv", "x,y\n1,0\n2,1\n"), "y", null);

        read.Should().Throw<StudyInputException>().WithMessage("*2 complete rows*");
    }

    [Fact]
    public void A_split_keeps_every_row_once_and_every_class_its_share()
    {
        var data = ShippedData.Load("wine");

        var (training, test) = data.Split(0.2, seed: 1);
        var (_, again) = data.Split(0.2, seed: 1);

        (training.Rows.Length + test.Rows.Length).Should().Be(178);
        training.Rows.Concat(test.Rows).Distinct().Should().HaveCount(178);
        // 59, 71 and 48 rows: a fifth of each.
        test.Labels.GroupBy(label => label).OrderBy(group => group.Key).Select(group => group.Count()).Should().Equal(12, 14, 10);
        again.Rows.Should().Equal(test.Rows);
    }

    // Three columns and labels repeated until there are enough rows.
    private static TabularData Read(string[] labels, LearningTask? task)
    {
        var rows = Enumerable.Range(0, 60).Select(i => $"{i % 7},{i % 5},{labels[i % labels.Length]}");
        return TabularDataReader.FromTable(CsvTable.Parse("t.csv", "p,q,label\n" + string.Join('\n', rows)), "label", task);
    }
}
