using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>Runs a notebook's code cells in order, each seeing what those before it declared, as a notebook's kernel does.</summary>
internal static class NotebookRunner
{
    /// <summary>Runs a notebook from top to bottom.</summary>
    /// <returns>The outputs of each code cell.</returns>
    /// <exception cref="InvalidOperationException">A cell does not compile or throws; the message names it.</exception>
    public static async Task<IReadOnlyList<IReadOnlyList<CellOutput>>> Run(Notebook notebook, CancellationToken cancellationToken = default)
    {
        var options = ScriptOptions.Default
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithReferences(PackageDirectives.Assemblies(PackageDirectives.PackagesOf(notebook)));
        var state = await CSharpScript.RunAsync("", options, new NotebookGlobals(), typeof(NotebookGlobals), cancellationToken);
        var results = new List<IReadOnlyList<CellOutput>>();
        foreach (var cell in notebook.CodeCells)
        {
            string source = PackageDirectives.Remove(cell.Source);
            try
            {
                results.Add(await CellRecorder.Record(async () => state = await state.ContinueWithAsync(source, options, cancellationToken)));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"{notebook.Name}, code cell {results.Count + 1}: {exception.Message}\n{source}", exception);
            }
        }
        return results;
    }
}
