using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// Loads a model zip with this library's transformers wherever a statistics entry stands, and ML.NET's own everywhere else.
/// </summary>
/// <remarks>
/// Chains are walked along the zip's folders. A folder with a statistics entry becomes the transformer that the entry describes; the
/// stock form beside it is not even looked at, so that a model loads also where ML.NET lacks the component. A folder without any such
/// entry in it is wrapped as a zip of its own and left to ML.NET.
/// </remarks>
internal sealed class ModelWithStatistics
{
    // Deeper than any pipeline nests, and shallow enough for the stack.
    private const int DeepestChain = 100;

    // The stream of a chain: its header, one number per stage, and a name.
    private const int LongestChainStream = 1 << 20;

    private readonly ModelOperationsCatalog _catalog;
    private readonly ModelArchive _archive;
    private readonly IReadOnlyList<StatisticsKind> _kinds;
    private readonly HostEnvironment _host;

    private ModelWithStatistics(ModelOperationsCatalog catalog, ModelArchive archive, IReadOnlyList<StatisticsKind> kinds)
    {
        _catalog = catalog;
        _archive = archive;
        _kinds = kinds;
        _host = HostEnvironment.Of(catalog);
    }

    public static ITransformer Load(
        ModelOperationsCatalog catalog, Stream stream, out DataViewSchema? inputSchema, IReadOnlyList<StatisticsKind> kinds)
    {
        if (!stream.CanSeek)
        {
            using var buffer = new MemoryStream();
            stream.CopyTo(buffer);
            return Load(catalog, buffer, out inputSchema, kinds);
        }

        using ZipArchive? zip = TryOpen(stream);
        ModelArchive? archive = zip is null ? null : new ModelArchive(zip);
        if (archive is null || !archive.Contains(ModelArchive.RootFolder, StatisticsEntry.Name))
        {
            return catalog.Load(stream, out inputSchema);
        }

        using (Stream shell = archive.RewrapWithoutModel())
        {
            catalog.Load(shell, out inputSchema);
        }
        ITransformer model = new ModelWithStatistics(catalog, archive, kinds).LoadFolder(ModelArchive.RootFolder, 0);

        // Beside a data loader ML.NET saves the model in a chain of its own, and takes it out again.
        return archive.HasLoader && model is TransformerChain<ITransformer> chain && chain.Count() == 1 ? chain.Single() : model;
    }

    private static ZipArchive? TryOpen(Stream stream)
    {
        try
        {
            return new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException)
        {
            // No zip at all. ML.NET's own message follows.
            return null;
        }
    }

    private ITransformer LoadFolder(string folder, int depth)
    {
        if (depth > DeepestChain)
        {
            throw new InvalidDataException($"The model file is damaged: its chains are nested more than {DeepestChain} deep.");
        }
        if (_archive.Find(folder, StatisticsEntry.Name) is { } entry)
        {
            return StatisticsEntry.Read(entry, _kinds, _host);
        }
        if (!_archive.Contains(folder))
        {
            throw new InvalidDataException($"The model file is damaged: the folder '{folder}' is missing.");
        }
        if (!_archive.Contains(folder, StatisticsEntry.Name) || TryReadScopes(folder) is not { } scopes)
        {
            using Stream wrapped = _archive.Rewrap(folder);
            return _catalog.Load(wrapped, out _);
        }
        var stages = new List<ITransformer>();
        foreach (TransformerScope _ in scopes)
        {
            stages.Add(LoadFolder(ModelArchive.Child(folder, stages.Count), depth + 1));
        }
        return new TransformerChain<ITransformer>(stages, scopes);
    }

    /// <summary>What each stage of the chain in this folder is used in; <see langword="null"/> if the folder holds no chain.</summary>
    private List<TransformerScope>? TryReadScopes(string folder)
    {
        if (_archive.Find(folder, ModelArchive.ModelEntry) is not { } entry)
        {
            return null;
        }
        using Stream stream = entry.Open();
        var bytes = new byte[LongestChainStream];
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (StockModelStream.TryGetModel(bytes.AsMemory(0, length), StockComponent.Chain) is not { } model)
        {
            return null;
        }
        ReadOnlySpan<byte> block = model.Span;
        int count = block.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(block);
        if (count < 0 || count > (block.Length - sizeof(int)) / sizeof(int))
        {
            throw new InvalidDataException($"The model file is damaged: the chain in '{folder}' claims {count} stages, which its stream has no room for.");
        }
        var scopes = new List<TransformerScope>(count);
        for (int i = 0; i < count; i++)
        {
            scopes.Add((TransformerScope)BinaryPrimitives.ReadInt32LittleEndian(block[(sizeof(int) * (i + 1))..]));
        }
        return scopes;
    }
}
