using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>
/// The common part of this library's transformers: per column and slot, y = (x - offset) * scale, with numbers that were fixed by a fit.
/// </summary>
/// <remarks>
/// <para>
/// Immutable, and safe to use from many threads at once. The output has the type of the input and keeps its slot names. NaN stays NaN.
/// The map works row by row: it can stand in a <see cref="PredictionEngine{TSrc, TDst}"/>, and <see cref="Transform"/> is lazy, reads
/// only what is asked for, and allocates nothing per row.
/// </para>
/// <para>
/// Saved with <c>mlContext.Model.Save</c>, it is a plain stock ML.NET transformer that any ML.NET program can load, and beside it what
/// <c>mlContext.Model.LoadWithStatistics</c> needs to give this type back. It can be exported to ONNX.
/// </para>
/// </remarks>
public abstract partial class AffineTransformer : IStoredAsStock
{
    private readonly ImmutableArray<AffineColumn> _columns;
    private ITransformer? _stock;

    private protected AffineTransformer(HostEnvironment host, ImmutableArray<AffineColumn> columns)
    {
        Host = host;
        _columns = columns;
    }

    /// <summary>Always <see langword="true"/>: each output row depends on its input row alone.</summary>
    public bool IsRowToRowMapper => true;

    private protected HostEnvironment Host { get; }

    /// <summary>The same map as a stock ML.NET transformer. Made when first needed; should two threads make it, they make the same.</summary>
    private ITransformer Stock => _stock ??= StockChain.Load(StockStages);

    private IReadOnlyList<IEnumerable<(string Name, byte[] Bytes)>> StockStages => StockNormalizer.Stages([.. _columns.Select(column => column.ToStock())]);

    IReadOnlyList<IEnumerable<(string Name, byte[] Bytes)>> IStoredAsStock.StockStages => StockStages;

    IReadOnlyList<ProbeColumn> IStoredAsStock.ProbeColumns =>
        [.. _columns.GroupBy(column => column.InputColumnName).Select(group => new ProbeColumn(group.Key, group.First().Type, [.. group.SelectMany(column => column.ProbeRows())]))];

    IReadOnlyList<string> IStoredAsStock.ProbedOutputs => [.. _columns.Select(column => column.OutputColumnName)];

    /// <summary>The schema of the output for an input of the given schema.</summary>
    /// <param name="inputSchema">A schema that holds the input columns, of the types that the transformer was fitted on.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema, nameof(inputSchema)).OutputSchema;

    /// <summary>The mapper that scales single rows of the given schema.</summary>
    /// <inheritdoc cref="GetOutputSchema"/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new BoundRowMapper(Bind(inputSchema, nameof(inputSchema)));

    /// <summary>The data with the scaled columns added. Lazy: nothing is computed before a cursor asks for it.</summary>
    /// <param name="input">Data that hold the input columns, of the types that the transformer was fitted on.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var fast = new BoundDataView(input, Bind(input.Schema, nameof(input)));
        return OnnxExport.WithOnnxExport(
            fast, input, () => Stock.Transform(input), graph => OnnxScaling.Write(graph, [.. _columns.Select(column => column.ToStock())]));
    }

    /// <summary>
    /// The transformer that undoes this one: x = y / scale + offset, read from the output columns and written to the input columns
    /// (in place, where those are the same). It is saved as a plain stock ML.NET transformer.
    /// </summary>
    /// <exception cref="InvalidOperationException">A slot has scale 0, which cannot be undone.</exception>
    public ITransformer Inverse() => new InverseTransformer(Host, [.. _columns.Select(column => column.Inverse())]);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        SaveCore(ctx, Stock);
    }

    private protected abstract void SaveCore(ModelSaveContext context, ITransformer stock);

    private AffineBinding Bind(DataViewSchema inputSchema, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(inputSchema, parameterName);
        return AffineBinding.Create(inputSchema, _columns, parameterName);
    }
}
