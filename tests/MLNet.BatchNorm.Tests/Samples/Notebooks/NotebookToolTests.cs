using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Documents;
using MLNet.BatchNorm.Notebooks;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>The tool that runs notebooks: what it saves, and which package the cells get.</summary>
public sealed class NotebookToolTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mlnet-batchnorm-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Outputs_are_saved_in_order_up_to_the_cell_that_fails()
    {
        string path = Write(
            "int n = 2;",
            "Console.Write(n); Console.WriteLine(\"!\"); display(HTML(\"<b>\\n</b>\")); Console.WriteLine(n + 1); Console.Error.WriteLine(\"oh\");",
            "display(HTML(\"again\"));",
            "n + 1",
            "int zero = 0;\nn /= zero;",
            "Console.WriteLine(\"never\");");

        var (exitCode, output) = await NotebookTool.Run(_root.FullName, "execute", "--no-pack", path);

        exitCode.Should().Be(1);
        output.Should().Contain("test, code cell 5: ").And.Contain("divide by zero").And.Contain("n /= zero;");
        var cells = NotebookFile.Load(path).CodeCells;
        cells.Select(cell => cell.ExecutionOrder).Should().Equal(1, 2, 3, 4, 5, 0);
        cells[0].Outputs.Should().BeEmpty();
        CellOutputText.Of(cells[1]).Should().Equal(new("stdout", "2!\n"), new("text/html", "<b>\n</b>"), new("stdout", "3\n"), new("stderr", "oh\n"));
        CellOutputText.Of(cells[2]).Should().Equal(new CellOutputText("text/html", "again"));
        cells[3].Outputs.Should().ContainSingle().Which.Should().BeOfType<ReturnValueElement>().Which.ExecutionOrder.Should().Be(4);
        cells[4].Outputs.Should().ContainSingle().Which.Should().BeOfType<ErrorElement>().Which.ErrorValue.Should().Contain("divide by zero");
        cells[5].Outputs.Should().BeEmpty();
    }

    [Fact]
    public async Task The_library_is_packed_anew_and_no_cache_gives_an_older_one_of_the_same_version()
    {
        string path = Write(
            ShippedNotebooks.Load("lesson").CodeCells[0].Contents,
            "#r \"nuget: MLNet.BatchNorm\"",
            "Console.WriteLine(Library.Answer);");
        var library = _root.CreateSubdirectory("src/MLNet.BatchNorm");
        await File.WriteAllTextAsync(Path.Combine(library.FullName, "MLNet.BatchNorm.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Version>0.1.0</Version>
              </PropertyGroup>
            </Project>
            """);
        foreach (int answer in new[] { 41, 42 })
        {
            await File.WriteAllTextAsync(Path.Combine(library.FullName, "Library.cs"), $"public static class Library {{ public static int Answer => {answer}; }}");

            var (exitCode, output) = await NotebookTool.Run(_root.FullName, "execute", path);

            exitCode.Should().Be(0, output);
            CellOutputText.Of(NotebookFile.Load(path).CodeCells[2]).Should().Equal(new CellOutputText("stdout", $"{answer}\n"));
        }
    }

    [Fact]
    public async Task Where_no_source_holds_the_package_the_first_cell_says_what_to_do()
    {
        string path = Write([.. ShippedNotebooks.Load("lesson").CodeCells.Select(cell => cell.Contents)]);

        var (exitCode, output) = await NotebookTool.Run(_root.FullName, "execute", "--no-pack", path);

        exitCode.Should().Be(1);
        output.Should().Contain("test, code cell 2: ").And.Contain("NU1101");
        var cells = NotebookFile.Load(path).CodeCells;
        string said = CellOutputText.Of(cells[0]).Should().ContainSingle().Which.Text;
        said.Should().Contain("NU1101").And.Contain("\n    dotnet pack src/MLNet.BatchNorm -c Release --output artifacts/packages\n").And.Contain("run this cell and the next one again")
            .And.Contain(Path.Combine(_root.FullName, "artifacts", "packages"));
        cells[1].Outputs.Should().ContainSingle().Which.Should().BeOfType<ErrorElement>().Which.ErrorValue.Should().Contain("NU1101");
    }

    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("generate --no-pack")]
    [InlineData("execute --unknown")]
    public async Task Other_words_get_the_usage(string words)
    {
        var (exitCode, output) = await NotebookTool.Run(_root.FullName, words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        exitCode.Should().Be(2);
        output.Should().Contain("Usage: dotnet run --project eng/notebooks -- COMMAND");
    }

    /// <summary>A notebook test.ipynb of code cells, where the shipped ones stand.</summary>
    private string Write(params string[] sources)
    {
        string path = Path.Combine(_root.CreateSubdirectory("samples/notebooks").FullName, "test.ipynb");
        var cells = sources.Select(source => new JsonObject
        {
            ["cell_type"] = "code",
            ["metadata"] = new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = "csharp" } },
            ["source"] = source,
        });
        File.WriteAllText(path, new JsonObject { ["cells"] = new JsonArray([.. cells]) }.ToJsonString());
        return path;
    }
}
