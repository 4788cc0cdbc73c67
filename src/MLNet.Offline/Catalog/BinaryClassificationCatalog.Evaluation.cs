using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML;

// Metrics of scored data.
public sealed partial class BinaryClassificationCatalog
{
    public CalibratedBinaryClassificationMetrics Evaluate(
        IDataView data,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        string probabilityColumnName = DefaultColumnNames.Probability,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel)
    {
        Contracts.CheckValue(data, nameof(data));
        var probability = ScoredColumns.Find(data, "probability", probabilityColumnName, "Single", ScoredColumns.IsSingle);
        return new(Accumulate(data, labelColumnName, scoreColumnName, probability, predictedLabelColumnName));
    }

    public BinaryClassificationMetrics EvaluateNonCalibrated(
        IDataView data,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel)
    {
        Contracts.CheckValue(data, nameof(data));
        return new(Accumulate(data, labelColumnName, scoreColumnName, null, predictedLabelColumnName));
    }

    public IReadOnlyList<CrossValidationResult<CalibratedBinaryClassificationMetrics>> CrossValidate(
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

    private static BinaryMetricsAccumulator Accumulate(
        IDataView data, string labelName, string scoreName, DataViewSchema.Column? probability, string predictedLabelName)
    {
        var score = ScoredColumns.Find(data, "score", scoreName, "Single", ScoredColumns.IsSingle);
        var label = ScoredColumns.Find(data, "label", labelName, "Single, Double, Boolean, or a Key with cardinality 2", IsBinaryLabel);
        ScoredColumns.Find(data, "predicted label", predictedLabelName, "any type", _ => true);
        using var cursor = data.GetRowCursor(probability is { } active ? [label, score, active] : [label, score]);
        var getLabel = LabelGetter.Create(cursor, label);
        var getScore = cursor.GetGetter<float>(score);
        var getProbability = probability is { } column ? cursor.GetGetter<float>(column) : (ref float value) => value = float.NaN;
        var (labelValue, scoreValue, probabilityValue) = (0f, 0f, 0f);
        var sums = new BinaryMetricsAccumulator();
        while (cursor.MoveNext())
        {
            getLabel(ref labelValue);
            getScore(ref scoreValue);
            getProbability(ref probabilityValue);
            sums.Add(labelValue, scoreValue, probabilityValue);
        }
        return sums;
    }

    private static bool IsBinaryLabel(DataViewType type) =>
        type is BooleanDataViewType || type.Equals(NumberDataViewType.Single) || type.Equals(NumberDataViewType.Double) || type.GetKeyCount() == 2;
}
