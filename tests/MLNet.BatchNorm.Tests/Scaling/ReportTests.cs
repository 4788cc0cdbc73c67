using Microsoft.ML;

namespace MLNet.BatchNorm.Tests.Scaling;

public class ReportTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void The_text_is_a_table_with_the_warnings_below()
    {
        var pipeline = _context.Transforms.Concatenate("Features", "Age", "Salary", "Constant").Append(_context.Transforms.Standardize("Features"));
        var data = _context.Data.LoadFromEnumerable<Person>(
        [
            new() { Age = 25, Salary = 35000 }, new() { Age = 30, Salary = 50000 }, new() { Age = float.NaN, Salary = 65000 }, new() { Age = 35, Salary = 50000 },
        ]);
        var report = pipeline.Fit(data).LastTransformer!.Report;

        report.ToString().Should().Be(
            """
            Feature             Count  Missing  Infinite   Mean  Std. deviation  Minimum  Maximum  Offset        Scale
            Features[Age]           3        1         0     30         4.08248       25       35      30     0.244949
            Features[Salary]        4        0         0  50000         10606.6    35000    65000   50000  9.42809E-05
            Features[Constant]      4        0         0      1               0        1        1       1            1
            Warning: Column 'Features': 1 of 3 slots (Age) have missing values (NaN), left out of the statistics and kept in the output.
            Warning: Column 'Features': 1 of 3 slots (Constant) have one and the same value in all rows: nothing to learn from.
            Warning: The standard deviations differ by a factor of 2.6E+03: from 4.08 ('Features'[Age]) to 1.06E+04 ('Features'[Salary]). Train on the scaled output, not on the input.

            """.ReplaceLineEndings("\n"));
        report.Features.Select(feature => (feature.ColumnName, feature.Slot, feature.SlotName)).Should().Equal(
            ("Features", 0, "Age"), ("Features", 1, "Salary"), ("Features", 2, "Constant"));
        report.Warnings.Select(warning => warning.Kind).Should().Equal(
            ScalingWarningKind.MissingValues, ScalingWarningKind.ConstantFeature, ScalingWarningKind.SpreadRatio);
    }

    [Fact]
    public void Infinite_values_that_were_left_out_are_reported()
    {
        var report = _context.Transforms.Standardize(Rows.Column, options: new() { Infinity = InfinityPolicy.LeaveOut })
            .Fit(Rows.Of<float>(_context, [[1], [float.NegativeInfinity], [2]])).Report;
        report.Warnings.Should().ContainSingle().Which.Should().Match<ScalingWarning>(warning =>
            warning.Kind == ScalingWarningKind.InfiniteValues && warning.Message == "Column 'Features' has infinite values, left out of the statistics and kept in the output.");
    }

    [Fact]
    public void Clean_data_give_no_warning()
    {
        _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of<float>(_context, [[1, 5], [2, 3]])).Report.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Wide_columns_are_cut_off_in_the_text_and_complete_in_the_list()
    {
        var report = _context.Transforms.ScaleMinMax(Rows.Column).Fit(Rows.Of(_context, Rows.ToSingle(Rows.Random(3, 70, seed: 2)))).Report;
        report.Features.Should().HaveCount(70);
        report.ToString().Should().Contain("Features[49]").And.NotContain("Features[50]").And.Contain("... and 20 more features");
        report.ToString(70).Should().Contain("Features[69]").And.NotContain("more features");
        report.Invoking(r => r.ToString(-1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Warnings_go_to_the_log_of_the_context_too()
    {
        var messages = new List<string>();
        _context.Log += (_, entry) => messages.Add(entry.Message);
        _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of<float>(_context, [[1, 5], [2, 5], [float.NaN, 5]]));

        messages.Should().Contain(message => message.Contains("Standardization") && message.Contains("Fitted 2 feature(s) in 1 column(s) on 3 row(s)."));
        messages.Should().Contain(message => message.Contains("Warning") && message.Contains("1 of 2 slots (0) have missing values"));
        messages.Should().Contain(message => message.Contains("Warning") && message.Contains("1 of 2 slots (1) have one and the same value"));
    }

    private sealed class Person
    {
        public float Age { get; set; }

        public float Salary { get; set; }

        public float Constant { get; set; } = 1;
    }
}
