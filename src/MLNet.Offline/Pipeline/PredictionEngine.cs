using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Applies a transformer to one object at a time. Not thread safe.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ITransformer _transformer;
    private readonly ObjectRow<TSrc> _input;
    private readonly Action<TDst>[] _setters;
    private bool _disposed;

    private protected PredictionEngineBase(ITransformer transformer, RowMember[] input, bool ignoreMissingColumns, SchemaDefinition? outputSchemaDefinition)
    {
        Contracts.CheckValue(transformer, nameof(transformer));
        Contracts.CheckParam(transformer.IsRowToRowMapper, nameof(transformer), "Must be a row to row mapper");
        _transformer = transformer;
        _input = new ObjectRow<TSrc>(input);
        var mapper = transformer.GetRowToRowMapper(_input.Schema);
        var members = RowMember.Bind<TDst>(outputSchemaDefinition, SchemaDefinition.Direction.Write);
        var matches = MemberSetters.Match(members, mapper.OutputSchema, ignoreMissingColumns);
        var output = mapper.GetRow(_input, mapper.OutputSchema);
        _setters = [.. matches.Select(match => MemberSetters.Create<TDst>(match.Member, output, match.Column))];
        OutputSchema = mapper.OutputSchema;
    }

    public DataViewSchema OutputSchema { get; }

    public TDst Predict(TSrc example)
    {
        var result = new TDst();
        Predict(example, ref result);
        return result;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _input.Dispose();
            (_transformer as IDisposable)?.Dispose();
        }
        GC.SuppressFinalize(this);
    }

    private protected void Map(TSrc example, TDst prediction)
    {
        _input.SetValue(example);
        foreach (var set in _setters)
        {
            set(prediction);
        }
    }
}

/// <summary>Applies a transformer to one object at a time. Not thread safe.</summary>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    internal PredictionEngine(ITransformer transformer, RowMember[] input, bool ignoreMissingColumns, SchemaDefinition? outputSchemaDefinition)
        : base(transformer, input, ignoreMissingColumns, outputSchemaDefinition)
    {
    }

    public override void Predict(TSrc example, ref TDst prediction)
    {
        Contracts.CheckValue(example, nameof(example));
        prediction ??= new TDst();
        Map(example, prediction);
    }
}
