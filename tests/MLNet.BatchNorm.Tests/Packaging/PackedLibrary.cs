using System.IO.Compression;
using System.Xml.Linq;

namespace MLNet.BatchNorm.Tests.Packaging;

/// <summary>The library, packed once for all tests of the collection, into a folder that serves as a NuGet source.</summary>
[CollectionDefinition(Tests)]
public sealed class PackedLibrary : IAsyncLifetime, ICollectionFixture<PackedLibrary>
{
    /// <summary>The collection of the tests that need the package.</summary>
    public const string Tests = "The packed library";

    private SourceCopy? _copy;

    /// <summary>A version of its own, so that no package cache can take one run's package for another's. A stable one, as the notebooks ask for.</summary>
    public string Version { get; } = $"0.0.{Random.Shared.Next(1, 65535)}";

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("mlnet-batchnorm-");

    public string Source => Copy.Source;

    internal SourceCopy Copy => _copy ?? throw new InvalidOperationException("Nothing has been packed yet.");

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
