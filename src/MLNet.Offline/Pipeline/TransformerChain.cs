using System.Collections;
using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Transformers applied one behind the other.</summary>
public sealed class TransformerChain<TLastTransformer> : ITransformerChain, ITransformer, IEnumerable<ITransformer>, IDisposable
    where TLastTransformer : class, ITransformer
{
    private readonly ITransformer[] _transformers;
    private readonly TransformerScope[] _scopes;
    private bool _disposed;

    // Null for an empty chain; like the real library, the type does not say so.
    public readonly TLastTransformer LastTransformer;

    public TransformerChain(IEnumerable<ITransformer> transformers, IEnumerable<TransformerScope> scopes)
    {
        _transformers = transformers?.ToArray() ?? [];
        _scopes = scopes?.ToArray() ?? [];
        LastTransformer = (_transformers.LastOrDefault() as TLastTransformer)!;
        if (_transformers.Length > 0 && LastTransformer == null)
        {
            throw new InvalidOperationException($"The last transformer of the chain is a {_transformers[^1].GetType().Name}, not a {typeof(TLastTransformer).Name}.");
        }
        if (_transformers.Length != _scopes.Length)
        {
            throw new InvalidOperationException($"A chain needs one scope for each transformer, but got {_transformers.Length} transformers and {_scopes.Length} scopes.");
        }
    }

    public TransformerChain(params ITransformer[] transformers)
        : this(transformers, Enumerable.Repeat(TransformerScope.Everything, transformers?.Length ?? 0))
    {
    }

    bool ITransformer.IsRowToRowMapper => _transformers.All(transformer => transformer.IsRowToRowMapper);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetOutputSchema(inputSchema, TransformerScope.Scoring);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema, TransformerScope scope)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return InScope(scope).Aggregate(inputSchema, (schema, transformer) => transformer.GetOutputSchema(schema));
    }

    public IDataView Transform(IDataView input) => Transform(input, TransformerScope.Scoring);

    public IDataView Transform(IDataView input, TransformerScope scope)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(input.Schema, scope);
        return InScope(scope).Aggregate(input, (view, transformer) => transformer.Transform(view));
    }

    public TransformerChain<ITransformer> GetModelFor(TransformerScope scopeFilter)
        => new([.. InScope(scopeFilter)], [.. _scopes.Where(scope => (scope & scopeFilter) != 0)]);

    public TransformerChain<TNewLast> Append<TNewLast>(TNewLast transformer, TransformerScope scope = TransformerScope.Everything)
        where TNewLast : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return new TransformerChain<TNewLast>([.. _transformers, transformer], [.. _scopes, scope]);
    }

    public IEnumerator<ITransformer> GetEnumerator() => ((IEnumerable<ITransformer>)_transformers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        foreach (var transformer in _transformers.OfType<IDisposable>())
        {
            transformer.Dispose();
        }
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (_transformers.FirstOrDefault(transformer => !transformer.IsRowToRowMapper) is { } notRowWise)
        {
            throw new InvalidOperationException($"{nameof(ITransformer.GetRowToRowMapper)} method called despite {nameof(ITransformer.IsRowToRowMapper)} " +
                $"being false: the chain holds a {notRowWise.GetType().Name}, which does not map row by row.");
        }
        var mappers = new IRowToRowMapper[_transformers.Length];
        var schema = inputSchema;
        for (var i = 0; i < mappers.Length; i++)
        {
            mappers[i] = _transformers[i].GetRowToRowMapper(schema);
            schema = mappers[i].OutputSchema;
        }
        return new CompositeRowToRowMapper(inputSchema, mappers);
    }

    // Format: number of transformers; for each its scope; each in a sub-folder of its own.
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(TransformerChain.Version);
        ctx.Writer.Write(_transformers.Length);
        for (var i = 0; i < _transformers.Length; i++)
        {
            ctx.Writer.Write((int)_scopes[i]);
            ctx.SaveModel(_transformers[i], TransformerChain.FolderOf(i));
        }
    }

    private IEnumerable<ITransformer> InScope(TransformerScope scope)
        => _transformers.Where((_, i) => (_scopes[i] & scope) != TransformerScope.None);
}

/// <summary>A chain, whatever its last transformer.</summary>
internal interface ITransformerChain
{
    IDataView Transform(IDataView input, TransformerScope scope);
}

/// <summary>The stock format of a transformer chain.</summary>
internal static class TransformerChain
{
    /// <summary>Also the folder of the model in a zip.</summary>
    public const string LoaderSignature = "TransformerChain";

    public static readonly ComponentVersion Version = new()
    {
        ModelSignature = "XF CHAIN",
        Written = 0x00010001,
        Readable = 0x00010001,
        OldestReadable = 0x00010001,
        LoaderSignature = LoaderSignature,
    };

    public static string FolderOf(int index) => string.Create(CultureInfo.InvariantCulture, $"Transform_{index:000}");

    public static TransformerChain<ITransformer> Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var count = context.Reader.ReadInt32();
        ModelHeader.Require(count >= 0, $"a chain of {count} transformers");
        var transformers = new List<ITransformer>();
        var scopes = new List<TransformerScope>();
        for (var i = 0; i < count; i++)
        {
            scopes.Add((TransformerScope)context.Reader.ReadInt32());
            transformers.Add(context.LoadModel<ITransformer>(FolderOf(i)));
        }
        return new TransformerChain<ITransformer>(transformers, scopes);
    }
}
