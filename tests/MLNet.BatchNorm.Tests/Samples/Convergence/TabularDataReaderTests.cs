using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Data.Files;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

public sealed class TabularDataReaderTests
{
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
    [InlineData("1 2 x", LearningTask.Regression, "'x' is not a number")]
    [InlineData("1", LearningTask.Binary, "every row has the label '1'")]
    [InlineData("7", LearningTask.Regression, "every row has the target 7")]
    public void A_label_that_does_not_suit_the_task_is_an_error_that_says_what_to_do(string labels, LearningTask task, string message)
    {
        var read = () => Read(labels.Split(' '), task);

        read.Should().Throw<StudyInputException>().WithMessage($"*{message}*");
    }

    [Fact]
    public void Cells_that_are_no_finite_numbers_count_as_missing_and_are_named()
    {
        var data = Read(i => [i is 3 or 4 ? (i == 3 ? "oops" : "1e999") : $"{i * 7 % 24}", $"{i * i % 5}", $"{i % 2}"], 24);

        data.Rows.Should().HaveCount(24);
        data.Notes.Should().Contain("2 cells of p cannot be read as numbers and count as missing, 'oops' the first of them.")
            .And.Contain(note => note.StartsWith("2 missing cells filled", StringComparison.Ordinal));
        // 0 + 1 + ... + 23 without 21 and 4, over 22.
        data.Rows[3][0].Should().BeApproximately(251 / 22f, 1e-5f);
    }

    [Fact]
    public void A_column_that_counts_the_rows_is_left_out_unless_there_is_nothing_else()
    {
        Read(i => [$"{i + 1}", $"{i * i % 5}", $"{i % 2}"], 24).FeatureNames.Should().Equal("q");
        Read(i => [$"{i + 1}", "7", $"{i % 2}"], 24).FeatureNames.Should().Equal("p");
    }

    [Fact]
    public void Large_whole_numbers_are_told_apart()
    {
        var data = Read(i => [$"{20_000_000_000 + (i * 7 % 24)}", "1", $"{i % 2}"], 24);

        data.Rows.Select(row => row[0]).Take(3).Should().Equal(0, 7, 14);
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
    private static TabularData Read(string[] labels, LearningTask? task) => Read(i => [$"{i % 7}", $"{i % 5}", labels[i % labels.Length]], 60, task);

    private static TabularData Read(Func<int, string[]> row, int count, LearningTask? task = null) => TabularDataReader.FromTable(
        new FileTable("t.csv", "CSV", ["p", "q", "label"], [.. Enumerable.Range(0, count).Select(row)], []), "label", task, new FileHints());
}
