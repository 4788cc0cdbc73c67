using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>
/// Follows a pipeline's schema shapes through a trainer. Shapes can only be made by ML.NET itself: its own trainers of the same task
/// have the same effect on them.
/// </summary>
internal static class NetworkShapes
{
    public static SchemaShape GetOutputSchema(SchemaShape inputSchema, NetworkTask task, MultilayerPerceptronOptions options)
    {
        CheckFeatures(Find(inputSchema, "feature", options.FeatureColumnName));
        SchemaShape.Column label = Find(inputSchema, "label", options.LabelColumnName);
        (string expected, string advice) = NetworkColumns.LabelRule(task);
        if (!Accepts(task, label))
        {
            throw SchemaErrors.WrongType(nameof(inputSchema), "label", label.Name, expected, SchemaErrors.Describe(label), advice);
        }
        if (options.ExampleWeightColumnName is { } weightName)
        {
            SchemaShape.Column weight = Find(inputSchema, "weight", weightName);
            if (weight.Kind != SchemaShape.Column.VectorKind.Scalar || !IsNumber(weight))
            {
                throw SchemaErrors.WrongType(
                    nameof(inputSchema), "weight", weightName, "a scalar Single or Double", SchemaErrors.Describe(weight),
                    RowWeights.Advice(weight.Kind != SchemaShape.Column.VectorKind.Scalar));
            }
        }
        var columns = inputSchema.ToDictionary(column => column.Name);
        foreach (SchemaShape.Column column in ScoreColumns(task, label))
        {
            columns[column.Name] = column;
        }
        return new SchemaShape(columns.Values);
    }

    private static IEnumerable<SchemaShape.Column> ScoreColumns(NetworkTask task, SchemaShape.Column label)
    {
        const string Label = "Label";
        string features = label.Name + ".Features";
        var mlContext = new MLContext();
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(features, new VectorDataViewType(NumberDataViewType.Single, 1));
        builder.AddColumn(Label, task == NetworkTask.Regression ? NumberDataViewType.Single : BooleanDataViewType.Instance);
        SchemaShape stand = MLNetInternals.ShapeOf(builder.ToSchema());
        SchemaShape scored = task switch
        {
            NetworkTask.BinaryClassification => mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(Label, features).GetOutputSchema(stand),
            // Here the label's key values make a difference: the label is the real one.
            NetworkTask.MulticlassClassification => mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy(label.Name, features)
                .GetOutputSchema(new SchemaShape([stand.First(column => column.Name == features), label])),
            _ => mlContext.Regression.Trainers.Sdca(Label, features).GetOutputSchema(stand),
        };
        return scored.Where(column => column.Name is NetworkScoreColumns.Score or NetworkScoreColumns.Probability or NetworkScoreColumns.PredictedLabel);
    }

    private static void CheckFeatures(SchemaShape.Column features)
    {
        bool isSingle = !features.IsKey && features.ItemType.Equals(NumberDataViewType.Single);
        if (!isSingle || features.Kind != SchemaShape.Column.VectorKind.Vector)
        {
            throw SchemaErrors.WrongType(
                "inputSchema", "feature", features.Name, NetworkColumns.ExpectedFeatures, SchemaErrors.Describe(features),
                isSingle && features.Kind == SchemaShape.Column.VectorKind.VariableVector ? FeatureColumnType.SizeAdvice : NetworkColumns.FeatureAdvice);
        }
    }

    private static bool Accepts(NetworkTask task, SchemaShape.Column label) => label.Kind == SchemaShape.Column.VectorKind.Scalar && task switch
    {
        NetworkTask.BinaryClassification => label.ItemType is BooleanDataViewType || IsNumber(label) || IsKey(label),
        NetworkTask.MulticlassClassification => IsKey(label),
        _ => IsNumber(label),
    };

    private static bool IsKey(SchemaShape.Column column) => column.IsKey && column.ItemType.RawType == typeof(uint);

    private static bool IsNumber(SchemaShape.Column column) =>
        !column.IsKey && (column.ItemType.Equals(NumberDataViewType.Single) || column.ItemType.Equals(NumberDataViewType.Double));

    private static SchemaShape.Column Find(SchemaShape schema, string role, string columnName)
    {
        SchemaShape.Column[] found = [.. schema.Where(column => column.Name == columnName)];
        return found.Length > 0 ? found[0] : throw SchemaErrors.Missing("inputSchema", role, columnName, schema.Select(column => column.Name));
    }
}
