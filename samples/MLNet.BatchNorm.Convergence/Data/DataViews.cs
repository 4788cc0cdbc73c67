using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>Shows a data set to ML.NET: a column Features of known size, and a column Label of the type that the task asks for.</summary>
public static class DataViews
{
    /// <summary>The name of the feature column.</summary>
    public const string Features = "Features";

    /// <summary>The name of the label column.</summary>
    public const string Label = "Label";

    /// <summary>Boolean labels for binary classification, keys for multiclass (ML.NET counts raw key members from zero), single precision for regression.</summary>
    public static IDataView Create(MLContext mlContext, TabularData data) => data.Task switch
    {
        LearningTask.Binary => Load(
            mlContext, data, (features, label) => new BinaryRow { Features = features, Label = label > 0 }, BooleanDataViewType.Instance),
        LearningTask.Multiclass => Load(
            mlContext,
            data,
            (features, label) => new MulticlassRow { Features = features, Label = (uint)label },
            new KeyDataViewType(typeof(uint), data.ClassCount)),
        _ => Load(
            mlContext, data, (features, label) => new RegressionRow { Features = features, Label = (float)label }, NumberDataViewType.Single),
    };

    /// <summary>Reads a column of feature vectors back, row by row.</summary>
    public static float[][] ReadFeatures(IDataView view, string column) => [.. view.GetColumn<float[]>(view.Schema[column])];

    private static IDataView Load<TRow>(MLContext mlContext, TabularData data, Func<float[], double, TRow> create, DataViewType labelType)
        where TRow : class
    {
        var definition = SchemaDefinition.Create(typeof(TRow));
        definition[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, data.FeatureCount);
        definition[Label].ColumnType = labelType;

        // A saved model then knows what its features are called.
        definition[Features].AddAnnotation(
            "SlotNames",
            new VBuffer<ReadOnlyMemory<char>>(data.FeatureCount, [.. data.FeatureNames.Select(name => name.AsMemory())]),
            new VectorDataViewType(TextDataViewType.Instance, data.FeatureCount));
        var rows = data.Rows.Zip(data.Labels, create).ToArray();
        return mlContext.Data.LoadFromEnumerable(rows, definition);
    }

    private sealed class BinaryRow
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    private sealed class MulticlassRow
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }

    private sealed class RegressionRow
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
