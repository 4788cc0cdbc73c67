using System.Text.RegularExpressions;
using MLNet.BatchNorm.Notebooks;
using MLNet.BatchNorm.Tests.Packaging;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>Every cell of every notebook runs, in order, in .NET Interactive's kernel and with the package, and gives what is saved with it.</summary>
[Collection(PackedLibrary.Tests)]
public sealed class NotebookTests(ExecutedNotebooks executed) : IClassFixture<ExecutedNotebooks>
{
    public static TheoryData<string> Names => [.. ShippedNotebooks.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Cells_give_the_outputs_that_are_saved_with_them(string name)
    {
        var saved = ShippedNotebooks.Load(name).CodeCells;
        var made = executed.Load(name).CodeCells;

        saved.Zip(made).SelectMany((pair, index) =>
            OutputComparison.Differences(pair.First, pair.Second).Select(difference => $"code cell {index + 1}: {difference}")).Should().BeEmpty();
        made.Select(cell => cell.ExecutionOrder).Should().Equal(Enumerable.Range(1, saved.Count)).And.Equal(saved.Select(cell => cell.ExecutionOrder));
        made.Sum(cell => cell.Outputs.Count).Should().BeGreaterThan(5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_file_is_as_the_tool_and_Jupyter_save_it(string name) =>
        ShippedNotebooks.Load(name).ToJson().Should().Be(File.ReadAllText(ShippedNotebooks.Load(name).Path));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_packages_are_the_library_and_those_that_the_repository_is_built_against(string name)
    {
        string[] lines = ShippedNotebooks.Load(name).CodeCells[1].Contents.Split('\n');
        string versions = File.ReadAllText(Path.Combine(DotnetCommand.RepositoryRoot, "Directory.Packages.props"));
        string Directive(string package) => $"#r \"nuget: {package}, {Regex.Match(versions, $"\"{package}\" Version=\"([^\"]+)\"").Groups[1].Value}\"";

        lines.Where(line => line.StartsWith('#')).Should().Equal(
            "#r \"nuget: MLNet.BatchNorm\"", Directive("Microsoft.ML"), Directive("Plotly.NET.CSharp"), Directive("Plotly.NET.Interactive"));
    }

    // A chart's data are in the notebook, plotly.js (3 MB) is not.
    [Theory]
    [MemberData(nameof(Names))]
    public void A_notebook_has_charts_and_stays_small(string name)
    {
        var notebook = ShippedNotebooks.Load(name);

        notebook.CodeCells.SelectMany(CellOutputText.Of).Should().Contain(output => ChartComparison.IsChart(output));
        new FileInfo(notebook.Path).Length.Should().BeLessThan(250_000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Package_source_and_helpers_are_the_same_in_all_notebooks(string name)
    {
        foreach (int cell in new[] { 0, 2 })
        {
            ShippedNotebooks.Load(name).CodeCells[cell].Contents.Should().Be(ShippedNotebooks.Load("lesson").CodeCells[cell].Contents);
        }
    }

    [Fact]
    public void Links_lead_somewhere() =>
        ShippedNotebooks.Names.SelectMany(name => ShippedNotebooks.Load(name).Cells).Where(cell => !cell.IsCode())
            .SelectMany(cell => Regex.Matches(cell.Contents, @"\]\(([^)]+)\)")).Select(match => match.Groups[1].Value)
            .Should().OnlyContain(target => ShippedNotebooks.Exists(target));
}
