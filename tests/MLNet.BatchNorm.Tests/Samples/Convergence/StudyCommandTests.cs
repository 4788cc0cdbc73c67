using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MLNet.BatchNorm.Convergence.CommandLine;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

public sealed class StudyCommandTests : IDisposable
{
    private static readonly string Program = typeof(StudyCommand).Assembly.Location;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("no-such-file.csv", "--data", "no-such-file.csv", "--label", "y")]
    [InlineData("no column 'z'*x, y", "--data", "FILE", "--label", "z")]
    [InlineData("--label", "--data", "FILE")]
    [InlineData("--data", "--label", "y")]
    [InlineData("no data set 'iris2'", "--only", "iris2")]
    [InlineData("where --task binary takes two", "--data", "FILE", "--label", "name", "--task", "binary")]
    [InlineData("The columns are: x,y,name.", "--data", "FILE", "--separator", "semicolon")]
    [InlineData("'klingon'", "--data", "FILE", "--label", "y", "--encoding", "klingon")]
    public async Task What_the_user_can_put_right_gets_one_line_and_exit_code_one(string message, params string[] arguments)
    {
        var (exitCode, _, errors) = await Run(arguments);

        exitCode.Should().Be(1);
        errors.Trim().Split('\n').Should().ContainSingle().Which.Should().Match($"error: *{message}*");
        Directory.Exists(Out).Should().BeFalse();
    }

    [Theory]
    [InlineData("--task", "ranking", "--task cannot be 'ranking'; expected binary|multiclass|regression.")]
    [InlineData("--seed", "many", "--seed cannot be 'many'; expected a whole number.")]
    [InlineData("--max-iterations", "-5", "--max-iterations must be from 10 to 1000000.")]
    [InlineData("--time-budget", "1", "--time-budget must be from 10 to 100000 seconds.")]
    [InlineData("--missing", "guess", "--missing cannot be 'guess'; expected fill|drop.")]
    [InlineData("--epochs", "1", "--epochs must be from 2 to 10000.")]
    [InlineData("--separator", "ab", "--separator cannot be 'ab'; expected one character, or its name (comma, semicolon, tab, pipe, space).")]
    [InlineData("--decimal", "x", "--decimal cannot be 'x'; expected one character, or its name (point, comma).")]
    [InlineData("--no-such-option", "1", "--no-such-option")]
    public async Task An_option_that_cannot_be_read_gets_one_line_and_exit_code_one(string option, string value, string message)
    {
        var (exitCode, _, errors) = await Run(option, value);

        exitCode.Should().Be(1);
        errors.Trim().Split('\n').Should().ContainSingle().Which.Should().StartWith("error: ").And.Contain(message);
    }

    [Fact]
    public async Task An_output_path_that_is_a_file_is_an_error()
    {
        await File.WriteAllTextAsync(Out, "in the way");

        var (exitCode, _, errors) = await Run("--only", "wine");

        exitCode.Should().Be(1);
        errors.Trim().Split('\n').Should().ContainSingle().Which.Should().Contain("is a file").And.Contain("--out");
    }

    [Fact]
    public async Task Help_explains_every_option()
    {
        var (exitCode, output, _) = await Run("--help");

        exitCode.Should().Be(0);
        output.Should().ContainAll("--data", "--label", "--task", "--only", "--out", "--seed", "--max-iterations", "--epochs", "--threads", "--separator", "--decimal", "--encoding", "--ignore", "--missing", "--time-budget");
    }

    [Fact]
    public async Task A_file_of_ones_own_is_studied_and_everything_is_written()
    {
        var (exitCode, output, errors) = await Run("--data", MakeFile(), "--label", "y", "--max-iterations", "10", "--epochs", "2", "--threads", "1");

        exitCode.Should().Be(0, errors);
        output.Should().Contain("Microsoft.ML 5.0.1.").And.Contain("The lesson's table").And.Contain("mine: taken for CSV, commas, UTF-8, header;").And.Contain("all 60 rows score the same").And.Contain("mine: epochs until");
        output.Split('\n').Should().AllSatisfy(line => line.Length.Should().BeLessThanOrEqualTo(80));
        output.Should().ContainAll("mine: 25 percent done\n", "mine: 100 percent done\n", "mine (networks): 100 percent done\n");
        errors.Should().BeEmpty();

        // Conclusions come last, and each says of what data it speaks.
        using var results = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Out, "results.json")));
        string[] conclusions = [.. results.RootElement.GetProperty("summary").EnumerateArray().Select(sentence => sentence.GetString()!)];
        conclusions.Should().HaveCountGreaterThan(10).And.AllSatisfy(sentence => sentence.Should().MatchRegex("^mine[:,]"));
        var end = output[output.IndexOf("timings.json.", StringComparison.Ordinal)..]["timings.json.".Length..];
        Unwrapped(end).Should().Be(Unwrapped(string.Join(' ', conclusions)));
        new DirectoryInfo(Out).GetFileSystemInfos().Select(file => file.Name).Should().BeEquivalentTo(
            "best-pipeline.zip", "curves.csv", "networks.csv", "report.html", "results.json", "timings.json");
    }

    [Fact]
    public async Task A_signal_ends_the_run_and_leaves_nothing_half_written()
    {
        if (OperatingSystem.IsWindows())
        {
            // Windows has no signal that one process could send another here.
            return;
        }

        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Program, "--max-iterations", "1000000", "--out", Out])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        // The lesson's table comes just before the measurements begin.
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync();
            line.Should().NotBeNull();
        }
        while (!line!.Contains("Salary", StringComparison.Ordinal));

        // TERM is handled as INT is, and unlike INT it is not ignored by the children of a job in the background.
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var end = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync();
        (await process.StandardError.ReadToEndAsync()).Trim().Should().Be("Cancelled; nothing was written.");
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(130);
        (await output).Should().NotContain("Written:");
        Directory.GetFileSystemEntries(Out).Should().BeEmpty();
    }

    private static string Unwrapped(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));

    private string Out => Path.Combine(_folder.FullName, "results");

    private Task<(int ExitCode, string Output, string Errors)> Run(params string[] arguments) =>
        SampleProcess.Run(Program, [.. arguments.Select(argument => argument == "FILE" ? MakeFile() : argument), "--out", Out]);

    private string MakeFile()
    {
        var path = Path.Combine(_folder.FullName, "mine.csv");
        File.WriteAllLines(path, ["x,y,name", .. Enumerable.Range(0, 60).Select(i => $"{i * 37 % 60},{(i * 37 % 60 > 25 + (i % 7) ? "yes" : "no")},n{i}")]);
        return path;
    }
}
