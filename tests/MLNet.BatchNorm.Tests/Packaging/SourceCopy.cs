using System.IO.Compression;

namespace MLNet.BatchNorm.Tests.Packaging;

/// <summary>
/// A copy of what it takes to pack the library and to run the notebooks, as in a source archive: neither touches anything of the build that
/// runs the tests.
/// </summary>
internal sealed class SourceCopy
{
    private SourceCopy(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Where packages go, and where the notebooks look for them.</summary>
    public string Source => Path.Combine(Folder, "artifacts", "packages");

    public static SourceCopy Create(DirectoryInfo folder)
    {
        var root = DotnetCommand.RepositoryRoot;
        var files = Directory.GetFiles(root).Concat(new[] { "eng", "src", "samples/data", "samples/notebooks" }
            .SelectMany(part => Directory.GetFiles(Path.Combine(root, part), "*", SearchOption.AllDirectories)));
        foreach (var file in files)
        {
            var copy = Path.Combine(folder.FullName, Path.GetRelativePath(root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return new SourceCopy(folder.FullName);
    }

    /// <summary>Without analyzers: the build that runs the tests has run them, and they take most of the time.</summary>
    public Task<(int ExitCode, string Output)> Pack(params string[] more) => PackProject("MLNet.BatchNorm", more);

    /// <summary>Packs one of the projects in src.</summary>
    public Task<(int ExitCode, string Output)> PackProject(string project, params string[] more) => DotnetCommand.Run(
        Folder,
        ["pack", $"src/{project}", "-o", Source, "-p:RunAnalyzers=false", "--disable-build-servers", .. more]);

    public byte[] Read(string package, string entry)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(Source, package));
        using var stream = (archive.GetEntry(entry) ?? throw new FileNotFoundException($"{package} has no {entry}.")).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
