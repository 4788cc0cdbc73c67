using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>The zip archive that a model is loaded from.</summary>
internal sealed class ModelZipReader : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    public ModelZipReader(Stream stream)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (Exception exception)
        {
            throw new FormatException("Failed to open a zip archive: this is not a saved ML.NET model.", exception);
        }
        foreach (var entry in _archive.Entries)
        {
            _entries[ModelZipPath.Normalize(entry.FullName)] = entry;
        }
    }

    /// <summary>The whole entry in a seekable stream, or null where the zip has none of that name.</summary>
    public MemoryStream? OpenEntryOrNull(string? directory, string name)
    {
        if (!_entries.TryGetValue(ModelZipPath.Combine(directory, name), out var entry))
        {
            return null;
        }
        var content = new MemoryStream();
        using (var source = entry.Open())
        {
            source.CopyTo(content);
        }
        content.Position = 0;
        return content;
    }

    public void Dispose() => _archive.Dispose();
}
