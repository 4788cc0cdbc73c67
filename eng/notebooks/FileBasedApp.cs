using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>Writes a notebook as one C# file that <c>dotnet run</c> takes: the same cells in the same order, the text between them as comments.</summary>
/// <remarks>In a program, usings stand before all else and types after: these two are moved, and nothing else is changed.</remarks>
internal static partial class FileBasedApp
{
    private static readonly CSharpParseOptions CellOptions = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    // Stands in for the kernel's own functions. Placed first, so that its variable is assigned when a cell calls them.
    private const string Kernel = """
        // A notebook shows its plots between the cells. Here they are written to the folder given as an argument, if one is.
        int plotCount = 0;
        string HTML(string content) => content;
        void display(string html)
        {
            plotCount++;
            if (args.Length == 0)
            {
                Console.WriteLine($"[plot {plotCount}: run with a folder as an argument to save it]");
                return;
            }
            string path = Path.Combine(Directory.CreateDirectory(args[0]).FullName, $"{{NAME}}-{plotCount}.svg");
            File.WriteAllText(path, html);
            Console.WriteLine($"[plot {plotCount}: {path}]");
        }
        """;

    /// <exception cref="InvalidOperationException">A cell has a syntax error, or ends in an expression, which only notebooks show.</exception>
    public static string Generate(NotebookFile notebook)
    {
        var usings = new SortedSet<string>(StringComparer.Ordinal) { "using System;", "using System.IO;" };
        var body = new StringBuilder();
        var types = new StringBuilder();
        foreach (var cell in notebook.Cells.Where(cell => !cell.Tags().Contains(NotebookCells.NotebookOnly)))
        {
            body.Append('\n').Append(cell.IsCode() ? MoveUsingsAndTypes(notebook, cell.Contents, usings, types) : Comment(cell.Contents));
        }
        return $"""
            // Generated from {notebook.Name}.ipynb: change that, then run eng/notebooks (see README.md here).
            //
            //     dotnet run {notebook.Name}.cs               the text; plots are left out
            //     dotnet run {notebook.Name}.cs -- plots      plots too, as SVG files in the folder plots
            //
            // Outside of a clone, replace the next line by: {string.Join(" and ", Packages(notebook))}
            #:project ../../src/MLNet.BatchNorm/MLNet.BatchNorm.csproj

            {string.Join('\n', usings)}

            {Kernel.Replace("{{NAME}}", notebook.Name, StringComparison.Ordinal)}

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

    private static IEnumerable<string> Packages(NotebookFile notebook) =>
        from cell in notebook.CodeCells
        from Match directive in PackageDirective().Matches(cell.Contents)
        select $"#:package {directive.Groups["name"]}@{(directive.Groups["version"] is { Success: true } version ? version : "*")}";

    private static string Comment(string markdown) => string.Concat(markdown.TrimEnd('\n').Split('\n').Select(line => $"// {line}".TrimEnd() + "\n"));

    // Only a notebook's kernel understands these lines.
    [GeneratedRegex("""^\s*#r\s+"nuget:\s*(?<name>[\w.]+)(\s*,\s*(?<version>[\w.-]+))?\s*"[^\S\n]*\n?""", RegexOptions.Multiline)]
    private static partial Regex PackageDirective();
}
