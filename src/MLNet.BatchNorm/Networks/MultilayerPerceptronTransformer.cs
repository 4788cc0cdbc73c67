using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>
/// A trained multilayer perceptron, which adds the columns that ML.NET's own predictors add: Score; PredictedLabel for classes; and
/// Probability for two classes.
/// </summary>
/// <remarks>
/// <para>
/// Two classes: Score is the logarithm of the odds, Probability its sigmoid 1 / (1 + exp(-score)), PredictedLabel whether the score is
/// positive. More classes: Score holds the softmax of the outputs, one probability per class, with the class names as slot names;
/// PredictedLabel is the key of the largest. Regression: Score is the number, in the units of the label. A missing feature (NaN) gives
/// scores that are NaN, and a missing or negative label.
/// </para>
/// <para>
/// Immutable, and safe to use from many threads at once. Works row by row, so that it can stand in a
/// <see cref="PredictionEngine{TSrc, TDst}"/>; <see cref="Transform"/> is lazy, reads the features only where a score column is asked
/// for, scores each row once, and allocates nothing per row. Dropout is for training only, and batch normalization is folded into the
/// weights.
/// </para>
/// <para>
/// Saved with <c>mlContext.Model.Save</c>, it is plain ML.NET that any ML.NET program loads and scores, with scores that are equal up to
/// float rounding (1e-5 of the score), and beside it what <c>mlContext.Model.LoadWithStatistics</c> needs to give this type back.
/// </para>
/// <para>
/// <c>mlContext.Model.ConvertToOnnx</c> exports it, just trained or from <c>LoadWithStatistics</c>, in operator sets 9 to 12: Score,
/// Probability and PredictedLabel (of a key the number of the class, from 1; 0 where a feature is missing), equal to 1e-5 of the score.
/// </para>
/// <para>
/// How much each feature matters: <c>PermutationFeatureImportance(network, data, label)</c> takes this transformer as it is, and data that
/// the stages before it have transformed (in a chain: <c>chain.LastTransformer</c>, and <c>network.Transform</c>'s input). The overload that
/// takes a whole model finds ML.NET's own predictors only, and no other.
/// </para>
/// </remarks>
public sealed class MultilayerPerceptronTransformer : ISingleFeaturePredictionTransformer<MultilayerPerceptronModel>, IStoredAsStock
{
    private readonly FittedNetwork _fitted;
    private readonly FoldedNetwork _network;
    private readonly NetworkScoreColumns _columns;
    private ITransformer? _stock;

    internal MultilayerPerceptronTransformer(FittedNetwork fitted)
    {
        _fitted = fitted;
        _network = fitted.Network.Fold();
        _columns = new NetworkScoreColumns(fitted.Task, fitted.Network.OutputCount, fitted.Label);
        Model = new MultilayerPerceptronModel(fitted);
    }

    /// <summary>The network: layers, weights, statistics, options, and how the training went.</summary>
    public MultilayerPerceptronModel Model { get; }

    /// <summary>The column that the network reads.</summary>
    public string FeatureColumnName => _fitted.FeatureColumnName;

    /// <summary>The type of that column in the training data: a vector of Single.</summary>
    public DataViewType FeatureColumnType => _fitted.FeatureType;

    /// <summary>Always <see langword="true"/>: each output row depends on its input row alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The same network as stock ML.NET. Made when first needed; should two threads make it, they make the same.</summary>
    private ITransformer Stock => _stock ??= StockChain.Load(StockStages);

    private IReadOnlyList<IEnumerable<(string Name, byte[] Bytes)>> StockStages =>
        StockNetwork.Stages(StockLayers.Of(_network), _fitted.Task, FeatureColumnName, _fitted.Label);

    IReadOnlyList<IEnumerable<(string Name, byte[] Bytes)>> IStoredAsStock.StockStages => StockStages;

    IReadOnlyList<ProbeColumn> IStoredAsStock.ProbeColumns => [new ProbeColumn(FeatureColumnName, FeatureColumnType, CreateProbes(_network.FeatureCount))];

    IReadOnlyList<string> IStoredAsStock.ProbedOutputs => [NetworkScoreColumns.Score];

    /// <summary>The schema of the output for an input of the given schema.</summary>
    /// <param name="inputSchema">A schema that holds the feature column, as long as in the training.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing, or of another type or size.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema, nameof(inputSchema)).OutputSchema;

    /// <summary>The mapper that scores single rows of the given schema.</summary>
    /// <inheritdoc cref="GetOutputSchema"/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new BoundRowMapper(Bind(inputSchema, nameof(inputSchema)));

    /// <summary>The data with the score columns added. Lazy: nothing is computed before a cursor asks for it.</summary>
    /// <param name="input">Data that hold the feature column, as long as in the training.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing, or of another type or size.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        NetworkBinding binding = Bind(input.Schema, nameof(input));
        return OnnxExport.WithOnnxExport(
            new BoundDataView(input, binding),
            input,
            () => Stock.Transform(input),
            graph => OnnxNetwork.Write(graph, _network, binding.Features, _columns.Describe(input.Schema)));
    }

    /// <summary>What <see cref="Model"/> is, and the column that it reads.</summary>
    public override string ToString() => $"{Model}, on column '{FeatureColumnName}'";

    internal static MultilayerPerceptronTransformer FromState(StatisticsReader reader, HostEnvironment host) => new(NetworkState.Read(reader));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        StatisticsEntry.SaveWithStatistics(ctx, Stock, NetworkState.Kind, NetworkState.Version, writer => NetworkState.Write(writer, _fitted));
    }

    // Numbers of the sizes that features have, so that each neuron is in every part of its activation: another network gives other scores.
    private static double[][] CreateProbes(int featureCount)
    {
        var random = new Random(1);
        double[] sizes = [1, 10, 100, 1000];
        int rowCount = Math.Clamp((1 << 20) / featureCount, sizes.Length, 128);
        return [.. Enumerable.Range(0, rowCount).Select(row =>
            Enumerable.Range(0, featureCount).Select(_ => sizes[row % sizes.Length] * ((2 * random.NextDouble()) - 1)).ToArray())];
    }

    private NetworkBinding Bind(DataViewSchema inputSchema, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(inputSchema, parameterName);
        var features = NetworkColumns.FindFeatures(inputSchema, FeatureColumnName, parameterName, _network.FeatureCount);
        return new NetworkBinding(inputSchema, _columns.Describe(inputSchema), _fitted.Task, _network, features);
    }
}
