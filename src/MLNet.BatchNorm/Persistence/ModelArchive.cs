using System.Globalization;
using System.IO.Compression;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// The folders of an ML.NET model zip: <c>TransformerChain</c> holds the model; a chain's stages lie in its subfolders
/// <c>Transform_000</c>, <c>Transform_001</c> and so on; each folder's own stream is <c>Model.key</c>.
/// </summary>
internal sealed class ModelArchive
{
    public const string RootFolder = "TransformerChain";
    public const string ModelEntry = "Model.key";

    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    public ModelArchive(ZipArchive archive)
    {
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            // Zips written on Windows may have backslashes.
            _entries[entry.FullName.Replace('\\', '/')] = entry;
        }
    }

    public IEnumerable<string> EntryNames => _entries.Keys;

    /// <summary>The folder of a chain's stage.</summary>
    public static string Child(string folder, int index) => string.Create(CultureInfo.InvariantCulture, $"{folder}/Transform_{index:000}");

    public ZipArchiveEntry? Find(string folder, string name) => _entries.GetValueOrDefault($"{folder}/{name}");
}
