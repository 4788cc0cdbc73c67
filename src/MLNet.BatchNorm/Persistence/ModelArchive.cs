using System.Globalization;
using System.IO.Compression;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// The folders of an ML.NET model zip: <c>TransformerChain</c> holds the model; a chain's stages lie in its subfolders
/// <c>Transform_000</c>, <c>Transform_001</c> and so on; each folder's own stream is <c>Model.key</c>. What lies beside the first
/// (the input schema, or a data loader) tells what the model is fed with.
/// </summary>
/// <remarks>
/// The file is not trusted: what is unpacked counts against one <see cref="ReadBudget"/>, sizes and checksums are compared with what comes
/// out, and whatever is wrong is an <see cref="InvalidDataException"/> that names the entry.
/// </remarks>
internal sealed class ModelArchive
{
    public const string RootFolder = "TransformerChain";
    public const string ModelEntry = "Model.key";

    private const string StagePrefix = "Transform_";
    private const string SchemaEntry = "Schema";

    // The second is what versions before 1.0 wrote.
    private static readonly string[] LoaderFolders = ["Loader/", "Reader/"];

    private readonly SortedDictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly string[] _paths;
    private readonly HashSet<string> _foldersWithStatistics = new(StringComparer.Ordinal);
    private readonly ReadBudget _budget;

