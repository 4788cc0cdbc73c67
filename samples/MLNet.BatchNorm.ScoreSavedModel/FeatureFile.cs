using System.Globalization;
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

        var lines = File.ReadLines(path).Where(line => line.Length > 0).Take(count + 1).Select(line => line.Split(',')).ToArray();
        if (lines.Length == 0)
        {
            throw new InvalidDataException($"'{path}' is empty.");
        }

        var header = Array.ConvertAll(lines[0], name => name.Trim('"', ' '));
        var places = Places(path, header, Names(column, type.Size), type.Size);
        return ([.. lines.Skip(1).Select((cells, row) => Array.ConvertAll(places, place => Number(path, header, cells, place, row + 2)))], type.Size);
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

    private static int[] Places(string path, string[] header, string[]? names, int size)
    {
        if (names is null)
        {
            // Without names, the label may stand behind the features, and nothing else.
            return header.Length == size || header.Length == size + 1
                ? [.. Enumerable.Range(0, size)]
                : throw new InvalidDataException($"'{path}' has {header.Length} columns; the model takes {size} features, and a label may stand behind them.");
        }

        var missing = names.Except(header).ToArray();
        return missing.Length == 0
            ? Array.ConvertAll(names, name => Array.IndexOf(header, name))
            : throw new InvalidDataException($"'{path}' has no column {string.Join(", ", missing.Take(5).Select(name => $"'{name}'"))}{(missing.Length > 5 ? $" and {missing.Length - 5} more" : "")}, which the model takes. Its columns are: {string.Join(", ", header.Take(8))}{(header.Length > 8 ? ", ..." : "")}.");
    }

    private static float Number(string path, string[] header, string[] cells, int place, int line) =>
        place < cells.Length && float.TryParse(cells[place], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidDataException($"'{path}', line {line}, column '{header[place]}': {(place < cells.Length ? $"'{cells[place]}' is not a number" : "there is no cell")}.");
}
