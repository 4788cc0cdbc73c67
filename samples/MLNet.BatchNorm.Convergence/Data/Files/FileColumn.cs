using System.Text.RegularExpressions;

namespace MLNet.BatchNorm.Convergence.Data.Files;

/// <summary>Why a column is no feature.</summary>
internal enum Unusable
{
    /// <summary>It has no value at all, or few.</summary>
    Empty,

    /// <summary>Every row has the same value.</summary>
    Constant,

    /// <summary>Days or times.</summary>
    Date,

    /// <summary>It counts or names the rows.</summary>
    Id,

    /// <summary>Words, too many different ones for a column each.</summary>
    Text,
}

/// <summary>What a column of a file is: numbers, a few words, or nothing that a model learns from.</summary>
internal abstract partial record FileColumn(string Name)
{
    // A column with more empty cells than this is left out: what would fill it is made up.
    private const double MostMissing = 0.5;

    // Above this share of numbers, or dates, a column is one of them, and the rest of its cells cannot be read.
    private const double Mostly = 0.8;

    // Each word becomes a column of its own.
    private const int MostWords = 20;

    private const double NearlyAllDifferent = 0.95;

    /// <summary>Numbers; NaN where a cell is missing or cannot be read.</summary>
    internal sealed record Numeric(string Name, double[] Values, int UnreadableCount, string? FirstUnreadable, bool CountsRows) : FileColumn(Name);

    /// <summary>Words: the index of each row's, -1 where it is missing; the most frequent word first.</summary>
    internal sealed record Words(string Name, string[] Levels, int[] Indices) : FileColumn(Name);

    /// <summary>A column that is left out.</summary>
    internal sealed record LeftOut(string Name, Unusable Reason) : FileColumn(Name);

    /// <summary>Decides what a column is.</summary>
    public static FileColumn Read(string name, string?[] cells, NumberFormat format)
    {
        var missing = Array.ConvertAll(cells, CellText.IsMissing);
        var present = cells.Where((_, row) => !missing[row]).Select(cell => cell!).ToArray();
        if (present.Length <= (1 - MostMissing) * cells.Length && present.Length < cells.Length)
        {
            return new LeftOut(name, Unusable.Empty);
        }

        var words = present.Distinct(StringComparer.OrdinalIgnoreCase).Take(Math.Max(3, present.Length)).ToArray();
        if (words.Length == 1)
        {
            return new LeftOut(name, Unusable.Constant);
        }

        if (words.Length == 2 && CellText.AsYesAndNo(words) is { } pair)
        {
            return new Numeric(name, [.. cells.Select((cell, row) => missing[row] ? double.NaN : CellText.Is(cell!, pair.Yes) ? 1 : 0)], 0, null, CountsRows: false);
        }

        return AsNumbers(name, cells, missing, format) ?? AsDates(name, present) ?? AsWords(name, cells, missing, present);
    }

    private static FileColumn? AsNumbers(string name, string?[] cells, bool[] missing, NumberFormat format)
    {
        var values = new double[cells.Length];
        var (readable, unreadable, first) = (0, 0, (string?)null);
        for (var row = 0; row < cells.Length; row++)
        {
            values[row] = double.NaN;
            if (missing[row])
            {
                continue;
            }

            if (format.TryParse(cells[row]!, out var value))
            {
                (values[row], readable) = (value, readable + 1);
            }
            else
            {
                (unreadable, first) = (unreadable + 1, first ?? cells[row]);
            }
        }

        if (readable < Mostly * (readable + unreadable))
        {
            return null;
        }

        var numbers = values.Where(value => !double.IsNaN(value)).ToArray();
        if (numbers.All(CellText.IsCompactDate))
        {
            return new LeftOut(name, Unusable.Date);
        }

        var distinct = numbers.Distinct().Count();
        var whole = numbers.All(value => value == Math.Floor(value));
        return distinct == 1 ? new LeftOut(name, Unusable.Constant)
            : whole && distinct >= NearlyAllDifferent * numbers.Length && IdName().IsMatch(name) ? new LeftOut(name, Unusable.Id)
            : new Numeric(name, values, unreadable, first, whole && unreadable == 0 && CountsUp(numbers));
    }

    private static LeftOut? AsDates(string name, string[] present) =>
        present.Count(CellText.IsDate) >= Mostly * present.Length ? new LeftOut(name, Unusable.Date) : null;

    private static FileColumn AsWords(string name, string?[] cells, bool[] missing, string[] present)
    {
        var levels = present.GroupBy(cell => cell, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key).ToArray();
        if (levels.Length > MostWords || levels.Length > present.Length / 2)
        {
            return new LeftOut(name, levels.Length >= NearlyAllDifferent * present.Length ? Unusable.Id : Unusable.Text);
        }

        var indices = levels.Index().ToDictionary(level => level.Item, level => level.Index);
        return new Words(name, levels, [.. cells.Select((cell, row) => missing[row] ? -1 : indices[cell!])]);
    }

    // 1, 2, 3, ...: the numbers of the rows.
    private static bool CountsUp(double[] numbers) =>
        numbers.Length > 2 && numbers.Zip(numbers.Skip(1)).All(pair => pair.Second - pair.First == numbers[1] - numbers[0]);

    [GeneratedRegex(@"(?i:^(ids?|uuid|guid|index|idx|key|row|row_?id|rownum|no\.?|nr\.?|#)$|[_\s.-](id|uuid|guid|key|nr|no)$|^id[_\s.-]|^unnamed)|[a-z](Id|ID|Guid)$")]
    private static partial Regex IdName();
}
