using System.Globalization;
using System.IO.Compression;
using System.Text;
using DuckDB.NET.Data;
using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Tests.Samples.Convergence.Files;

/// <summary>One file as people have them, made here, and what the study takes it for.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="FileName">The name of the file.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="Features">The features that are expected.</param>
/// <param name="Task">The task.</param>
/// <param name="First">The first row's features.</param>
/// <param name="Says">A part of what the study says of it.</param>
public sealed record PeoplesFile(string Name, string FileName, byte[] Bytes, string[] Features, LearningTask Task, float[] First, params string[] Says)
{
    public override string ToString() => Name;
}

/// <summary>Forty files, each with another dialect or another difficulty.</summary>
public static class PeoplesFiles
{
    private static readonly string[] Two = ["width", "price"];

    /// <summary>Width 0.5, 1.5, 2.5, ... and price 1234.25, 1235.5, ...: thirty rows; the label is yes from row 15 on, but for three rows.</summary>
    private static IEnumerable<(double Width, double Price, bool Label)> Table { get; } =
        [.. Enumerable.Range(0, 30).Select(i => (((i * 7) % 30) + 0.5, 1234.25 + (1.25 * ((i * 11) % 30)), (i * 7 % 30 >= 15) ^ (i % 10 == 3)))];

    public static IEnumerable<PeoplesFile> All =>
    [
        Csv("commas", Lines(",")),
        Csv("semicolons", Lines(";"), "semicolons"),
        Csv("tabs", Lines("\t"), "tabs"),
        Csv("pipes", Lines("|"), "pipes"),
        Csv("semicolons and decimal commas", Lines(";", decimals: ','), "semicolons", "decimal comma"),
        Csv("tabs and decimal commas", Lines("\t", decimals: ','), "tabs", "decimal comma"),
        Csv("quoted decimal commas between commas", "width,price,label\n" + Rows(row => $"\"{Comma(row.Width)}\",\"{Comma(row.Price)}\",{Word(row.Label)}"), "decimal comma"),
        Csv("thousands separators", "width,price,label\n" + Rows(row => $"{Point(row.Width)},\"{row.Price.ToString("N2", CultureInfo.InvariantCulture)}\",{Word(row.Label)}")),
        Csv("thousands separated by points", "width;price;label\n" + Rows(row => $"{Comma(row.Width)};{Swapped(row.Price)};{Word(row.Label)}"), "decimal comma"),
        Csv("thousands separated by spaces", "width;price;label\n" + Rows(row => $"{Comma(row.Width)};{Swapped(row.Price).Replace('.', '\u00A0')};{Word(row.Label)}"), "decimal comma"),
        Csv("thousands separated by apostrophes", "width,price,label\n" + Rows(row => $"{Point(row.Width)},{row.Price.ToString("N2", CultureInfo.InvariantCulture).Replace(',', '\'')},{Word(row.Label)}")),
        Csv("dollars", "width,price,label\n" + Rows(row => $"{Point(row.Width)},\"${row.Price.ToString("N2", CultureInfo.InvariantCulture)}\",{Word(row.Label)}")),
        Csv("euros behind", "width;price;label\n" + Rows(row => $"{Comma(row.Width)};{Swapped(row.Price)} €;{Word(row.Label)}"), "decimal comma"),
        Csv("percent signs", "width,price,label\n" + Rows(row => $"{Point(100 * row.Width)}%,{Point(row.Price)},{Word(row.Label)}")),
        Csv("brackets around negative numbers", "width,price,label\n" + Rows(row => $"({Point(row.Width)}),{Point(row.Price)},{Word(row.Label)}")) with { First = [-0.5f, 1234.25f] },
        Csv("exponents", "width,price,label\n" + Rows(row => $"{row.Width.ToString("0.00E+0", CultureInfo.InvariantCulture)},{Point(row.Price)},{Word(row.Label)}")),
        Csv("TRUE and FALSE", "width,price,sold,label\n" + Rows(row => $"{Point(row.Width)},{Point(row.Price)},{(row.Width > 10 ? "TRUE" : "FALSE")},{Word(row.Label)}")) with { Features = ["width", "price", "sold"], First = [0.5f, 1234.25f, 0] },
        Csv("yes and no as a feature", "width,price,sold,label\n" + Rows(row => $"{Point(row.Width)},{Point(row.Price)},{(row.Width < 10 ? "Yes" : "no")},{Word(row.Label)}")) with { Features = ["width", "price", "sold"], First = [0.5f, 1234.25f, 1] },
        Encoded("a byte order mark", Lines(","), new UTF8Encoding(true), "UTF-8"),
        Encoded("UTF-16", Lines("\t"), new UnicodeEncoding(false, true), "UTF-16", "tabs"),
        Encoded("UTF-16 without a mark", Lines(";"), new UnicodeEncoding(false, false), "UTF-16"),
        Encoded("UTF-16, big-endian", Lines(","), new UnicodeEncoding(true, true), "UTF-16, big-endian"),
        Encoded("Latin-1", Lines(";", names: "Länge;Preis;label"), Encoding.Latin1, "Latin-1") with { Features = ["Länge", "Preis"] },
        Csv("comments", "# measured in May\n" + Lines(",").Replace("\n1.5,", "\n# a break\n1.5,", StringComparison.Ordinal), "# comments"),
        Csv("a header behind a hash", "#" + Lines("\t"), "header"),
        Csv("blank lines and spaces", "\n\n" + Lines(" , ").Replace("\n", "\n\n", StringComparison.Ordinal)),
        Csv("a title above the header", "Export of 26.11.2026\n\n" + Lines(";"), "header in line 3"),
        Csv("Windows line ends", Lines(",").Replace("\n", "\r\n", StringComparison.Ordinal)),
        Csv("old Macintosh line ends", Lines(",").Replace("\n", "\r", StringComparison.Ordinal)),
        Csv("a separator at the end of each line", Lines(",").Replace("\n", ",\n", StringComparison.Ordinal)),
        Csv("R's row names without a title", "width\tprice\tlabel\n" + Rows(row => $"r{Point(row.Width)}\t{Point(row.Width)}\t{Point(row.Price)}\t{Word(row.Label)}"), "looks like an id: row"),
        Csv("quotes, and breaks inside them", "width,\"price\",note,label\n" + Rows(row => $"{Point(row.Width)},\"{Point(row.Price)}\",\"n{row.Width}, \"\"so\nand so\"\"\",{Word(row.Label)}"), "looks like an id: note"),
        Csv("inches, with quotes that are none", "width,price,pipe,label\n" + Rows(row => $"{Point(row.Width)},{Point(row.Price)},{(row.Width < 12 ? 5 : 6)}\" pipe,{Word(row.Label)}"), "One-hot encoded: pipe (2 values)") with { Features = ["width", "price", "pipe=5\" pipe"], First = [0.5f, 1234.25f, 1] },
        Csv("ids and dates", "id,day,at,width,price,label\n" + Rows(row => $"{700 - (row.Width * 2)},{row.Width:00}.03.2026,2026-03-01T{row.Width:00}:00:00Z,{Point(row.Width)},{Point(row.Price)},{Word(row.Label)}"), "looks like an id: id"),
        Csv("missing cells", "width,price,label\n,NA,yes\n" + Rows(row => $"{Point(row.Width)},{Point(row.Price)},{Word(row.Label)}"), "2 missing cells filled", "width 1, price 1") with { First = [15f, 1252.375f] },
        Csv("a mostly empty column", "width,price,extra,label\n" + Rows(row => $"{Point(row.Width)},{Point(row.Price)},{(row.Width > 25 ? "3" : "")},{Word(row.Label)}"), "mostly empty: extra"),
        Csv("a column of one value", "width,price,unit,label\n" + Rows(row => $"{Point(row.Width)},{Point(row.Price)},cm,{Word(row.Label)}"), "the same value in every row: unit"),
        Csv("words", "width,price,colour,label\n" + Rows(row => $"{Point(row.Width)},{Point(row.Price)},{(row.Width < 14 ? "red" : row.Width < 22 ? "green" : "blue")},{Word(row.Label)}"), "One-hot encoded: colour (3 values)") with { Features = ["width", "price", "colour=blue", "colour=green"], First = [0.5f, 1234.25f, 0, 0] },
        Csv("large numbers close together", "account,price,label\n" + Rows(row => $"{5_000_000_000 + row.Width - 0.5},{Point(row.Price)},{Word(row.Label)}"), "5000000000 is subtracted from account") with { Features = ["account - 5000000000", "price"], First = [0f, 1234.25f] },
        Gzip("gzip", Lines(","), "gzip"),
        Parquet("Parquet"),
    ];

