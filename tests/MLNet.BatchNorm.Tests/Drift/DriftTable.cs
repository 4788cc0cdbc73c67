using System.Globalization;
using MLNet.BatchNorm.Tests.Documentation;

namespace MLNet.BatchNorm.Tests.Drift;

/// <summary>Rates in percent as docs/drift.md lists them.</summary>
internal static class DriftTable
{
    /// <summary>Percent. Rounding on another machine may turn a borderline case or two.</summary>
    private const double Tolerance = 0.25;

    public static string Row(int count, IEnumerable<double> rates) => string.Create(
        CultureInfo.InvariantCulture, $"| {count} | {string.Join(" | ", rates.Select(rate => (rate * 100).ToString("0.0", CultureInfo.InvariantCulture)))} |");

    /// <summary>The table stands in the page, number by number. If the numbers have changed for a reason, the failure shows the new table.</summary>
    public static void ShouldBeInTheDocs(this List<string> table)
    {
        string[] page = File.ReadAllLines(Repository.PathOf("docs/drift.md"));
        bool isThere = Enumerable.Range(0, page.Length - table.Count + 1).Any(start => table.Index().All(row => IsSame(page[start + row.Index], row.Item)));
        isThere.Should().BeTrue($"docs/drift.md is to hold the table that was measured:\n{string.Join('\n', table)}\n");
    }

    private static bool IsSame(string line, string row)
    {
        string[] found = line.Split('|');
        string[] expected = row.Split('|');
        return found.Length == expected.Length && found[1..^1].Zip(expected[1..^1]).All(cell =>
            double.TryParse(cell.First, CultureInfo.InvariantCulture, out double number)
            && Math.Abs(number - double.Parse(cell.Second, CultureInfo.InvariantCulture)) <= Tolerance);
    }
}
