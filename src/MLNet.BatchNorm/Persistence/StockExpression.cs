using System.Globalization;
using System.Text;

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
    /// A number in ML.NET's expression language, which parses it in the culture of the thread: so without a decimal separator, and without a
    /// minus sign in an exponent. It is a quotient of whole numbers, the divisor a power of two: exact.
    /// </summary>
    public static string Literal(double value, bool isDouble)
    {
        // What a divisor can be at most, to be a finite number of the type.
        int largestShift = isDouble ? 1022 : 126;
        char suffix = isDouble ? 'd' : 'f';
        double rounded = isDouble ? value : (float)value;
        double numerator = Math.Abs(rounded);
        int shift = 0;
        while (numerator != Math.Floor(numerator))
        {
            numerator *= 2;
            shift++;
        }
        var text = new StringBuilder(rounded < 0 ? "-" : "").Append(Whole(numerator)).Append(suffix);
        for (; shift > 0; shift -= largestShift)
        {
            text.Append('/').Append(Whole(Math.ScaleB(1, Math.Min(shift, largestShift)))).Append(suffix);
        }
        return text.ToString();
    }

    private static string Whole(double value) => value.ToString("F0", CultureInfo.InvariantCulture);
}
