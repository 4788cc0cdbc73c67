namespace Microsoft.ML.Data;

/// <summary>A view with mapped columns added to another's, computed as rows are read.</summary>
internal sealed class MappedDataView(IDataView source, RowMapping mapping) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapping.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return new Cursor(mapping, source.GetRowCursor(mapping.GetDependencies(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return [.. source.GetRowCursorSet(mapping.GetDependencies(active), n, rand).Select(input => new Cursor(mapping, input, active))];
    }

    private sealed class Cursor(RowMapping mapping, DataViewRowCursor input, DataViewSchema.Column[] active)
        : WrappingCursor(input, mapping.OutputSchema)
    {
        private readonly MappedGetters _getters = new(mapping, input, active);

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.GetGetter<TValue>(column);
    }
}
