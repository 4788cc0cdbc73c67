using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MLNet.BatchNorm.Notebooks;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>Every notebook also stands as one C# file, made from its cells.</summary>
public sealed partial class FileBasedAppTests
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
    [InlineData("lesson", "charts.html")]
    [InlineData("pipeline", null)]
    public async Task The_program_prints_the_text_and_what_the_cells_print_and_draws_the_charts_where_asked(string name, string? page)
    {
        var folder = Directory.CreateTempSubdirectory("mlnet-batchnorm-");
        string program = Path.Combine(AppContext.BaseDirectory, $"{name}-{Guid.NewGuid():N}.dll");
        await File.WriteAllBytesAsync(program, Compile(name));
        try
        {
            string? path = page is null ? null : Path.Combine(folder.FullName, page);
            var (exitCode, output, errors) = await SampleProcess.RunBesideTests(program, path is null ? [] : [path]);

            exitCode.Should().Be(0, errors);
            var cells = ShippedNotebooks.Load(name).Cells.Where(cell => !cell.Tags().Contains(NotebookCells.NotebookOnly)).ToArray();
            var outputs = cells.SelectMany(CellOutputText.Of).ToArray();
            var read = cells.SelectMany(cell => cell.IsCode()
                ? CellOutputText.Of(cell).Where(text => text.Kind == CellOutputText.Printed).Select(text => text.Text)
                : [MarkdownText.Plain(cell.Contents)]);
            OutputComparison.TextDifferences(string.Join('\n', read).Trim(), ChartLines().Replace(output, "").Trim(), tolerance: 0).Should().BeEmpty();
            int charts = outputs.Count(ChartComparison.IsChart);
            ChartLines().Count(output).Should().Be(charts).And.BePositive();
            output.Contains("-- charts.html", StringComparison.Ordinal).Should().Be(page is null);
            if (path is not null)
            {
                string html = await File.ReadAllTextAsync(path);
                Regex.Count(html, @"Plotly\.newPlot\('").Should().Be(charts);
                html.Should().Contain("plotly.js v").And.NotContain("<script src=");
            }
        }
        finally
        {
            File.Delete(program);
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_program_has_usings_first_types_last_and_prints_the_text()
    {
        string program = Generate(
            ("code", "#r \"nuget: MLNet.BatchNorm\"\n#r \"nuget: Microsoft.ML, 5.0.1\"\n#r \"nuget: Plotly.NET.CSharp, 0.14.0\"\n#r \"nuget: Plotly.NET.Interactive, 6.0.0\"\nusing System.Xml;\nclass C\n{\n}\n\nint n = 2;"),
            ("markdown", "# Title\n\ntext of $\\mu$\nand more"),
            ("code", "// Why.\nn++;"));

        program.Should().Contain("\nusing System.Xml;\n")
            .And.Contain("""

                // Outside of a clone, take Terminal.cs along, and replace the next 2 lines by
                //
                //     #:include Terminal.cs
                //     #:package MLNet.BatchNorm@*
                //     #:package Microsoft.ML@5.0.1
                //     #:package Plotly.NET.CSharp@0.14.0
                #:project ../../src/MLNet.BatchNorm/MLNet.BatchNorm.csproj
                #:package Plotly.NET.CSharp

                """)
            .And.Contain(""""

                int n = 2;

                Terminal.Text("""
                    Title
                    =====

                    text of μ
                    and more
                    """);

                // Why.
                n++;

                class C
                {
                }

                """")
            .And.NotContain("#r").And.NotContain("Interactive").And.EndWith("}\n");
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
            [CSharpSyntaxTree.ParseText(ShippedNotebooks.ReadApp(name), options), CSharpSyntaxTree.ParseText(ShippedNotebooks.ReadApp("Terminal"), options)],
            References(),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, specificDiagnosticOptions: UnifiedReferences));
        using var assembly = new MemoryStream();
        compilation.Emit(assembly).Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Should().BeEmpty();
        return assembly.ToArray();
    }

    // What the library's project and the package of charts bring along: .NET, ML.NET, themselves.
    private static IEnumerable<MetadataReference> References() =>
        from path in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        let name = Path.GetFileNameWithoutExtension(path)
        where name is "netstandard" or "MLNet.BatchNorm" or "Plotly.NET" or "Plotly.NET.CSharp" or "DynamicObj" or "FSharp.Core" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.ML.", StringComparison.Ordinal)
        select MetadataReference.CreateFromFile(path);

    [GeneratedRegex(@"^\[chart \d+\] .*\n(    .*\n)*", RegexOptions.Multiline)]
    private static partial Regex ChartLines();
}
