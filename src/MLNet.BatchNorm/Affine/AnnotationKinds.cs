namespace MLNet.BatchNorm;

/// <summary>Names of the column annotations that are read or written here; ML.NET's own list of them is internal.</summary>
internal static class AnnotationKinds
{
    public const string IsNormalized = nameof(IsNormalized);

    public const string KeyValues = nameof(KeyValues);

    public const string SlotNames = nameof(SlotNames);
}
