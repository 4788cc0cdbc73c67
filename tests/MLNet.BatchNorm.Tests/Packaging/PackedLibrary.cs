using System.IO.Compression;
using System.Xml.Linq;

namespace MLNet.BatchNorm.Tests.Packaging;

/// <summary>The library, packed once for all tests of a class, into a folder that serves as a NuGet source.</summary>
public sealed class PackedLibrary : IAsyncLifetime
{
    /// <summary>A version of its own, so that no package cache can take one run's package for another's.</summary>
    public string Version { get; } = $"0.0.1-test.{Guid.NewGuid():N}";

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("mlnet-batchnorm-");

    public string Source => Path.Combine(Folder.FullName, "source");

    public async Task InitializeAsync()
    {
#if MLNET_PACKAGE
        var (exitCode, output) = await Pack("package", Source, Path.Combine(Folder.FullName, "artifacts"), $"-p:Version={Version}");
        exitCode.Should().Be(0, output);
#else
        await Task.CompletedTask;
#endif
    }

    public Task DisposeAsync()
    {
        Folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    public ZipArchive Open(string extension) => ZipFile.OpenRead(Path.Combine(Source, $"MLNet.BatchNorm.{Version}.{extension}"));

    public byte[] Read(string extension, string entry)
    {
        using var archive = Open(extension);
        using var stream = (archive.GetEntry(entry) ?? throw new FileNotFoundException($"The {extension} has no {entry}.")).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public XElement Metadata()
    {
        using var stream = new MemoryStream(Read("nupkg", "MLNet.BatchNorm.nuspec"));
        return XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    internal static Task<(int ExitCode, string Output)> Pack(string provider, string source, string artifacts, params string[] more) => DotnetCommand.Run(
        DotnetCommand.RepositoryRoot,
        ["pack", "src/MLNet.BatchNorm", "-c", "Release", "-o", source, $"-p:MLNetProvider={provider}", $"-p:ArtifactsPath={artifacts}", "--disable-build-servers", .. more]);
}
