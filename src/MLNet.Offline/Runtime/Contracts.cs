using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.Runtime;

/// <summary>Argument checks and exceptions that say which column or parameter, what was expected and what was found.</summary>
internal static class Contracts
{
    public static void CheckValue([NotNull] object? value, string paramName) => ArgumentNullException.ThrowIfNull(value, paramName);

    public static void CheckNonEmpty([NotNull] string? value, string paramName)
    {
        if (string.IsNullOrEmpty(value))
        {
            throw new ArgumentOutOfRangeException(paramName, $"{paramName} cannot be null or empty");
        }
    }

    public static void CheckParam([DoesNotReturnIf(false)] bool condition, string paramName, string message)
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(paramName, message);
        }
    }

    /// <summary>A column is not there.</summary>
    public static ArgumentOutOfRangeException ExceptSchemaMismatch(string paramName, string columnRole, string columnName) =>
        new(paramName, $"Could not find {columnRole} column '{columnName}'");

    /// <summary>A column is there, with the wrong type.</summary>
    public static ArgumentOutOfRangeException ExceptSchemaMismatch(
        string paramName, string columnRole, string columnName, string expectedType, string actualType) =>
        new(paramName, $"Schema mismatch for {columnRole} column '{columnName}': expected {expectedType}, got {actualType}");

    /// <summary>A getter is asked of a column that the cursor was not opened for.</summary>
    public static ArgumentOutOfRangeException ExceptInactive(DataViewSchema.Column column) => new(
        nameof(column), $"Column '{column.Name}' is not active: name it in columnsNeeded when opening the cursor.");

    /// <summary>A getter is asked with a value type that is not the column's.</summary>
    public static InvalidOperationException ExceptGetterType<TValue>(DataViewSchema.Column column, Type expected) => new(
        $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', expected type: '{expected}'.");

    /// <summary>A file or stream does not hold what its format says.</summary>
    public static FormatException ExceptDecode(string message) => new(message);

    /// <summary>Casts a getter that was made for <paramref name="column"/>'s raw type.</summary>
    public static ValueGetter<TValue> CheckGetter<TValue>(Delegate? getter, DataViewSchema.Column column)
    {
        if (getter is null)
        {
            throw ExceptInactive(column);
        }

        return getter as ValueGetter<TValue> ?? throw ExceptGetterType<TValue>(column, getter.GetType().GetGenericArguments()[0]);
    }
}
