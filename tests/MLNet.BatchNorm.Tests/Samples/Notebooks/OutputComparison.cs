using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Documents;
using MLNet.BatchNorm.Notebooks;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>Compares outputs: all words alike, and all numbers alike up to rounding.</summary>
/// <remarks>
/// Machines add in different orders, by the width of their vectors; so a number may differ by 0.1%, or by one and a half units of the last digit
/// that is printed. Chaotic runs, in which such differences grow (training with tiny batches), carry the tag
/// <c>tolerance:x</c> on their cell.
/// </remarks>
internal static partial class OutputComparison
{
    private const double RelativeTolerance = 1e-3;

    public static IEnumerable<string> Differences(InteractiveDocumentElement savedCell, InteractiveDocumentElement actualCell)
    {
        var saved = CellOutputText.Of(savedCell);
        var actual = CellOutputText.Of(actualCell);
        if (saved.Count != actual.Count)
        {
            return [$"{saved.Count} outputs are saved, and {actual.Count} were made"];
        }
        double? tag = savedCell.Tags().Where(tag => tag.StartsWith("tolerance:", StringComparison.Ordinal))
            .Select(tag => (double?)double.Parse(tag["tolerance:".Length..], CultureInfo.InvariantCulture)).SingleOrDefault();
        return saved.Zip(actual).SelectMany(pair => Differences(pair.First, pair.Second, tag));
    }

    public static IEnumerable<string> TextDifferences(string saved, string actual, double tolerance) =>
        Differences(new CellOutputText(CellOutputText.Printed, saved), new CellOutputText(CellOutputText.Printed, actual), tolerance);

    private static IEnumerable<string> Differences(CellOutputText saved, CellOutputText actual, double? tag)
    {
        if (ChartComparison.IsChart(saved) && ChartComparison.IsChart(actual))
        {
            foreach (string difference in ChartComparison.Differences(saved.Text, actual.Text, tag ?? 0))
            {
                yield return difference;
            }
            yield break;
        }
        if (Words(saved) != Words(actual))
        {
            yield return $"saved:\n{saved.Text}\nmade:\n{actual.Text}";
            yield break;
        }
        double tolerance = tag ?? 0;
        foreach (var (one, other) in Number().Matches(saved.Text).Zip(Number().Matches(actual.Text)))
        {
            double expected = Parse(one.Value);
            double allowed = Math.Max(tolerance, Math.Max(RelativeTolerance * Math.Abs(expected), 1.5 * LastDigit(one.Value)));
            if (!(Math.Abs(Parse(other.Value) - expected) <= allowed))
            {
                yield return $"saved {one.Value}, made {other.Value}, in:\n{actual.Text}";
            }
        }
    }

    private static string Words(CellOutputText output) => $"{output.Kind} {Spaces().Replace(Number().Replace(output.Text, " # "), " ")}";

    private static double Parse(string number) => double.Parse(number, CultureInfo.InvariantCulture);

    // 12.34 -> 0.01, 1.2E-05 -> 1E-06.
    private static double LastDigit(string number)
    {
        int exponentAt = number.IndexOfAny(['e', 'E']);
        int exponent = exponentAt < 0 ? 0 : int.Parse(number.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string digits = exponentAt < 0 ? number : number[..exponentAt];
        int point = digits.IndexOf('.');
        return Math.Pow(10, exponent - (point < 0 ? 0 : digits.Length - point - 1));
    }

    [GeneratedRegex(@"(?<![\w#])-?\d+(\.\d+)?([eE][+-]?\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