    private static PeoplesFile Csv(string name, string text, params string[] says) => Encoded(name, text, new UTF8Encoding(false), says);

    private static PeoplesFile Encoded(string name, string text, Encoding encoding, params string[] says) =>
        new(name, "mine.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(text)], Two, LearningTask.Binary, [0.5f, 1234.25f], says);

    private static PeoplesFile Gzip(string name, string text, params string[] says)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return Csv(name, text, says) with { FileName = "mine.csv.gz", Bytes = packed.ToArray() };
    }

    private static PeoplesFile Parquet(string name)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.parquet");
        using (var connection = new DuckDBConnection("Data Source=:memory:"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            var rows = string.Join(", ", Table.Select((row, i) => $"({Point(row.Width)}, {Point(row.Price)}::DECIMAL(9, 2), {(row.Label ? "true" : "false")}, DATE '2026-01-01' + {i}, ['a', 'b{i}'])"));
            command.CommandText = $"COPY (SELECT * FROM (VALUES {rows}) AS t(width, price, label, day, tags)) TO '{path}' (FORMAT parquet)";
            command.ExecuteNonQuery();
        }

        var file = Csv(name, string.Empty, "Parquet", "a date or time: day", "looks like an id: tags") with { FileName = "mine.parquet", Bytes = File.ReadAllBytes(path) };
        File.Delete(path);
        return file;
    }

    private static string Lines(string separator, char decimals = '.', string names = "width,price,label") =>
        string.Join(separator, names.Split(',', ';')) + "\n" + Rows(row => string.Join(separator, Point(row.Width).Replace('.', decimals), Point(row.Price).Replace('.', decimals), Word(row.Label)));

    private static string Rows(Func<(double Width, double Price, bool Label), string> line) => string.Concat(Table.Select(row => FormattableString.Invariant($"{line(row)}\n")));

    private static string Point(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Comma(double value) => Point(value).Replace('.', ',');

    // 1.234,25
    private static string Swapped(double value) =>
        value.ToString("N2", CultureInfo.InvariantCulture).Replace(',', ' ').Replace('.', ',').Replace(' ', '.');

    private static string Word(bool label) => label ? "yes" : "no";
}
