using System.Diagnostics;
using System.Reflection;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>The library as the cells' line <c>#r "nuget: MLNet.BatchNorm"</c> finds it: packed from this repository, whatever else NuGet knows.</summary>
internal static class LibraryPackage
{
    private const string Project = "src/MLNet.BatchNorm";
    private const string Cache = "artifacts/notebook-packages";

    /// <summary>Where the notebooks' first cell looks for the package.</summary>
    private const string Folder = "artifacts/packages";

    /// <summary>Packs the library, from the repository's root.</summary>
    /// <exception cref="InvalidOperationException">dotnet could not; the message holds what it said.</exception>
    public static async Task Pack()
    {
        // Of several versions the notebooks would take the highest. Packages of other names stay.
        const string Name = "MLNet.BatchNorm.";
        foreach (string older in Directory.GetFiles(Directory.CreateDirectory(Folder).FullName, $"{Name}*nupkg"))
        {
            if (char.IsAsciiDigit(Path.GetFileName(older)[Name.Length]))
            {
                File.Delete(older);
            }
        }
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["pack", Project, "-c", "Release", "--output", Folder]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet pack {Project} failed, from {Environment.CurrentDirectory}:\n{output}");
        }
    }

    /// <summary>
    /// Lets the kernels of this process find the library in <see cref="Folder"/> and nowhere else: not published, not in the machine's package
    /// cache, where an older build of the same version may stand. All other packages are those that the build of this repository has restored.
    /// </summary>
    /// <remarks>The kernel restores packages by running MSBuild, which takes these settings from the environment.</remarks>
    public static void UseOnlyPacked()
    {
        if (Directory.Exists(Cache))
        {
            Directory.Delete(Cache, recursive: true);
        }
        Environment.SetEnvironmentVariable("NUGET_PACKAGES", Path.GetFullPath(Cache));
        Environment.SetEnvironmentVariable("RestoreSources", Directory.CreateDirectory(Folder).FullName);
        Environment.SetEnvironmentVariable("RestoreFallbackFolders", typeof(LibraryPackage).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PackageFolders").Value);
    }
}
