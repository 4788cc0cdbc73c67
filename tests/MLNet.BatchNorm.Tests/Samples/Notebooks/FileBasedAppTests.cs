using System.Reflection;
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
        var main = Assembly.Load(Compile(name)).EntryPoint!;

        var outputs = await CellRecorder.Record(() =>
        {
            main.Invoke(null, [Array.Empty<string>()]);
            return Task.CompletedTask;
        });

        string printed = string.Concat(outputs.Single().Content.Split('\n').Where(line => !line.StartsWith("[plot ", StringComparison.Ordinal)).Select(line => $"{line}\n"));
        string saved = string.Concat(ShippedNotebooks.Load(name).CodeCells.SelectMany(cell => cell.Outputs).Where(output => output.MimeType == CellOutput.Text).Select(output => output.Content));
        OutputComparison.TextDifferences(saved.Trim(), printed.Trim(), tolerance: 0).Should().BeEmpty();
    }

    private static byte[] Compile(string name)
    {
        // Lines such as #:project are allowed in file-based apps only.
        var options = new CSharpParseOptions(LanguageVersion.Latest).WithFeatures([new("FileBasedProgram", "true")]);
        var packages = PackageDirectives.PackagesOf(ShippedNotebooks.Load(name));
        var compilation = CSharpCompilation.Create(
            $"{name}-app",
            [CSharpSyntaxTree.ParseText(ShippedNotebooks.ReadApp(name), options)],
            PackageDirectives.References(PackageDirectives.Assemblies(packages)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, specificDiagnosticOptions: UnifiedReferences));
        using var assembly = new MemoryStream();
        compilation.Emit(assembly).Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Should().BeEmpty();
        return assembly.ToArray();
    }
}
