using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>The type of a column that can be scaled: a scalar or a vector of known size, of Single or Double.</summary>
internal readonly record struct FeatureColumnType
{
    public const string Expected = "a scalar or a known-size vector of Single or Double";
    public const string TypeAdvice = "Convert it first, with Conversion.ConvertType or, for categories, Categorical.OneHotEncoding.";
    public const string SizeAdvice = "Give the vector a size where the data are defined: [VectorType(n)] on the property, or a SchemaDefinition.";

    private FeatureColumnType(DataViewType type, PrimitiveDataViewType itemType, int slotCount, ImmutableArray<int> dimensions)
    {
        Type = type;
        ItemType = itemType;
        SlotCount = slotCount;
        Dimensions = dimensions;
    }

    public DataViewType Type { get; }

    public PrimitiveDataViewType ItemType { get; }

    public int SlotCount { get; }

    /// <summary>The vector's dimensions; empty for a scalar.</summary>
    public ImmutableArray<int> Dimensions { get; }

    public bool IsVector => Type is VectorDataViewType;

    public bool IsDouble => ItemType.RawType == typeof(double);

    /// <summary>The column of that name and its type, or an error that says what is wrong with it.</summary>
    public static FeatureColumnType Of(DataViewSchema schema, string columnName, string parameterName, out DataViewSchema.Column column)
    {
        column = schema.GetColumnOrNull(columnName) ?? throw SchemaErrors.Missing(parameterName, "input", columnName, schema);
        return TryCreate(column.Type, out var type, out var advice)
            ? type
            : throw SchemaErrors.WrongType(parameterName, "input", columnName, Expected, $"{column.Type}", advice);
    }

    public static FeatureColumnType Create(DataViewType type) =>
        TryCreate(type, out var result, out _) ? result : throw new ArgumentOutOfRangeException(nameof(type), type, $"Expected {Expected}.");

    /// <summary>Whether values of this type can be read by a map that was made for <paramref name="fitted"/>.</summary>
    public bool CanStandFor(FeatureColumnType fitted) =>
        ItemType.Equals(fitted.ItemType) && IsVector == fitted.IsVector && SlotCount == fitted.SlotCount;

    /// <summary>A number as the column's type holds it.</summary>
    public double Round(double value) => IsDouble ? value : (float)value;

    /// <summary>
    /// Whether one over a spread is a number of the type: values that differ by less than 1e-38 (Single) or 1e-308 (Double) count as constant.
    /// </summary>
    public bool HoldsInverse(double spread) => double.IsFinite(Round(1 / spread));

    /// <summary>The column of that name, which must be able to stand where one of this type was fitted, or an error that says why not.</summary>
    public DataViewSchema.Column FindSame(DataViewSchema schema, string columnName, string parameterName)
    {
        var found = Of(schema, columnName, parameterName, out var column);
        return found.CanStandFor(this) ? column : throw SchemaErrors.WrongType(
            parameterName, "input", columnName, $"{Type}, as in the data of the fit", $"{found.Type}",
            "Use data of the same shape, or fit again on the new data.");
    }

    private static bool TryCreate(DataViewType type, out FeatureColumnType result, out string advice)
    {
        var vector = type as VectorDataViewType;
        var itemType = vector?.ItemType ?? type as PrimitiveDataViewType;
        result = default;
        advice = string.Empty;
        if (itemType is null || (itemType.RawType != typeof(float) && itemType.RawType != typeof(double)) || itemType is KeyDataViewType)
        {
            advice = TypeAdvice;
            return false;
        }
        if (vector is { Size: 0 })
        {
            advice = SizeAdvice;
            return false;
        }
        result = new FeatureColumnType(type, itemType, vector?.Size ?? 1, vector?.Dimensions ?? []);
        return true;
    }
}
