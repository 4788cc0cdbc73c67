using System.Text.RegularExpressions;
using MLNet.BatchNorm.Notebooks;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>Every cell of every notebook runs, in order, and gives what is saved with it.</summary>
public sealed class NotebookTests
{
    public static TheoryData<string> Names => [.. ShippedNotebooks.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Cells_give_the_outputs_that_are_saved_with_them(string name)
    {
        var notebook = ShippedNotebooks.Load(name);

        var outputs = await NotebookRunner.Run(notebook);

        notebook.CodeCells.Zip(outputs).SelectMany((pair, index) =>
            OutputComparison.Differences(pair.First, pair.Second).Select(difference => $"code cell {index + 1}: {difference}")).Should().BeEmpty();
        outputs.Sum(outputs => outputs.Count).Should().BeGreaterThan(5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_file_is_as_the_tool_saves_it(string name) =>
        ShippedNotebooks.Load(name).ToJson().Should().Be(File.ReadAllText(ShippedNotebooks.Load(name).Path));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_first_cell_asks_for_the_packages(string name) =>
        PackageDirectives.PackagesOf(ShippedNotebooks.Load(name)).Should().Equal("MLNet.BatchNorm", "Microsoft.ML");

    [Theory]
    [MemberData(nameof(Names))]
    public void Helpers_are_the_same_in_all_notebooks(string name) =>
        ShippedNotebooks.Load(name).CodeCells[1].Source.Should().Be(ShippedNotebooks.Load("lesson").CodeCells[1].Source);

    [Fact]
    public void Links_lead_somewhere() =>
        ShippedNotebooks.Names.SelectMany(name => ShippedNotebooks.Load(name).Cells).Where(cell => !cell.IsCode)
            .SelectMany(cell => Regex.Matches(cell.Source, @"\]\(([^)]+)\)")).Select(match => match.Groups[1].Value)
            .Should().OnlyContain(target => ShippedNotebooks.Exists(target));
}
