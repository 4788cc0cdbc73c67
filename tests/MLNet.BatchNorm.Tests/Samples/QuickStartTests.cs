using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Samples;

/// <summary>Runs each quick sample as a user does, and checks what it prints and writes.</summary>
public sealed partial class QuickStartTests
{
    private static readonly string Program = typeof(QuickStartTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "QuickStartPath").Value!;

    [Fact]
    public async Task Csv_writes_what_StandardScaler_of_scikit_learn_gives()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            string input = Path.Combine(AppContext.BaseDirectory, "data", "wine.csv");
            string output = Path.Combine(folder.FullName, "scaled.csv");

            string[] report = await Lines("csv", input, output);

            report[0].Should().StartWith("Feature").And.Contain("Std. deviation");
            report.Should().Contain(line => line.StartsWith("Features[proline]", StringComparison.Ordinal));
            report[^1].Should().StartWith("Written: ").And.EndWith("Train on that file.");
            string[] lines = await File.ReadAllLinesAsync(output);
            lines.Should().HaveCount(179);
            lines[0].Should().Be(File.ReadLines(input).First());
            // StandardScaler().fit_transform(X)[0] of scikit-learn 1.2.1, and the label.
            Numbers(lines[1]).ShouldBeClose(
                [1.518613, -0.5622498, 0.2320529, -1.169593, 1.913905, 0.8089974, 1.034819, -0.6595631, 1.224884, 0.2517169, 0.3621773, 1.84792, 1.013009, 0],
                2e-6);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Images_scales_each_channel_by_the_given_mean_and_deviation()
    {
        string[] lines = await Lines("images");

        // Whole numbers from low to low + 119, about equally likely: mean low + 59.5, variance (120^2 - 1) / 12.
        (double Low, double Mean, double Deviation)[] channels = [(100, 0.485, 0.229), (60, 0.456, 0.224), (20, 0.406, 0.225)];
        lines.Should().HaveCount(3);
        for (int channel = 0; channel < channels.Length; channel++)
        {
            (double low, double mean, double deviation) = channels[channel];
            double[] numbers = Numbers(lines[channel]);
            numbers[1..3].Should().Equal(mean, deviation);
            numbers[3].Should().BeApproximately((((low + 59.5) / 255) - mean) / deviation, 0.02);
            numbers[4].Should().BeApproximately(Math.Sqrt((14_400 - 1) / 12.0) / 255 / deviation, 0.005);
        }
    }

    [Fact]
    public async Task Daily_ends_where_one_fit_on_all_days_ends()
    {
        string[] lines = await Lines("daily");

        lines.Should().HaveCount(6);
        Numbers(lines[0]).Should().HaveElementAt(1, 10_000);
        lines[4].Should().StartWith("after day 5: 50000 rows");
        lines[5][lines[5].IndexOf(':', StringComparison.Ordinal)..].Should().Be(lines[4][lines[4].IndexOf(':', StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task Sixty_four_processes_count_what_one_pass_counts()
    {
        string[] lines = await Lines("shards", "64");

        lines[0].Should().StartWith("rows: 29 + 29 +").And.EndWith(" + 28 + 28 = 1797");
        lines[0].Count(character => character == '+').Should().Be(63);
        Numbers(lines[1]).Should().HaveCount(2).And.OnlyContain(difference => difference < 1e-12);
        Numbers(lines[2])[1].Should().Be(32 + (64 * 72));
    }

    [Fact]
    public async Task Parquet_fits_over_files_larger_than_its_memory_and_scores_in_SQL_as_in_ML_NET()
    {
        string sqlPath = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sql");
        try
        {
            string[] lines = await Lines("parquet", sqlPath);

            double[] sizes = Numbers(lines[0]);
            sizes[0].Should().Be(4);
            sizes[1].Should().BeGreaterThan(64);
            lines[0].Should().EndWith("DuckDB may take 64MB");
            lines.Should().Contain(line => line.StartsWith("Readings[7]", StringComparison.Ordinal) && line.Contains(" 2000000 ", StringComparison.Ordinal));
            lines[^1].Should().StartWith("largest difference between ML.NET and ");
            Numbers(lines[^1])[^1].Should().BeLessThan(1e-12);
            (await File.ReadAllTextAsync(sqlPath)).Should().StartWith("SELECT ").And.Contain("AS \"dust\"").And.Contain("read_parquet");
        }
        finally
        {
            File.Delete(sqlPath);
        }
    }

    [Fact]
    public async Task Threads_all_get_the_answers_of_one_thread()
    {
        string[] lines = await Lines("threads");

        lines[0].Should().StartWith("100000 single requests").And.EndWith(", 0 different from one thread's");
        lines[1].Should().Be("100 requests of 1000 rows, one model, 0 different from one thread's");
    }

    [Fact]
    public async Task Monitor_alarms_at_the_new_instrument_and_loses_no_request_to_the_update()
    {
        string[] lines = await Lines("monitor");

        lines[0].Should().Be("like the training data: no alarm, 2000 row(s) in the window");
        lines[1].Should().Be("from the new instrument: ALARM, 1 of 13 feature(s) have drifted from the data of the fit, in 2000 row(s).");
        lines[2].Should().MatchRegex(@"^Column 'Features', slot 0: the mean has moved by \+2\.\d+ standard deviations; .*the distribution has another shape: ");
        lines[3].Should().StartWith("after the update: no alarm");
        lines[^1].Should().Be("8000 of 8000 requests answered, 0 lost");
    }

    [Fact]
    public async Task Outliers_cost_the_other_scalings_more_of_the_test_metrics_than_the_robust_one()
    {
        string[] lines = await Lines("outliers");

        // Accuracy, strongly and weakly regularized, area under the curve likewise, largest scaled value.
        double[] minMax = Numbers(lines[1]);
        double[] standardized = Numbers(lines[2]);
        double[] robust = Numbers(lines[3]);
        robust[0].Should().BeGreaterThan(standardized[0] + 0.002, string.Join('\n', lines)).And.BeGreaterThan(minMax[0] + 0.1);
        robust[1].Should().BeGreaterThan(minMax[1] + 0.02);
        robust[2].Should().BeGreaterThan(standardized[2]).And.BeGreaterThan(minMax[2] + 0.02);
        Numbers(lines[5])[0].Should().BeLessThan(1e-5);
        Numbers(lines[6])[0].Should().BeLessThan(1e-4);
        Numbers(lines[7])[0].Should().BeApproximately(1, 0.01);
    }

    [Fact]
    public async Task Without_a_name_it_lists_the_samples()
    {
        var (exitCode, _, errors) = await SampleProcess.Run(Program);

        exitCode.Should().Be(1);
        errors.Should().ContainAll("csv", "images", "daily", "shards", "parquet", "threads", "monitor", "outliers");
    }

    private static async Task<string[]> Lines(params string[] arguments)
    {
        var (exitCode, output, errors) = await SampleProcess.Run(Program, arguments);
        exitCode.Should().Be(0, errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static double[] Numbers(string line) =>
        [.. Number().Matches(line).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"-?\d+(\.\d+)?([eE][-+]?\d+)?")]
    private static partial Regex Number();
}
