using System.Globalization;

namespace MLNet.BatchNorm.ScoreSavedModel;

/// <summary>
/// Where a feature comes from: the number in a column, that number less another or divided by it, or whether the column holds a word. The
/// study names its features so: "carat", "account - 5000000000", "mass / 1e40", "cut=Ideal".
/// </summary>
internal sealed record FeatureSource(int Column, string? Word = null, double Subtrahend = 0, double Divisor = 1)
{
    private static readonly string[] Yes = ["true", "yes", "y", "t", "on", "ja", "oui", "wahr", "vrai"];
    private static readonly string[] No = ["false", "no", "n", "f", "off", "nein", "non", "falsch", "faux"];

    /// <summary>The source of a feature; null where no column fits its name.</summary>
    public static FeatureSource? Find(string name, string[] header)
    {
        if (Array.IndexOf(header, name) is >= 0 and var column)
        {
            return new FeatureSource(column);
        }

        return Split(" - ") is var (from, less) && Number(less) is { } subtrahend ? new FeatureSource(from, Subtrahend: subtrahend)
            : Split(" / ") is var (of, by) && Number(by) is { } divisor ? new FeatureSource(of, Divisor: divisor)
            : Split("=") is var (words, word) ? new FeatureSource(words, word)
            : null;

        // At whichever place the first part is a column.
        (int Column, string Text)? Split(string between)
        {
            for (var at = name.IndexOf(between, StringComparison.Ordinal); at >= 0; at = name.IndexOf(between, at + 1, StringComparison.Ordinal))
            {
                if (Array.IndexOf(header, name[..at]) is >= 0 and var first)
                {
                    return (first, name[(at + between.Length)..]);
                }
            }

            return null;
        }
    }

    /// <summary>The feature of one row; null where its cell is missing or no number. Of words, any other counts as the one that has no feature.</summary>
    public float? Of(string[] cells)
    {
        if (Column >= cells.Length)
        {
            return null;
        }

        var cell = cells[Column];
        return Word is null ? (float?)((Number(cell) - Subtrahend) / Divisor) : cell == Word ? 1 : 0;
    }

    private static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : Yes.Contains(cell, StringComparer.OrdinalIgnoreCase) ? 1
        : No.Contains(cell, StringComparer.OrdinalIgnoreCase) ? 0
        : null;
}
