using System.IO.Compression;
using System.Xml.Linq;

namespace MLNet.BatchNorm.Tests.Packaging;

/// <summary>The library, packed once for all tests of a class, into a folder that serves as a NuGet source.</summary>
public sealed class PackedLibrary : IAsyncLifetime
{
    private SourceCopy? _copy;

    /// <summary>A version of its own, so that no package cache can take one run's package for another's.</summary>
    public string Version { get; } = $"0.0.1-test.{Guid.NewGuid():N}";

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("mlnet-batchnorm-");

    public string Source => Copy.Source;

    private SourceCopy Copy => _copy ?? throw new InvalidOperationException("Nothing has been packed yet.");

    public async Task InitializeAsync()
    {
        _copy = SourceCopy.Create(Folder.CreateSubdirectory("copy"));
        var (exitCode, output) = await _copy.Pack($"-p:Version={Version}");
        exitCode.Should().Be(0, output);
    }

    public Task DisposeAsync()
    {
        Folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    public string[] Entries()
    {
        using var archive = ZipFile.OpenRead(Path.Combine(Source, Name("nupkg")));
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    public byte[] Read(string extension, string entry) => Copy.Read(Name(extension), entry);

    public XElement Metadata()
    {
        using var stream = new MemoryStream(Read("nupkg", "MLNet.BatchNorm.nuspec"));
        return XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    private string Name(string extension) => $"MLNet.BatchNorm.{Version}.{extension}";
}
