using System.Globalization;

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
    /// A number in ML.NET's expression language, which parses it in the culture of the thread: so without a decimal separator.
    /// </summary>
    public static string Literal(double value, bool isDouble)
    {
        // Seventeen digits, the first before the point, give back any double; a float is one, too.
        double rounded = isDouble ? value : (float)value;
        string text = Math.Abs(rounded).ToString("E16", CultureInfo.InvariantCulture);
        string[] parts = text.Split('E');
        int exponent = int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) - 16;
        string digits = parts[0].Remove(1, 1);
        return string.Create(CultureInfo.InvariantCulture, $"{(rounded < 0 ? "-" : "")}{digits}e{exponent}{(isDouble ? 'd' : 'f')}");
    }
}
