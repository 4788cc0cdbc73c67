using System.Globalization;

namespace MLNet.BatchNorm.Convergence.Data.Files;

/// <summary>What single cells say: nothing, yes or no, a day.</summary>
internal static class CellText
{
    private static readonly HashSet<string> Missing = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "?", "-", "--", ".", "NA", "N/A", "#N/A", "NaN", "null", "(null)", "none", "nil", "\\N", "missing",
    };

    private static readonly (string Yes, string No)[] Pairs =
        [("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), ("ja", "nein"), ("oui", "non"), ("wahr", "falsch"), ("vrai", "faux")];

    private static readonly string[] DayFormats =
    [
        .. from day in (string[])["yyyy-M-d", "yyyy/M/d", "d.M.yyyy", "d.M.yy", "M/d/yyyy", "d/M/yyyy", "M/d/yy", "d-M-yyyy", "d-MMM-yyyy", "d MMM yyyy", "MMM d, yyyy", "MMM d yyyy"]
           from time in (string[])["", " H:mm", " H:mm:ss", " H:mm:ss.FFFFFFF", " h:mm tt", "'T'H:mm:ss", "'T'H:mm:ss.FFFFFFF", "'T'H:mm:ssK", " H:mm:ssK", " H:mm:sszz", "'T'H:mm:ss.FFFFFFFK"]
           select day + time,
        "H:mm", "H:mm:ss", "yyyy-MM",
    ];

    /// <summary>Whether a cell holds nothing, or one of the words for it.</summary>
    public static bool IsMissing(string? cell) => cell is null || Missing.Contains(cell.Trim());

    /// <summary>The words for yes and no that all of these values are among; null where they are other words.</summary>
    public static (string Yes, string No)? AsYesAndNo(IReadOnlyCollection<string> values) =>
        Pairs.Cast<(string Yes, string No)?>().FirstOrDefault(pair => values.All(value => Is(value, pair!.Value.Yes) || Is(value, pair.Value.No)));

    /// <summary>Whether a value is a word, whatever its case.</summary>
    public static bool Is(string value, string word) => string.Equals(value, word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a cell is a day, a time of day, or both.</summary>
    public static bool IsDate(string cell) =>
        DateTime.TryParseExact(cell, DayFormats, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out _);

    /// <summary>Whether a whole number is a day written as 20261126.</summary>
    public static bool IsCompactDate(double value) => value is >= 19000101 and <= 21001231 && value == Math.Floor(value)
        && DateTime.TryParseExact(value.ToString("F0", CultureInfo.InvariantCulture), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
