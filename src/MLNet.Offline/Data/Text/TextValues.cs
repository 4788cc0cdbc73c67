using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Reads a value from a field's text; false where the text is no such value.</summary>
internal delegate bool TextParser<TValue>(ReadOnlyMemory<char> text, out TValue value);

/// <summary>What a field's text means in each column type.</summary>
internal static class TextValues
{
    /// <summary>True for types in which a bad field is a missing value; in the others it is an error.</summary>
    public static bool HasMissing(DataViewType itemType) =>
        itemType is KeyDataViewType || itemType.RawType == typeof(float) || itemType.RawType == typeof(double);

    public static TextParser<TValue> GetParser<TValue>(DataViewType itemType, bool emptyIsNaN) => (TextParser<TValue>)GetParser(itemType, emptyIsNaN);

    private static Delegate GetParser(DataViewType itemType, bool emptyIsNaN) => Type.GetTypeCode(itemType.RawType) switch
    {
        TypeCode.Single => RealParser<float>(emptyIsNaN),
        TypeCode.Double => RealParser<double>(emptyIsNaN),
        TypeCode.Boolean => new TextParser<bool>(TryParseBoolean),
        TypeCode.SByte => IntegerParser<sbyte>(),
        TypeCode.Int16 => IntegerParser<short>(),
        TypeCode.Int32 => IntegerParser<int>(),
        TypeCode.Int64 => IntegerParser<long>(),
        TypeCode.Byte => UnsignedParser<byte>(itemType),
        TypeCode.UInt16 => UnsignedParser<ushort>(itemType),
        TypeCode.UInt32 => UnsignedParser<uint>(itemType),
        TypeCode.UInt64 => UnsignedParser<ulong>(itemType),
        _ when itemType is TextDataViewType => new TextParser<ReadOnlyMemory<char>>(TryParseText),
        _ => throw new NotSupportedException($"No column of type {itemType} can be read from text."),
    };

    // Empty is 0 or NaN by option; a float is rounded from the double, as in ML.NET.
    private static TextParser<TReal> RealParser<TReal>(bool emptyIsNaN)
        where TReal : struct, IFloatingPointIeee754<TReal> => (ReadOnlyMemory<char> text, out TReal value) =>
    {
        var trimmed = text.Span.Trim();
        if (trimmed.IsEmpty)
        {
            value = emptyIsNaN ? TReal.NaN : TReal.Zero;
            return true;
        }

        if (double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            value = TReal.CreateTruncating(number);
            return true;
        }

        value = TReal.NaN;
        return IsMissing(trimmed);
    };

    private static TextParser<TInteger> IntegerParser<TInteger>()
        where TInteger : struct, IBinaryInteger<TInteger> => (ReadOnlyMemory<char> text, out TInteger value) =>
    {
        value = TInteger.Zero;
        return text.IsEmpty
            || (text.Span[0] != '+' && TInteger.TryParse(text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));
    };

    // A key's text counts categories from 0, its value from 1; other numbers are out of range, and missing.
    private static TextParser<TInteger> UnsignedParser<TInteger>(DataViewType itemType)
        where TInteger : struct, IBinaryInteger<TInteger>
    {
        if (itemType is not KeyDataViewType key)
        {
            return (ReadOnlyMemory<char> text, out TInteger value) =>
            {
                value = TInteger.Zero;
                return text.IsEmpty || TInteger.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out value);
            };
        }

        return (ReadOnlyMemory<char> text, out TInteger value) =>
        {
            value = TInteger.Zero;
            if (text.IsEmpty || IsMissing(text.Span))
            {
                return true;
            }

            if (!ulong.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var category) || category >= key.Count)
            {
                return false;
            }

            value = TInteger.CreateTruncating(category + 1);
            return true;
        };
    }

    private static bool TryParseText(ReadOnlyMemory<char> text, out ReadOnlyMemory<char> value)
    {
        value = text;
        return true;
    }

    private static bool TryParseBoolean(ReadOnlyMemory<char> text, out bool value)
    {
        ReadOnlySpan<string> yes = ["1", "t", "y", "+", "+1", "yes", "true"];
        ReadOnlySpan<string> no = ["", "0", "f", "n", "-", "-1", "no", "false"];
        value = IsAnyOf(text.Span, yes);
        return value || IsAnyOf(text.Span, no);
    }

    private static bool IsMissing(ReadOnlySpan<char> text) => IsAnyOf(text, ["?", "na", "n/a", "nan"]);

    private static bool IsAnyOf(ReadOnlySpan<char> text, ReadOnlySpan<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (text.Equals(candidate, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
