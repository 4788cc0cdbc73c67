using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>
/// The columns that a network adds: names, types and annotations are those of ML.NET's own predictors, taken from one that is made for
/// the purpose.
/// </summary>
internal sealed class NetworkScoreColumns
{
    public const string Score = "Score";
    public const string Probability = "Probability";
    public const string PredictedLabel = "PredictedLabel";

    private readonly ITransformer _predictor;
    private readonly string[] _names;

    public NetworkScoreColumns(NetworkTask task, int outputCount, DataViewSchema.Column label)
    {
        _predictor = StockNetwork.Create([new StockLayer(new float[outputCount], new float[outputCount])], task, StockNetwork.HiddenColumnName, label);
        _names = task switch
        {
            NetworkTask.BinaryClassification => [PredictedLabel, Score, Probability],
            NetworkTask.MulticlassClassification => [PredictedLabel, Score],
            _ => [Score],
        };
    }

    /// <summary>The added columns, in order, for an input of the given schema.</summary>
    public DataViewSchema.DetachedColumn[] Describe(DataViewSchema inputSchema)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema.Select(column => new DataViewSchema.DetachedColumn(column)));
        builder.AddColumn(StockNetwork.HiddenColumnName, new VectorDataViewType(NumberDataViewType.Single, 1));
        DataViewSchema output = _predictor.GetOutputSchema(builder.ToSchema());
        return [.. _names.Select(name => new DataViewSchema.DetachedColumn(output[name]))];
    }
}
