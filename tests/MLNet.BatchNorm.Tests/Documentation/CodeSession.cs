using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace MLNet.BatchNorm.Tests.Documentation;

/// <summary>
/// Runs pieces of C# one after the other, each seeing what those before it declared. Every assembly of the tests is referenced; besides
/// the project's implicit usings, Microsoft.ML, Microsoft.ML.Data and MLNet.BatchNorm are imported. Models that the code names, such as
/// "model.zip" and "model.onnx", are taken to be in a folder that goes away with the session, and CSV files in samples/data.
/// </summary>
internal sealed partial class CodeSession : IDisposable
{
    private static readonly ScriptOptions Options = ScriptOptions.Default
        .WithReferences(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => Microsoft.CodeAnalysis.MetadataReference.CreateFromFile(path)))
        .WithImports("System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks", "Microsoft.ML", "Microsoft.ML.Data", "MLNet.BatchNorm");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private ScriptState<object>? _state;

    /// <summary>Runs the code, and returns the value of its last line where that is an expression without a semicolon.</summary>
    public async Task<object?> Run(string code)
    {
        string located = FileName().Replace(code, match => $"@\"{Path.Combine(FolderOf(match.Value), match.Groups[1].Value)}\"");
        _state = _state is null ? await CSharpScript.RunAsync(located, Options) : await _state.ContinueWithAsync(located, Options);
        return _state.ReturnValue;
    }

    /// <summary>The value of an expression.</summary>
    public async Task<T> Evaluate<T>(string expression) => (T)(await Run(expression))!;

    public void Dispose() => _folder.Delete(recursive: true);

    private string FolderOf(string name) =>
        name.EndsWith(".csv\"", StringComparison.Ordinal) ? Path.Combine(AppContext.BaseDirectory, "data") : _folder.FullName;

    [GeneratedRegex("\"([\\w-]+\\.(?:zip|csv|onnx))\"")]
    private static partial Regex FileName();
}
