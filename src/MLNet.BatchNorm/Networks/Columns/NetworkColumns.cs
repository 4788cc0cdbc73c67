using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>The columns that a network is trained on, found in the data and checked.</summary>
/// <param name="Features">A vector of known size, of Single.</param>
/// <param name="Label">What the task can learn from.</param>
/// <param name="Weight">The weight of each row, where there is one.</param>
internal sealed record NetworkColumns(DataViewSchema.Column Features, DataViewSchema.Column Label, DataViewSchema.Column? Weight)
{
    public const string ExpectedFeatures = "a vector of Single of known size";
    public const string FeatureAdvice = "Put the features together with Concatenate, and convert other numbers first, with Conversion.ConvertType.";
    private const int LargestKeyCount = 1 << 20;

    /// <summary>For each key of the label, from 1 on, the class of the network that goes on; <see langword="null"/> where the key itself is the class.</summary>
    public int[]? ClassOfKey { get; init; }

    public int FeatureCount => ((VectorDataViewType)Features.Type).Size;

    public static NetworkColumns Find(DataViewSchema schema, NetworkTask task, MultilayerPerceptronOptions options, string parameterName) =>
        Find(schema, task, options, parameterName, fewestClasses: 2);

    private static NetworkColumns Find(
        DataViewSchema schema, NetworkTask task, MultilayerPerceptronOptions options, string parameterName, int fewestClasses)
    {
        var features = FindFeatures(schema, options.FeatureColumnName, parameterName);
        var label = Column(schema, "label", options.LabelColumnName, parameterName);
        CheckLabel(label, task, parameterName, fewestClasses);
        DataViewSchema.Column? weight = options.ExampleWeightColumnName is { } name ? RowWeights.Find(schema, name, parameterName) : null;
        return new NetworkColumns(features, label, weight);
    }

    /// <summary>The columns to train a network on that is there already: as many features, and its classes.</summary>
    public static NetworkColumns Find(
        DataViewSchema schema, NetworkTask task, MultilayerPerceptronOptions options, string parameterName, FittedNetwork trained)
    {
        // More of one class is something to learn from for a network that tells them apart already.
        NetworkColumns columns = Find(schema, task, options, parameterName, fewestClasses: 1);
        FindFeatures(schema, columns.Features.Name, parameterName, trained.Network.FeatureCount);
        return columns with { ClassOfKey = LabelClasses.Match(trained.Label, columns.Label, parameterName) };
    }

    /// <summary>The feature column, which must be a vector of Single: of any size or, where one is given, of that.</summary>
    public static DataViewSchema.Column FindFeatures(DataViewSchema schema, string columnName, string parameterName, int? featureCount = null)
    {
        var column = Column(schema, "feature", columnName, parameterName);
        if (column.Type is not VectorDataViewType vector || !vector.ItemType.Equals(NumberDataViewType.Single))
        {
            throw SchemaErrors.WrongType(parameterName, "feature", columnName, ExpectedFeatures, $"{column.Type}", FeatureAdvice);
        }
        if (vector.Size == 0)
        {
            throw SchemaErrors.WrongType(parameterName, "feature", columnName, ExpectedFeatures, $"{column.Type}", FeatureColumnType.SizeAdvice);
        }
        return featureCount is null || vector.Size == featureCount ? column : throw SchemaErrors.WrongType(
            parameterName, "feature", columnName, $"{new VectorDataViewType(NumberDataViewType.Single, featureCount.Value)}, as in the data of the training",
            $"{column.Type}", "Use data of the same shape, or train again on the new data.");
    }

    /// <summary>The number of outputs that the network needs: one, or one per class.</summary>
    public int OutputCount(NetworkTask task) => task == NetworkTask.MulticlassClassification ? (int)((KeyDataViewType)Label.Type).Count : 1;

    private static void CheckLabel(DataViewSchema.Column label, NetworkTask task, string parameterName, int fewestClasses)
    {
        (string expected, string advice) = LabelRule(task);
        if (!Accepts(task, label.Type))
        {
            throw SchemaErrors.WrongType(parameterName, "label", label.Name, expected, $"{label.Type}", advice);
        }
        if (task == NetworkTask.MulticlassClassification && (((KeyDataViewType)label.Type).Count < (ulong)fewestClasses || ((KeyDataViewType)label.Type).Count > LargestKeyCount))
        {
            throw SchemaErrors.WrongType(
                parameterName, "label", label.Name, $"a key of {fewestClasses} to {LargestKeyCount} classes", $"{label.Type}",
                "There must be something to tell apart: look at the values that the key was made of.");
        }
    }

    /// <summary>What labels a task can learn from, and what to do about others.</summary>
    public static (string Expected, string Advice) LabelRule(NetworkTask task) => task switch
    {
        NetworkTask.BinaryClassification => (
            "Boolean, a key of two values, or Single or Double that are 0 or 1",
            "Convert it first, with Conversion.MapValue or Conversion.ConvertType; for more classes use MulticlassClassification."),
        NetworkTask.MulticlassClassification => ("a key", $"Make one of it first, with Conversion.MapValueToKey."),
        _ => ("Single or Double", "Convert it first, with Conversion.ConvertType."),
    };

    private static bool Accepts(NetworkTask task, DataViewType type) => task switch
    {
        NetworkTask.BinaryClassification =>
            type is BooleanDataViewType || IsNumber(type) || (type is KeyDataViewType { Count: 2 } && type.RawType == typeof(uint)),
        NetworkTask.MulticlassClassification => type is KeyDataViewType && type.RawType == typeof(uint),
        _ => IsNumber(type),
    };

    private static bool IsNumber(DataViewType type) => type.Equals(NumberDataViewType.Single) || type.Equals(NumberDataViewType.Double);

    private static DataViewSchema.Column Column(DataViewSchema schema, string role, string columnName, string parameterName) =>
        schema.GetColumnOrNull(columnName) ?? throw SchemaErrors.Missing(parameterName, role, columnName, schema);
}
