using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MLNet.BatchNorm.Notebooks;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>Every notebook also stands as one C# file, made from its cells.</summary>
public sealed class FileBasedAppTests
{
    // A package that was built against an older version of an assembly: not worth a warning, and the SDK gives none either.
    private static readonly KeyValuePair<string, ReportDiagnostic>[] UnifiedReferences =
        [new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)];

    public static TheoryData<string> Names => [.. ShippedNotebooks.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_file_is_what_its_notebook_generates(string name) =>
        ShippedNotebooks.ReadApp(name).Should().Be(FileBasedApp.Generate(ShippedNotebooks.Load(name)), "samples/notebooks/README.md says how to generate it again");

    [Theory]
    [MemberData(nameof(Names))]
    public void The_file_compiles(string name) => Compile(name).Should().NotBeEmpty();

    // The others take longer, and are made of the same cells in the same way.
    [Theory]
    [InlineData("lesson")]
    [InlineData("pipeline")]
    public async Task The_program_prints_what_the_notebook_does(string name)
    {
        string program = Path.Combine(AppContext.BaseDirectory, $"{name}-{Guid.NewGuid():N}.dll");
        await File.WriteAllBytesAsync(program, Compile(name));
        try
        {
            var (exitCode, output, errors) = await SampleProcess.RunBesideTests(program);

            exitCode.Should().Be(0, errors);
            string printed = string.Concat(output.Split('\n').Where(line => !line.StartsWith("[plot ", StringComparison.Ordinal)).Select(line => $"{line}\n"));
            var saved = ShippedNotebooks.Load(name).CodeCells.SelectMany(CellOutputText.Of).Where(text => text.Kind == CellOutputText.Printed);
            OutputComparison.TextDifferences(string.Concat(saved.Select(text => text.Text)).Trim(), printed.Trim(), tolerance: 0).Should().BeEmpty();
        }
        finally
        {
            File.Delete(program);
        }
    }

    [Fact]
    public void A_program_has_usings_first_types_last_and_text_as_comments()
    {
        string program = Generate(
            ("code", "#r \"nuget: MLNet.BatchNorm\"\n#r \"nuget: Microsoft.ML, 5.0.1\"\nusing System.Linq;\nclass C\n{\n}\n\nint n = 2;"),
            ("code", "// Why.\nn++;"));

        program.Should().Contain("using System.Linq;").And.Contain("by: #:package MLNet.BatchNorm@* and #:package Microsoft.ML@5.0.1\n").And.NotContain("#r")
            .And.EndWith("int n = 2;\n\n// Why.\nn++;\n\nclass C\n{\n}\n");
        Generate(("markdown", "# Title\n\ntext"), ("code", "int n = 2;")).Should().EndWith("// # Title\n//\n// text\n\nint n = 2;\n");
    }

    [Fact]
    public void A_cell_for_notebooks_only_is_left_out() =>
        Generate(("code", "int n = 2;"), ("notebook-only", "using Microsoft.DotNet.Interactive;\nKernel.Root.ToString();"), ("code", "n++;"))
            .Should().EndWith("\n\nint n = 2;\n\nn++;\n").And.NotContain("Interactive");

    [Theory]
    [InlineData("int n = 2;\nn", "*'n'*")]
    [InlineData("int n = ;", "*CS1525*")]
    public void A_cell_that_would_not_do_in_a_program_is_refused(string source, string message) =>
        FluentActions.Invoking(() => Generate(("code", source))).Should().Throw<InvalidOperationException>().WithMessage(message);

    private static string Generate(params (string Kind, string Source)[] cells)
    {
        var json = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select(cell => new JsonObject
            {
                ["cell_type"] = cell.Kind == "markdown" ? "markdown" : "code",
                ["metadata"] = cell.Kind == "notebook-only" ? new JsonObject { ["tags"] = new JsonArray("notebook-only") } : new JsonObject(),
                ["source"] = cell.Source,
            })]),
        };
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json.ToJsonString());
            return FileBasedApp.Generate(NotebookFile.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Compile(string name)
    {
        // Lines such as #:project are allowed in file-based apps only.
        var options = new CSharpParseOptions(LanguageVersion.Latest).WithFeatures([new("FileBasedProgram", "true")]);
        var compilation = CSharpCompilation.Create(
            $"{name}-app",
            [CSharpSyntaxTree.ParseText(ShippedNotebooks.ReadApp(name), options)],
            References(),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, specificDiagnosticOptions: UnifiedReferences));
        using var assembly = new MemoryStream();
        compilation.Emit(assembly).Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Should().BeEmpty();
        return assembly.ToArray();
    }

    // What the library's project brings along: .NET, ML.NET and itself.
    private static IEnumerable<MetadataReference> References() =>
        from path in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        let name = Path.GetFileNameWithoutExtension(path)
        where name is "netstandard" or "MLNet.BatchNorm" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.ML.", StringComparison.Ordinal)
        select MetadataReference.CreateFromFile(path);
}
