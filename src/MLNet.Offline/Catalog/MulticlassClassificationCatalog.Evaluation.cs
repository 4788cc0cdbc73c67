using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML;

// Metrics of scored data.
public sealed partial class MulticlassClassificationCatalog
{
    public MulticlassClassificationMetrics Evaluate(
        IDataView data,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel,
        int topKPredictionCount = 0)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(topKPredictionCount >= 0, nameof(topKPredictionCount), "Must be non-negative");
        var score = ScoredColumns.Find(
            data,
            "score",
            scoreColumnName,
            "vector of two or more items of type Single",
            type => type is VectorDataViewType { Size: >= 2 } vector && ScoredColumns.IsSingle(vector.ItemType));
        var label = ScoredColumns.Find(
            data, "label", labelColumnName, "Single or Key", type => ScoredColumns.IsSingle(type) || type.GetKeyCount() > 0);
        ScoredColumns.Find(data, "predicted label", predictedLabelColumnName, "any type", _ => true);
        using var cursor = data.GetRowCursor([label, score]);
        var getLabel = LabelGetter.Create(cursor, label);
        var getScore = cursor.GetGetter<VBuffer<float>>(score);
        var labelValue = 0f;
        var scoreValue = default(VBuffer<float>);
        var denseScores = new float[score.Type.GetVectorSize()];
        var sums = new MulticlassMetricsAccumulator(denseScores.Length);
        while (cursor.MoveNext())
        {
            getLabel(ref labelValue);
            getScore(ref scoreValue);
            sums.Add(labelValue, scoreValue, denseScores);
        }
        return new(sums, topKPredictionCount);
    }

    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = DefaultColumnNames.Label,
        string? samplingKeyColumnName = null,
        int? seed = null)
    {
        Contracts.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        return CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed, scores => Evaluate(scores, labelColumnName));
    }
}