    private ModelArchive(ZipArchive archive, long fileSize)
    {
        _budget = new ReadBudget(fileSize);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            // Zips written on Windows may have backslashes.
            string path = entry.FullName.Replace('\\', '/');
            if (!_entries.TryAdd(path, entry))
            {
                throw new InvalidDataException($"The model file is damaged: it has two entries '{path}'.");
            }
        }
        _paths = [.. _entries.Keys];
        foreach (string path in _paths.Where(path => path.EndsWith($"/{StatisticsEntry.Name}", StringComparison.Ordinal)))
        {
            for (int slash = path.LastIndexOf('/'); slash > 0 && _foldersWithStatistics.Add(path[..slash]); slash = path.LastIndexOf('/', slash - 1))
            {
            }
        }
    }

    /// <summary>Whether the model was saved together with a data loader instead of an input schema.</summary>
    public bool HasLoader => _entries.ContainsKey(ModelEntry);

    /// <summary>Opens a model file; null where the stream is no zip at all.</summary>
    /// <exception cref="InvalidDataException">The list of its entries is damaged.</exception>
    public static ModelArchive? TryOpen(Stream stream, out ZipArchive? zip)
    {
        zip = null;
        try
        {
            zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return new ModelArchive(zip, stream.Length);
        }
        catch (InvalidDataException) when (zip is null)
        {
            // ML.NET's own message follows.
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException or NotSupportedException)
        {
            zip?.Dispose();
            throw new InvalidDataException($"The model file is damaged: the list of its entries cannot be read: {exception.Message}", exception);
        }
        catch
        {
            zip?.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a model file, just written, that would be too large for its size to be read back.</summary>
    /// <exception cref="InvalidOperationException">All entries together are larger than the budget.</exception>
    public static void RequireReadable(Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var budget = new ReadBudget(stream.Length);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            if (!budget.TryTake(entry.Length))
            {
                throw new InvalidOperationException(
                    $"The model takes more than {budget.Left} bytes beyond those before entry '{entry.FullName}', which takes {entry.Length}: too much for a file of "
                    + $"{stream.Length} bytes to be loaded again. Save fewer features per model.");
            }
        }
    }

    /// <summary>The folder of a chain's stage.</summary>
    public static string Child(string folder, int index) => string.Create(CultureInfo.InvariantCulture, $"{folder}/{StagePrefix}{index:000}");

    /// <summary>An entry of the given folder itself.</summary>
    public ZipArchiveEntry? Find(string folder, string name) => _entries.GetValueOrDefault($"{folder}/{name}");

    /// <summary>Whether a statistics entry stands in the folder or anywhere below.</summary>
    public bool HasStatistics(string folder) => _foldersWithStatistics.Contains(folder);

    /// <summary>The numbers of the stages whose folders stand in a chain's folder; any text behind the prefix that is no number is -1.</summary>
    public IEnumerable<int> StageNumbers(string folder)
    {
        string prefix = $"{folder}/{StagePrefix}";
        foreach (string path in PathsIn(folder))
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal))
            {
                int end = path.IndexOf('/', prefix.Length);
                string number = path[prefix.Length..(end < 0 ? path.Length : end)];
                yield return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : -1;
            }
        }
    }

    /// <summary>How many streams the stock form in the folder has.</summary>
    public int StockStreamCount(string folder) => PathsIn(folder).Count(IsModelStream);

    /// <summary>How many bytes the streams of the stock form in the folder hold, as far as the file can be believed.</summary>
    public long StockByteCount(string folder)
    {
        long sum = 0;
        foreach (string path in PathsIn(folder).Where(IsModelStream))
        {
            ZipArchiveEntry entry = _entries[path];
            sum += Math.Min(ReadBudget.PlausibleSize(entry.Length, entry.CompressedLength) ?? 0, _budget.Left);
        }
        return Math.Min(sum, _budget.Left);
    }

    /// <summary>The bytes of an entry, checked.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="maximum">The largest size that it may have.</param>
    /// <param name="start">What it must start with: looked at before anything else is unpacked.</param>
    public byte[] Read(ZipArchiveEntry entry, int maximum = int.MaxValue, ReadOnlySpan<byte> start = default)
    {
        using var reader = new EntryReader(entry, _budget, maximum);
        return reader.ReadAll(start);
    }

    /// <summary>A zip that holds the model in the given folder as its only model.</summary>
    public Stream Rewrap(string folder) => Wrap([.. PathsIn(folder).Select(path => (RootFolder + path[folder.Length..], path))], null);

    /// <summary>A zip that holds the models in the given folders as the stages of a chain.</summary>
    public Stream Rewrap(IReadOnlyList<string> folders) => Wrap(
        [.. folders.SelectMany((folder, i) => PathsIn(folder).Select(path => (Child(RootFolder, i) + path[folder.Length..], path)))],
        StockModelStream.CreateChain([.. folders.Select(_ => (int)Microsoft.ML.Data.TransformerScope.Everything)]));

    /// <summary>A zip like this one with an empty chain for a model: what the model is fed with, and nothing else.</summary>
    public Stream RewrapWithoutModel() => Wrap(
        [.. _paths.Where(path => path is SchemaEntry or ModelEntry || LoaderFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))).Select(path => (path, path))],
        StockModelStream.CreateChain([]));

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

    private static bool IsModelStream(string path) => path.EndsWith($"/{ModelEntry}", StringComparison.Ordinal);

    // Sorted, the paths of a folder stand together: '0' follows '/'.
    private string[] PathsIn(string folder) => _paths[LowerBound($"{folder}/")..LowerBound($"{folder}0")];

    private int LowerBound(string path)
    {
        int index = Array.BinarySearch(_paths, path, StringComparer.Ordinal);
        return index < 0 ? ~index : index;
    }

    /// <summary>
    /// Copies entries into a zip of their own, the smallest first, as long as the budget holds them. What it does not hold is left out:
    /// junk that ML.NET never opens, or a stream whose absence it reports.
    /// </summary>
    private Stream Wrap(List<(string Target, string Source)> paths, byte[]? rootModel)
    {
        Stream stream = TemporaryStream.Create(paths.Sum(path => (double)_entries[path.Source].Length));
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach ((string path, string source) in paths.OrderBy(path => _entries[path.Source].Length))
            {
                ZipArchiveEntry entry = _entries[source];
                bool isNeeded = !path.EndsWith($"/{StatisticsEntry.Name}", StringComparison.Ordinal) && !path.EndsWith('/');
                if (isNeeded && entry.Length <= _budget.Left)
                {
                    using var reader = new EntryReader(entry, _budget, _budget.Left);
                    using Stream target = archive.CreateEntry(path, CompressionLevel.NoCompression).Open();
                    reader.CopyTo(target);
                }
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
