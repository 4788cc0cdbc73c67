using System.IO.Compression;
using System.Text;

namespace Microsoft.ML;

/// <summary>The zip archive that a model is saved in. Entries nest in time, so each is kept in memory until it is complete.</summary>
internal sealed class ModelZipWriter : IDisposable
{
    private const string ProductVersion = "5.0.0-offline";

    private readonly ZipArchive _archive;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public ModelZipWriter(Stream stream)
    {
        _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using var writer = new StreamWriter(BeginEntry("TrainingInfo", "Version.txt", out var path), new UTF8Encoding(false), leaveOpen: true);
        writer.WriteLine(ProductVersion);
        writer.Flush();
        EndEntry(path, (MemoryStream)writer.BaseStream);
    }

    /// <summary>Reserves an entry and gives the stream to fill; <see cref="EndEntry"/> writes it.</summary>
    public MemoryStream BeginEntry(string? directory, string name, out string path)
    {
        path = ModelZipPath.Combine(directory, name);
        if (!_names.Add(path))
        {
            throw new ArgumentOutOfRangeException(nameof(name), $"Duplicate entry: '{path}'. Each name can be written once in a folder of the model zip.");
        }
        return new MemoryStream();
    }

    public void EndEntry(string path, MemoryStream content)
    {
        using var target = _archive.CreateEntry(path).Open();
        content.WriteTo(target);
    }

    public void Dispose() => _archive.Dispose();
}
