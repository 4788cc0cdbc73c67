using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// Holds a transformer that was made from a statistics entry against the stock form beside that entry, so that a model scores the same with
/// this library and without it.
/// </summary>
/// <remarks>
/// Where the streams are those that the transformer would write, that is all. Where not, as in files of other versions of this library or of
/// ML.NET, the stock form is loaded and must give the same results on a few rows.
/// </remarks>
internal static class StockFormCheck
{
    // How far results may be apart, as a part of the larger of them, or of 1: what rounding in other places may do.
    private const double SingleTolerance = 1e-4;
    private const double DoubleTolerance = 1e-9;

    /// <exception cref="InvalidDataException">The stock form is another transformer's, or cannot be loaded.</exception>
    public static void Require(ModelOperationsCatalog catalog, ModelArchive archive, string folder, ITransformer transformer)
    {
        if (transformer is not IStoredAsStock stored || IsAsWritten(archive, folder, stored))
        {
            return;
        }

        // Expressions are parsed in the culture of the thread; those of earlier versions do not hold in all of them.
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            using Stream wrapped = archive.Rewrap(folder);
            if (FindDifference(catalog.Load(wrapped, out _), stored) is { } difference)
            {
                throw Foreign(folder, difference);
            }
        }
        catch (Exception exception) when (exception is not (InvalidDataException or IOException or OutOfMemoryException))
        {
            // ML.NET throws whatever its components run into.
            throw Foreign(folder, $"that form cannot be run: {exception.Message}", exception);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static bool IsAsWritten(ModelArchive archive, string folder, IStoredAsStock stored)
    {
        int count = 0;
        foreach ((string path, byte[] expected) in StockChain.Arrange(stored.StockStages))
        {
            string name = path[(ModelArchive.RootFolder.Length + 1)..];
            count += name.EndsWith(ModelArchive.ModelEntry, StringComparison.Ordinal) ? 1 : 0;
            if (archive.Find(folder, name) is not { } entry || entry.Length != expected.Length)
            {
                return false;
            }
            byte[] found = archive.Read(entry);
            if (!found.AsSpan().SequenceEqual(expected) && !StockModelStream.HaveSameContent(found, expected))
            {
                return false;
            }
        }
        return count == archive.StockStreamCount(folder);
    }

    private static string? FindDifference(ITransformer stock, IStoredAsStock stored)
    {
        var rows = new ProbeRows(stored.ProbeColumns);
        IDataView actual = stock.Transform(rows);
        IDataView expected = stored.Transform(rows);
        foreach (string name in stored.ProbedOutputs)
        {
            if (actual.Schema.GetColumnOrNull(name) is not { } column)
            {
                return $"that form has no output column '{name}'";
            }
            DataViewType type = expected.Schema[name].Type;
            if (ItemType(column.Type) != ItemType(type) || (column.Type as VectorDataViewType)?.Size != (type as VectorDataViewType)?.Size)
            {
                return $"that form gives column '{name}' the type {column.Type}, the statistics {type}";
            }
            double tolerance = ItemType(type) == typeof(double) ? DoubleTolerance : SingleTolerance;
            foreach ((double[] one, double[] other) in ProbeRows.Read(actual, name).Zip(ProbeRows.Read(expected, name)))
            {
                int slot = Enumerable.Range(0, one.Length).FirstOrDefault(i => !AreClose(one[i], other[i], tolerance), -1);
                if (slot >= 0)
                {
                    return $"column '{name}', slot {slot}: that form gives {one[slot]:R} where the statistics give {other[slot]:R}";
                }
            }
        }
        return null;
    }

    private static Type ItemType(DataViewType type) => ((type as VectorDataViewType)?.ItemType ?? type).RawType;

    private static bool AreClose(double one, double other, double tolerance) =>
        one.Equals(other) || Math.Abs(one - other) <= tolerance * Math.Max(1, Math.Max(Math.Abs(one), Math.Abs(other)));

    private static InvalidDataException Foreign(string folder, string what, Exception? inner = null) => StatisticsEntry.Damaged(
        $"{folder}/{StatisticsEntry.Name}", $"it does not belong to the stock form beside it: {what}", inner);
}
