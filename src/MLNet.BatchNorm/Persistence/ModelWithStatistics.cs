using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// Loads a model zip with this library's transformers wherever a statistics entry stands, and ML.NET's own everywhere else.
/// </summary>
/// <remarks>
/// Chains are walked along the zip's folders. A folder with a statistics entry becomes the transformer that the entry describes, if the
/// stock form beside it is that transformer's (<see cref="StockFormCheck"/>). The stages of a chain without any such entry in them are
/// wrapped together as a zip of their own and left to ML.NET.
/// </remarks>
internal sealed class ModelWithStatistics
{
    // Deeper than any pipeline nests, and shallow enough for the stack.
    private const int DeepestChain = 100;

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

        ModelArchive? archive = ModelArchive.TryOpen(stream, out ZipArchive? zip);
        using (zip)
        {
            if (archive is null || !archive.HasStatistics(ModelArchive.RootFolder))
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
    }

    // There are statistics in the folder, or below.
    private ITransformer LoadFolder(string folder, int depth)
    {
        if (depth > DeepestChain)
        {
            throw new InvalidDataException($"The model file is damaged: its chains are nested more than {DeepestChain} deep.");
        }
        if (_archive.Find(folder, StatisticsEntry.Name) is { } entry)
        {
            byte[] bytes = _archive.Read(entry, StatisticsEntry.MaximumByteCount, StatisticsEntry.Start);
            long slotLimit = _archive.StockByteCount(folder) / sizeof(float);
            ITransformer transformer = StatisticsEntry.Read(bytes, entry.FullName, _kinds, _host, slotLimit);
            StockFormCheck.Require(_catalog, _archive, folder, transformer);
            return transformer;
        }
        return LoadChain(folder, depth);
    }

    private TransformerChain<ITransformer> LoadChain(string folder, int depth)
    {
        IReadOnlyList<TransformerScope> scopes = ChainStream.ReadScopes(_archive, folder);
        var stages = new ITransformer[scopes.Count];
        var stock = new List<int>();
        for (int i = 0; i < stages.Length; i++)
        {
            string child = ModelArchive.Child(folder, i);
            if (_archive.HasStatistics(child))
            {
                stages[i] = LoadFolder(child, depth + 1);
            }
            else
            {
                stock.Add(i);
            }
        }
        if (stock.Count > 0)
        {
            // At once: every load by ML.NET opens a zip and makes a folder for temporary files.
            using Stream wrapped = _archive.Rewrap([.. stock.Select(i => ModelArchive.Child(folder, i))]);
            var loaded = (TransformerChain<ITransformer>)_catalog.Load(wrapped, out _);
            foreach ((int i, ITransformer stage) in stock.Zip(loaded))
            {
                stages[i] = stage;
            }
        }
        return new TransformerChain<ITransformer>(stages, scopes);
    }
}
