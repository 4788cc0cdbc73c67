using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Persistence;

/// <summary>A transformer that is saved as stock ML.NET, with its state beside: what the two are held against each other by.</summary>
internal interface IStoredAsStock : ITransformer
{
    /// <summary>The streams of its stock form, stage by stage.</summary>
    IReadOnlyList<IEnumerable<(string Name, byte[] Bytes)>> StockStages { get; }

    /// <summary>Values to try the stock form on, where it is written otherwise than this version would write it.</summary>
    IReadOnlyList<ProbeColumn> ProbeColumns { get; }

    /// <summary>The columns that the stock form must give as the transformer does.</summary>
    IReadOnlyList<string> ProbedOutputs { get; }
}

/// <summary>A column of values to try.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">A scalar or a vector of known size, of Single or Double.</param>
/// <param name="Rows">One array per row, as long as the column has slots.</param>
internal sealed record ProbeColumn(string Name, DataViewType Type, double[][] Rows);
