using System.Globalization;
using System.Text;

namespace MLNet.BatchNorm;

/// <summary>Lays out a report as text: a table with names to the left and numbers to the right, and its warnings below.</summary>
internal static class ReportTable
{
    public static string Format(string[] header, string[][] rows, int totalRowCount, IEnumerable<ScalingWarning> warnings)
    {
        int[] widths = [.. header.Select((title, i) => Math.Max(title.Length, rows.Select(row => row[i].Length).DefaultIfEmpty().Max()))];
        var text = new StringBuilder();
        foreach (string[] row in rows.Prepend(header))
        {
            text.Append(row[0].PadRight(widths[0]));
            for (int i = 1; i < row.Length; i++)
            {
                text.Append("  ").Append(row[i].PadLeft(widths[i]));
            }
            text.Append('\n');
        }
        if (totalRowCount > rows.Length)
        {
            text.Append(CultureInfo.InvariantCulture, $"... and {totalRowCount - rows.Length} more features\n");
        }
        foreach (var warning in warnings)
        {
            text.Append("Warning: ").Append(warning.Message).Append('\n');
        }
        return text.ToString();
    }

    public static string Feature(string columnName, string slotName) => slotName == columnName ? columnName : $"{columnName}[{slotName}]";

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("G6", CultureInfo.InvariantCulture);
}
