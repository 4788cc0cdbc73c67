using Microsoft.ML;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>A data view that takes note of how it is read.</summary>
internal sealed class SpyDataView(IDataView inner) : IDataView
{
    /// <summary>Per cursor opened, the columns that were asked for.</summary>
    public List<string[]> Cursors { get; } = [];

    public List<Random?> Shuffles { get; } = [];

    public DataViewSchema Schema => inner.Schema;

    public bool CanShuffle { get; init; } = inner.CanShuffle;

    public long? GetRowCount() => inner.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = Note(columnsNeeded, rand);
        return inner.GetRowCursor(needed);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var needed = Note(columnsNeeded, rand);
        return inner.GetRowCursorSet(needed, n);
    }

    private DataViewSchema.Column[] Note(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        Cursors.Add([.. needed.Select(column => column.Name)]);
        Shuffles.Add(rand);
        return needed;
    }
}
