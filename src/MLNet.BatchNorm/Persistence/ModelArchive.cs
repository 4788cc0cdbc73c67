using System.Globalization;
using System.IO.Compression;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// The folders of an ML.NET model zip: <c>TransformerChain</c> holds the model; a chain's stages lie in its subfolders
/// <c>Transform_000</c>, <c>Transform_001</c> and so on; each folder's own stream is <c>Model.key</c>. What lies beside the first
/// (the input schema, or a data loader) tells what the model is fed with.
/// </summary>
internal sealed class ModelArchive
{
    public const string RootFolder = "TransformerChain";
    public const string ModelEntry = "Model.key";

    /// <summary>Zips up to this size, unpacked, are rewrapped in memory; larger ones in a temporary file.</summary>
    private const long LargestInMemory = 1 << 26;

    private readonly SortedDictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    public ModelArchive(ZipArchive archive)
    {
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            // Zips written on Windows may have backslashes.
            _entries[entry.FullName.Replace('\\', '/')] = entry;
        }
    }

    /// <summary>Whether the model was saved together with a data loader instead of an input schema.</summary>
    public bool HasLoader => _entries.ContainsKey(ModelEntry);

    /// <summary>The folder of a chain's stage.</summary>
    public static string Child(string folder, int index) => string.Create(CultureInfo.InvariantCulture, $"{folder}/Transform_{index:000}");

    /// <summary>An entry of the given folder itself.</summary>
    public ZipArchiveEntry? Find(string folder, string name) => _entries.GetValueOrDefault($"{folder}/{name}");

    /// <summary>Whether an entry of the given name stands in the folder or anywhere below; any entry, if no name is given.</summary>
    public bool Contains(string folder, string? name = null) => _entries.Keys.Any(path =>
        path.StartsWith($"{folder}/", StringComparison.Ordinal) && (name is null || path.EndsWith($"/{name}", StringComparison.Ordinal)));

    /// <summary>A zip that holds the model in the given folder as its only model.</summary>
    public Stream Rewrap(string folder) => Wrap(
        path => path.StartsWith($"{folder}/", StringComparison.Ordinal) ? RootFolder + path[folder.Length..] : null, null);

    /// <summary>A zip like this one with an empty chain for a model.</summary>
    public Stream RewrapWithoutModel() => Wrap(
        path => path.StartsWith($"{RootFolder}/", StringComparison.Ordinal) ? null : path, StockModelStream.CreateChain([]));

    /// <summary>A new zip of stock streams.</summary>
    public static Stream Wrap(IEnumerable<(string Path, byte[] Bytes)> entries)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string path, byte[] bytes) in entries)
            {
                Add(archive, path, bytes);
            }
        }
        return stream;
    }

    /// <summary>The bytes of one entry of a zip that was written here.</summary>
    public static byte[] Unwrap(Stream stream, string path)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        using Stream entry = archive.GetEntry(path)?.Open() ?? throw new InvalidOperationException($"ML.NET saved no entry '{path}'.");
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }

    private Stream Wrap(Func<string, string?> rename, byte[]? rootModel)
    {
        var kept = _entries.Select(pair => (Path: rename(pair.Key), Entry: pair.Value)).Where(pair => pair.Path is not null).ToList();
        Stream stream = kept.Sum(pair => pair.Entry.Length) <= LargestInMemory
            ? new MemoryStream()
            : new FileStream(
                Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach ((string? path, ZipArchiveEntry entry) in kept)
            {
                using Stream source = entry.Open();
                using Stream target = archive.CreateEntry(path!, CompressionLevel.NoCompression).Open();
                source.CopyTo(target);
            }
            if (rootModel is not null)
            {
                Add(archive, $"{RootFolder}/{ModelEntry}", rootModel);
            }
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static void Add(ZipArchive archive, string path, byte[] bytes)
    {
        using Stream target = archive.CreateEntry(path, CompressionLevel.NoCompression).Open();
        target.Write(bytes);
    }
}
