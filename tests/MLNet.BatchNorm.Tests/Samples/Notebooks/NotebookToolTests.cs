using System.Text.Json.Nodes;
using MLNet.BatchNorm.Notebooks;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>The tool that runs notebooks and turns them into programs.</summary>
public sealed class NotebookToolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Cells_see_what_earlier_cells_declared_and_outputs_keep_their_order()
    {
        var outputs = await NotebookRunner.Run(Create("using System;", "int n = 2;", """Console.Write(n); Console.WriteLine("!"); display(HTML("<b/>")); Console.WriteLine(n + 1);"""));

        outputs[1].Should().BeEmpty();
        outputs[2].Should().Equal(new CellOutput("text/plain", "2!\n"), new CellOutput("text/html", "<b/>"), new CellOutput("text/plain", "3\n"));
    }

    [Fact]
    public async Task Outputs_survive_saving_and_loading()
    {
        var notebook = Create("using System;", "Console.WriteLine(\"a\\nb\"); display(HTML(\"<b>\\n</b>\"));");
        var outputs = await NotebookRunner.Run(notebook);
        notebook.CodeCells[1].SetOutputs(2, outputs[1]);
        notebook.Save();

        Notebook.Load(notebook.Path).CodeCells[1].Outputs.Should().Equal(outputs[1]);
        Notebook.Load(notebook.Path).CodeCells[0].Outputs.Should().BeEmpty();
    }

    [Fact]
    public async Task A_failing_cell_is_named() =>
        (await FluentActions.Awaiting(() => NotebookRunner.Run(Create("int n = 2;", "int zero = 0;", "n /= zero;"))).Should().ThrowAsync<InvalidOperationException>())
            .WithMessage("test, code cell 3:*divide by zero*n /= zero;*").WithInnerException<DivideByZeroException>();

    [Fact]
    public async Task An_unknown_package_is_named() =>
        (await FluentActions.Awaiting(() => NotebookRunner.Run(Create("#r \"nuget: Some.Package\""))).Should().ThrowAsync<ArgumentException>())
            .WithMessage("*Some.Package*");

    [Fact]
    public void A_program_has_usings_first_types_last_and_text_as_comments()
    {
        string program = FileBasedApp.Generate(Create("#r \"nuget: MLNet.BatchNorm\"\nusing System.Linq;\nclass C\n{\n}\n\nint n = 2;", "// Why.\nn++;"));

        program.Should().Contain("using System.Linq;").And.NotContain("#r").And.EndWith("int n = 2;\n\n// Why.\nn++;\n\nclass C\n{\n}\n");
        FileBasedApp.Generate(Create([("markdown", "# Title\n\ntext"), ("code", "int n = 2;")])).Should().EndWith("// # Title\n//\n// text\n\nint n = 2;\n");
    }

    [Theory]
    [InlineData("int n = 2;\nn", "*'n'*")]
    [InlineData("int n = ;", "*CS1525*")]
    public void A_cell_that_would_not_do_in_a_program_is_refused(string source, string message) =>
        FluentActions.Invoking(() => FileBasedApp.Generate(Create(source))).Should().Throw<InvalidOperationException>().WithMessage(message);

    [Theory]
    [InlineData("loss 0.123", "loss 0.124", true)]
    [InlineData("loss 0.123", "loss 0.125", false)]
    [InlineData("loss 1234.5", "loss 1235.6", true)]
    [InlineData("loss 1234.5", "loss 1236.5", false)]
    [InlineData("loss 2.4E9", "loss 2.5E9", true)]
    [InlineData("loss 2.4E9", "loss 2.4E8", false)]
    [InlineData("loss 0.123", "loss diverged", false)]
    [InlineData("loss 0.123", "loss -0.123", false)]
    [InlineData("loss 5 of L2", "loss 5 of L1", false)]
    [InlineData("a   1", "a 1", true)]
    public void Outputs_are_compared_up_to_rounding(string saved, string actual, bool alike) =>
        OutputComparison.TextDifferences(saved, actual, tolerance: 0).Any().Should().Be(!alike);

    private Notebook Create(params string[] sources) => Create([.. sources.Select(source => ("code", source))]);

    private Notebook Create((string Type, string Source)[] cells)
    {
        string path = Path.Combine(_folder.FullName, "test.ipynb");
        var json = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select(cell => new JsonObject { ["cell_type"] = cell.Type, ["source"] = cell.Source })]),
        };
        File.WriteAllText(path, json.ToJsonString());
        return Notebook.Load(path);
    }
}
