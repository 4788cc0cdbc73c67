using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.ScoreSavedModel;

/// <summary>Reads the features of a saved model from a CSV file with a header, by name where the model knows names.</summary>
internal static class FeatureFile
{
    private const string Features = "Features";

    /// <summary>The first rows, each the features in the order of the model.</summary>
    /// <exception cref="InvalidDataException">The columns do not fit the model, or a cell is no number.</exception>
    public static (float[][] Rows, int FeatureCount) Read(string path, DataViewSchema schema, int count)
    {
        if (schema.GetColumnOrNull(Features) is not { Type: VectorDataViewType { Size: > 0 } type } column)
        {
            throw new InvalidDataException($"The model takes no vector '{Features}' of known size, which is all that this program can give it. Its columns are: {string.Join(", ", schema.Select(one => one.Name))}.");
        }

        var lines = CsvText.ReadLines(path, count + 1);
        if (lines.Count == 0)
        {
            throw new InvalidDataException($"'{path}' is empty.");
        }

        var names = Names(column, type.Size);
        var (separator, header) = Header(lines[0], names);
        var sources = names is null ? Unnamed(path, header, type.Size) : Named(path, header, names);
        return ([.. lines.Skip(1).Select((line, row) => Row(CsvText.Split(line, separator), row + 2))], type.Size);

        float[] Row(string[] cells, int line) => Array.ConvertAll(sources, source => source.Of(cells)
            ?? throw new InvalidDataException($"'{path}', line {line}, column '{header[source.Column]}': {(source.Column < cells.Length ? $"'{cells[source.Column]}' is not a number" : "there is no cell")}."));
    }

    private static string[]? Names(DataViewSchema.Column column, int size)
    {
        if (!column.HasSlotNames())
        {
            return null;
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return names.Length == size ? [.. names.DenseValues().Select(name => name.ToString())] : null;
    }

    // The separator that gives the most of the names that the model knows; where it knows none, the most columns.
    private static (char Separator, string[] Header) Header(string line, string[]? names) => CsvText.Separators
        .Select(separator => (Separator: separator, Header: CsvText.Split(line, separator)))
        .MaxBy(candidate => names?.Count(name => FeatureSource.Find(name, candidate.Header) is not null) ?? candidate.Header.Length);

    private static FeatureSource[] Named(string path, string[] header, string[] names)
    {
        FeatureSource?[] sources = Array.ConvertAll(names, name => FeatureSource.Find(name, header));
        string[] missing = [.. names.Where((_, i) => sources[i] is null)];
        return missing.Length == 0
            ? [.. sources.OfType<FeatureSource>()]
            : throw new InvalidDataException($"'{path}' has no column for {string.Join(", ", missing.Take(5).Select(name => $"'{name}'"))}{(missing.Length > 5 ? $" and {missing.Length - 5} more" : "")}, which the model takes. Its columns are: {string.Join(", ", header.Take(8))}{(header.Length > 8 ? ", ..." : "")}.");
    }

    // Without names, the label may stand behind the features, and nothing else.
    private static FeatureSource[] Unnamed(string path, string[] header, int size) => header.Length == size || header.Length == size + 1
        ? [.. Enumerable.Range(0, size).Select(column => new FeatureSource(column))]
        : throw new InvalidDataException($"'{path}' has {header.Length} columns; the model takes {size} features, and a label may stand behind them.");
}
