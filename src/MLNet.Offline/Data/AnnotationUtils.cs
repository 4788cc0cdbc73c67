namespace Microsoft.ML.Data;

/// <summary>Names of the known annotations, and helpers to write them.</summary>
internal static class AnnotationUtils
{
    /// <summary>Adds slot names for a vector of <paramref name="names"/>'s length.</summary>
    public static void AddSlotNames(this DataViewSchema.Annotations.Builder builder, VBuffer<ReadOnlyMemory<char>> names) =>
        builder.AddVector(Kinds.SlotNames, TextDataViewType.Instance, names);

    /// <summary>Adds the values behind a key column's keys 1 to <paramref name="values"/>' length.</summary>
    public static void AddKeyValues<TValue>(
        this DataViewSchema.Annotations.Builder builder, PrimitiveDataViewType valueType, VBuffer<TValue> values) =>
        builder.AddVector(Kinds.KeyValues, valueType, values);

    /// <summary>Adds a vector under any name.</summary>
    public static void AddVector<TValue>(
        this DataViewSchema.Annotations.Builder builder, string kind, PrimitiveDataViewType itemType, VBuffer<TValue> values) =>
        builder.Add(kind, new VectorDataViewType(itemType, values.Length), (ref VBuffer<TValue> destination) => values.CopyTo(ref destination));

    /// <summary>Says that the column's values are of comparable scale.</summary>
    public static void AddIsNormalized(this DataViewSchema.Annotations.Builder builder) =>
        builder.AddPrimitiveValue(Kinds.IsNormalized, BooleanDataViewType.Instance, true);

    /// <summary>Adds a text value.</summary>
    public static void AddText(this DataViewSchema.Annotations.Builder builder, string kind, string value) =>
        builder.AddPrimitiveValue(kind, TextDataViewType.Instance, value.AsMemory());

    /// <summary>The column's slot names, or null where it has none.</summary>
    public static VBuffer<ReadOnlyMemory<char>>? GetSlotNamesOrNull(this DataViewSchema.Column column)
    {
        if (!column.HasSlotNames())
        {
            return null;
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return names;
    }

    /// <summary>Names of annotations.</summary>
    public static class Kinds
    {
        public const string SlotNames = "SlotNames";
        public const string KeyValues = "KeyValues";
        public const string IsNormalized = "IsNormalized";
        public const string ScoreColumnSetId = "ScoreColumnSetId";
        public const string ScoreColumnKind = "ScoreColumnKind";
        public const string ScoreValueKind = "ScoreValueKind";
        public const string TrainingLabelValues = "TrainingLabelValues";
    }
}
