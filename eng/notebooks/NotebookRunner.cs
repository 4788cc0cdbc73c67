using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.PackageManagement;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>Runs notebooks in the kernel that Jupyter and Visual Studio Code run them in: .NET Interactive's, in this process.</summary>
internal static class NotebookRunner
{
    /// <summary>Runs the code cells in order up to the first that fails, and gives each the outputs and the number that Jupyter would.</summary>
    /// <returns>Which cell failed and how; null if none did.</returns>
    public static async Task<string?> Run(NotebookFile notebook)
    {
        using var kernel = new CompositeKernel { CreateKernel() };
        foreach (var (index, cell) in notebook.CodeCells.Index())
        {
            cell.ExecutionOrder = index + 1;
            var result = await kernel.SendAsync(new SubmitCode(cell.Contents, cell.KernelName));
            cell.Outputs.Clear();
            cell.Outputs.AddRange(CellOutputs.Of(result.Events, cell.ExecutionOrder));
            if (result.Events.OfType<CommandFailed>().FirstOrDefault() is { } failure)
            {
                return $"{notebook.Name}, code cell {cell.ExecutionOrder}: {failure.Message}\n{cell.Contents}";
            }
        }
        return null;
    }

    private static CSharpKernel CreateKernel() => new CSharpKernel()
        .UseKernelHelpers()
        // Packages are resolved anew: what an earlier run has found may have been packed again since.
        .UseNugetDirective(AddReferences, forceRestore: true);

    private static async Task AddReferences(CSharpKernel kernel, IReadOnlyList<ResolvedPackageReference> packages)
    {
        kernel.AddAssemblyReferences(packages.SelectMany(package => package.AssemblyPaths));
        foreach (var package in packages)
        {
            await KernelExtensions.Load(kernel, package);
        }
    }
}
