using System.IO.Compression;

namespace MLNet.BatchNorm.Tests.Packaging;

/// <summary>A copy of what it takes to pack the library, as in a source archive: packing touches nothing of the build that runs the tests.</summary>
internal sealed class SourceCopy
{
    private readonly string _folder;

    private SourceCopy(string folder) => _folder = folder;

    /// <summary>Where packages go.</summary>
    public string Source => Path.Combine(_folder, "source");

    public string Artifacts => Path.Combine(_folder, "artifacts");

    public static SourceCopy Create(DirectoryInfo folder)
    {
        var root = DotnetCommand.RepositoryRoot;
        var files = Directory.GetFiles(root)
            .Concat(Directory.GetFiles(Path.Combine(root, "eng"), "*", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Path.Combine(root, "src"), "*", SearchOption.AllDirectories));
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
        _folder,
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
