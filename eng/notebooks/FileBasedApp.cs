using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>Writes a notebook as one C# file that <c>dotnet run</c> takes: the same cells in the same order, and the text between them printed.</summary>
/// <remarks>In a program, usings stand before all else and types after: these two are moved, and nothing in the cells is changed otherwise.</remarks>
internal static partial class FileBasedApp
{
    private static readonly CSharpParseOptions CellOptions = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    // What the project reference brings.
    private static readonly string[] OfTheLibrary = ["MLNet.BatchNorm", "Microsoft.ML"];

    // Shows charts in a notebook.
    private const string ChartFormatter = "Plotly.NET.Interactive";

    // Those that a notebook's kernel has without saying so.
    private static readonly string[] KernelUsings =
        ["using System;", "using System.Collections.Generic;", "using System.IO;", "using System.Linq;"];

    /// <exception cref="InvalidOperationException">A cell has a syntax error, or ends in an expression, which only notebooks show.</exception>
    public static string Generate(NotebookFile notebook)
    {
        var usings = new SortedSet<string>(KernelUsings, StringComparer.Ordinal);
        var body = new StringBuilder();
        var types = new StringBuilder();
        foreach (var cell in notebook.Cells.Where(cell => !cell.Tags().Contains(NotebookCells.NotebookOnly)))
        {
            body.Append('\n').Append(cell.IsCode() ? MoveUsingsAndTypes(notebook, cell.Contents, usings, types) : Printed(cell.Contents));
        }
        var packages = Packages(notebook).ToArray();
        var more = packages.Where(package => !OfTheLibrary.Contains(package.Name)).ToArray();
        return $"""
            // Generated from {notebook.Name}.ipynb: change that, then run eng/notebooks (see README.md here).
            //
            //     dotnet run {notebook.Name}.cs                     text, numbers, and charts as lines of blocks
            //     dotnet run {notebook.Name}.cs -- charts.html      the charts drawn too, on that page
            //
            // Outside of a clone, take Terminal.cs along, and replace the next {1 + more.Length} lines by
            //
            //     #:include Terminal.cs
            {string.Join('\n', packages.Select(package => $"//     #:package {package.Name}@{package.Version}"))}
            #:project ../../src/MLNet.BatchNorm/MLNet.BatchNorm.csproj
            {string.Concat(more.Select(package => $"#:package {package.Name}\n"))}
            {string.Join('\n', usings)}

            Console.OutputEncoding = System.Text.Encoding.UTF8;

            // A notebook shows its charts between the cells. Here, Terminal.cs stands in for it.
            void display(Plotly.NET.GenericChart chart) => Terminal.Show(chart);

            """ + body + types;
    }

    private static string MoveUsingsAndTypes(NotebookFile notebook, string source, SortedSet<string> usings, StringBuilder types)
    {
        var tree = CSharpSyntaxTree.ParseText(PackageDirective().Replace(source, ""), CellOptions);
        if (tree.GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is { } error)
        {
            throw new InvalidOperationException($"{notebook.Name}: {error}");
        }
        var root = tree.GetCompilationUnitRoot();
        if (root.Members.LastOrDefault() is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last })
        {
            throw new InvalidOperationException($"{notebook.Name}: a cell ends in the expression '{last}'. Print or display it, so that the file-based app does so too.");
        }
        usings.UnionWith(root.Usings.Select(directive => directive.ToString()));
        var code = new StringBuilder();
        foreach (var member in root.Members)
        {
            if (member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            {
                types.Append('\n').Append(member.ToFullString().Trim('\n')).Append('\n');
            }
            else
            {
                code.Append(member.ToFullString());
            }
        }
        code.Append(root.EndOfFileToken.LeadingTrivia.ToFullString());
        string text = code.ToString().Trim('\n');
        return text.Length == 0 ? "" : text + "\n";
    }

    private static IEnumerable<(string Name, string Version)> Packages(NotebookFile notebook) =>
        from cell in notebook.CodeCells
        from Match directive in PackageDirective().Matches(cell.Contents)
        where directive.Groups["name"].Value != ChartFormatter
        select (directive.Groups["name"].Value, directive.Groups["version"] is { Success: true } version ? version.Value : "*");

    private static string Printed(string markdown) =>
        $"Terminal.Text(\"\"\"\n{string.Concat(MarkdownText.Plain(markdown).Split('\n').Select(line => $"    {line}".TrimEnd() + "\n"))}    \"\"\");\n";

    // Only a notebook's kernel understands these lines.
    [GeneratedRegex("""^\s*#r\s+"nuget:\s*(?<name>[\w.]+)(\s*,\s*(?<version>[\w.-]+))?\s*"[^\S\n]*\n?""", RegexOptions.Multiline)]
    private static partial Regex PackageDirective();
}
