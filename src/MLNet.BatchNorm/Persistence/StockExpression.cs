using System.Globalization;
using System.Numerics;

namespace MLNet.BatchNorm.Persistence;

/// <summary>One column of a stock Expression transform, which changes the column in place, slot by slot.</summary>
/// <param name="ColumnName">The column that is read and written.</param>
/// <param name="Text">The function, in ML.NET's expression language.</param>
/// <param name="IsVector">Whether the column is a vector.</param>
/// <param name="IsDouble">Whether its items are Double; otherwise they are Single.</param>
internal sealed record StockExpression(string ColumnName, string Text, bool IsVector, bool IsDouble)
{
    /// <summary>The stream of the transform that applies the expressions.</summary>
    public static byte[] Create(IReadOnlyCollection<StockExpression> columns) => StockModelStream.Create(StockComponent.Expression, (writer, strings) =>
    {
        // Here types are numbered from zero.
        const int SingleIndex = 8;
        const int DoubleIndex = 9;

        writer.Write(columns.Count);
        foreach (StockExpression column in columns)
        {
            writer.Write(1); // number of inputs
            writer.Write(strings.IndexOf(column.ColumnName));
            writer.Write(strings.IndexOf(column.Text));
            writer.Write(strings.IndexOf(column.ColumnName));
            writer.Write(column.IsVector ? 0 : -1); // which input is the vector
            writer.Write(column.IsDouble ? DoubleIndex : SingleIndex);
        }
    });

    /// <summary>
    /// A number in ML.NET's expression language, to the last bit. ML.NET parses numbers in the culture of the thread, whose decimal
    /// separator and minus sign may be any: so digits alone, an integer over or times powers of two. All steps are exact.
    /// </summary>
    public static string Literal(double value, bool isDouble)
    {
        // A power of two that both types hold.
        const int LargestPower = 100;

        double rounded = isDouble ? value : (float)value;
        (BigInteger digits, int power) = Split(Math.Abs(rounded));
        char suffix = isDouble ? 'd' : 'f';
        string text = string.Create(CultureInfo.InvariantCulture, $"{(rounded < 0 ? "-" : "")}{digits}{suffix}");
        for (int left = power; left > 0; left -= LargestPower)
        {
            text += string.Create(CultureInfo.InvariantCulture, $" / {BigInteger.One << Math.Min(left, LargestPower)}{suffix}");
        }
        return text;
    }

    /// <summary>Value = digits / 2^power, with a power of 0 or more.</summary>
    private static (BigInteger Digits, int Power) Split(double value)
    {
        int power = 0;
        while (value != Math.Floor(value))
        {
            // Scaled up, no bit is lost.
            value *= 2;
            power++;
        }
        return (new BigInteger(value), power);
    }
}
