using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNet.BatchNorm.Convergence.Data.Files;

/// <summary>
/// How a file writes numbers: with a decimal point or comma. Thousands separators, currency signs, percent signs (hundredths), brackets
/// around negative numbers, and spaces between digits are understood with either.
/// </summary>
public sealed partial class NumberFormat
{
    private const int CellsLookedAt = 100_000;

    private static readonly NumberFormat Point = new('.');
    private static readonly NumberFormat Comma = new(',');

    private NumberFormat(char decimalSeparator) => DecimalSeparator = decimalSeparator;

    /// <summary>A point or a comma.</summary>
    public char DecimalSeparator { get; }

    /// <summary>The format with this decimal separator.</summary>
    public static NumberFormat With(char decimalSeparator) => decimalSeparator == ',' ? Comma : Point;

    /// <summary>Tells the decimal separator from the cells that can be read in one way only; a point where there are none.</summary>
    public static NumberFormat Detect(IEnumerable<string?> cells)
    {
        var (points, commas) = (0, 0);
        foreach (var cell in cells.OfType<string>().Where(cell => cell.AsSpan().IndexOfAny(',', '.') >= 0).Take(CellsLookedAt))
        {
            if (Bare(cell, out _, out _) is { } bare)
            {
                points += OnlyPoint().IsMatch(bare) ? 1 : 0;
                commas += OnlyComma().IsMatch(bare) ? 1 : 0;
            }
        }

        return commas > points ? Comma : Point;
    }

    /// <summary>Whether a cell is a number in either format.</summary>
    internal static bool LooksNumeric(string cell) => Point.TryParse(cell.Trim(), out _) || Comma.TryParse(cell.Trim(), out _);

    /// <summary>Parses a finite number.</summary>
    public bool TryParse(string text, out double value)
    {
        value = 0;
        if (Bare(text, out var negative, out var hundredths) is not { } bare)
        {
            return false;
        }

        var group = DecimalSeparator == ',' ? '.' : ',';
        if (bare.Contains(group, StringComparison.Ordinal))
        {
            if (!(group == ',' ? CommaGroups() : PointGroups()).IsMatch(bare))
            {
                return false;
            }

            bare = bare.Replace(group.ToString(), string.Empty, StringComparison.Ordinal);
        }

        if (!double.TryParse(bare.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out value) || !double.IsFinite(value))
        {
            return false;
        }

        value *= (negative ? -1 : 1) * (hundredths ? 0.01 : 1);
        return true;
    }

    // Digits, separators, sign and exponent; null where there is anything else.
    private static string? Bare(string text, out bool negative, out bool hundredths)
    {
        (negative, hundredths) = (false, false);
        if (PlainNumber().IsMatch(text))
        {
            return text;
        }

        var match = DressedNumber().Match(text);
        if (!match.Success || (match.Groups["open"].Success != match.Groups["close"].Success))
        {
            return null;
        }

        negative = match.Groups["open"].Success || match.Groups["minus"].Success;
        hundredths = match.Groups["percent"].Success;
        return Spaces().Replace(match.Groups["number"].Value, string.Empty);
    }

    [GeneratedRegex(@"^[+-]?[0-9][0-9.,]*([eE][+-]?[0-9]+)?$|^[+-]?[.,][0-9]+([eE][+-]?[0-9]+)?$")]
    private static partial Regex PlainNumber();

    [GeneratedRegex(@"^(?<open>\()?\s*((?<minus>[-−])|\+)?\s*(US\$|R\$|[$€£¥₹]|USD|EUR|GBP|CHF|JPY|Fr\.|kr)?\s*((?<minus>[-−])|\+)?\s*(?<number>[0-9](?:[0-9.,]|[\s'’ ](?=[0-9]{3}))*(?:[eE][+-]?[0-9]+)?|[.,][0-9]+)\s*(?<percent>%)?\s*([$€£¥₹]|USD|EUR|GBP|CHF|JPY|kr)?\s*(?<close>\))?$")]
    private static partial Regex DressedNumber();

    [GeneratedRegex(@"[\s'’ ]")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^[+-]?[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}(\.[0-9]*)?$")]
    private static partial Regex CommaGroups();

    [GeneratedRegex(@"^[+-]?[0-9]{1,3}(\.[0-9]{2,3})*\.[0-9]{3}(,[0-9]*)?$")]
    private static partial Regex PointGroups();

    // A separator that is not followed by exactly three digits, or follows a zero or another separator, is the decimal one.
    [GeneratedRegex(@"^[+-]?([0-9]*\.([0-9]{1,2}|[0-9]{4,})?([eE].*)?|0\.[0-9]+|[0-9]{4,}\.[0-9]+|[0-9]{1,3}(,[0-9]{2,3})+(\.[0-9]*)|[0-9]{1,3}(,[0-9]{3}){2,})$")]
    private static partial Regex OnlyPoint();

    [GeneratedRegex(@"^[+-]?([0-9]*,([0-9]{1,2}|[0-9]{4,})?([eE].*)?|0,[0-9]+|[0-9]{4,},[0-9]+|[0-9]{1,3}(\.[0-9]{2,3})+(,[0-9]*)|[0-9]{1,3}(\.[0-9]{3}){2,})$")]
    private static partial Regex OnlyComma();
}
