using Microsoft.ML.Data;

namespace Microsoft.ML.Training;

/// <summary>Gives each row of a view a number by its id, the same in every order of reading.</summary>
internal sealed class RowNumbering
{
    private const int FewestRowsForLookup = 1024;
    private const int MostSlotsPerRow = 5;

    private readonly Dictionary<DataViewRowId, int>? _numbers;

    private RowNumbering(int rowCount, int slotCount, Dictionary<DataViewRowId, int>? numbers, long skippedCount)
    {
        RowCount = rowCount;
        SlotCount = slotCount;
        _numbers = numbers;
        SkippedCount = skippedCount;
    }

    public int RowCount { get; }

    /// <summary>One above the largest row number.</summary>
    public int SlotCount { get; }

    public long SkippedCount { get; }

    public int this[DataViewRowId id] => _numbers is null ? (int)id.Low : _numbers[id];

    public static RowNumbering Create(TrainingData data)
    {
        var count = 0L;
        var largest = 0UL;
        var isSmall = true;
        long skipped;
        using (var cursor = data.Open())
        {
            while (cursor.MoveNext())
            {
                count++;
                var id = cursor.Id;
                isSmall &= id.High == 0 && id.Low < (ulong)Array.MaxLength;
                largest = Math.Max(largest, id.Low);
            }
            skipped = cursor.SkippedCount;
        }
        if (count > Array.MaxLength)
        {
            throw new InvalidOperationException($"SDCA holds a dual variable per row; {count} rows are too many. Use L-BFGS or fewer rows.");
        }

        // Ids that are small and dense number the rows themselves; others, such as those of joined views, are looked up.
        return isSmall && (count <= FewestRowsForLookup || (ulong)count >= largest / MostSlotsPerRow)
            ? new RowNumbering((int)count, (int)largest + 1, null, skipped)
            : new RowNumbering((int)count, (int)count, Enumerate(data, (int)count), skipped);
    }

    private static Dictionary<DataViewRowId, int> Enumerate(TrainingData data, int count)
    {
        var numbers = new Dictionary<DataViewRowId, int>(count);
        using var cursor = data.Open();
        while (cursor.MoveNext())
        {
            numbers.TryAdd(cursor.Id, numbers.Count);
        }
        return numbers;
    }
}
