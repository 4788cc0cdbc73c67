using Microsoft.ML.Data;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.Transforms;

/// <summary>The annotations that estimators promise and ask for, as shapes.</summary>
internal static class ShapeAnnotations
{
    public static SchemaShape.Column Normalized { get; }
        = new(AnnotationUtils.Kinds.IsNormalized, VectorKind.Scalar, BooleanDataViewType.Instance, false);

    public static SchemaShape.Column SlotNames { get; }
        = new(AnnotationUtils.Kinds.SlotNames, VectorKind.Vector, TextDataViewType.Instance, false);

    public static bool IsNormalized(SchemaShape.Column column)
        => column.Annotations.TryFindColumn(AnnotationUtils.Kinds.IsNormalized, out var annotation)
            && annotation is { Kind: VectorKind.Scalar, ItemType: BooleanDataViewType };

    public static bool HasSlotNames(SchemaShape.Column column)
        => column.Kind == VectorKind.Vector
            && column.Annotations.TryFindColumn(AnnotationUtils.Kinds.SlotNames, out var annotation)
            && annotation is { Kind: VectorKind.Vector, ItemType: TextDataViewType };
}
