using System.Reflection;
using MLNet.BatchNorm.Tests.Packaging;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>Runs eng/notebooks as its user does: in a process of its own, where the kernel finds the packages that the cells ask for and no others.</summary>
internal static class NotebookTool
{
    private static readonly string Program = typeof(NotebookTool).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "NotebooksPath").Value!;

    public static Task<(int ExitCode, string Output)> Run(string root, params string[] arguments) => DotnetCommand.Run(root, ["exec", Program, .. arguments]);
}
