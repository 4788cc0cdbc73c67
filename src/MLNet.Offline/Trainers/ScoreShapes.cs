using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Trainers;

/// <summary>The columns that trained models will add, before there are any.</summary>
internal static class ScoreShapes
{
    public static IEnumerable<SchemaShape.Column> Binary() =>
    [
        new(DefaultColumnNames.Score, VectorKind.Scalar, NumberDataViewType.Single, false, new SchemaShape(Annotations())),
        new(
            DefaultColumnNames.Probability,
            VectorKind.Scalar,
            NumberDataViewType.Single,
            false,
            new SchemaShape([.. Annotations(), new(AnnotationUtils.Kinds.IsNormalized, VectorKind.Scalar, BooleanDataViewType.Instance, false)])),
        new(DefaultColumnNames.PredictedLabel, VectorKind.Scalar, BooleanDataViewType.Instance, false, new SchemaShape(Annotations())),
    ];

    public static IEnumerable<SchemaShape.Column> Regression() =>
        [new(DefaultColumnNames.Score, VectorKind.Scalar, NumberDataViewType.Single, false, new SchemaShape(Annotations()))];

    public static IEnumerable<SchemaShape.Column> Multiclass(SchemaShape inputSchema, string labelColumnName)
    {
        var hasLabel = inputSchema.TryFindColumn(labelColumnName, out var label);
        var keyValues = hasLabel ? label.Annotations.Where(column => column.Name == AnnotationUtils.Kinds.KeyValues).ToArray() : [];
        var names = keyValues.Where(column => column.Kind == VectorKind.Vector).SelectMany(NamesOf);
        return
        [
            new(DefaultColumnNames.Score, VectorKind.Vector, NumberDataViewType.Single, false, new SchemaShape([.. names, .. Annotations()])),
            new(
                DefaultColumnNames.PredictedLabel,
                VectorKind.Scalar,
                NumberDataViewType.UInt32,
                true,
                new SchemaShape([.. keyValues, .. Annotations()])),
        ];
    }

    private static IEnumerable<SchemaShape.Column> NamesOf(SchemaShape.Column keyValues)
    {
        if (keyValues.ItemType is TextDataViewType)
        {
            yield return new(AnnotationUtils.Kinds.SlotNames, VectorKind.Vector, TextDataViewType.Instance, false);
        }
        yield return new(AnnotationUtils.Kinds.TrainingLabelValues, VectorKind.Vector, keyValues.ItemType, false);
    }

    private static IEnumerable<SchemaShape.Column> Annotations() =>
    [
        new(AnnotationUtils.Kinds.ScoreColumnSetId, VectorKind.Scalar, NumberDataViewType.UInt32, true),
        new(AnnotationUtils.Kinds.ScoreColumnKind, VectorKind.Scalar, TextDataViewType.Instance, false),
        new(AnnotationUtils.Kinds.ScoreValueKind, VectorKind.Scalar, TextDataViewType.Instance, false),
    ];
}
