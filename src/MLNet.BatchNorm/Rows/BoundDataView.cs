using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>A data view seen through a transformer: lazy, streaming, with nothing computed that is not asked for and nothing allocated per row.</summary>
internal sealed class BoundDataView(IDataView source, RowBinding binding) : IDataView
{
    public DataViewSchema Schema => binding.OutputSchema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var active = binding.ActiveOutputs(columnsNeeded);
        return new Cursor(source.GetRowCursor(binding.NeededInputs(active), rand), binding, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var active = binding.ActiveOutputs(columnsNeeded);
        var inputs = source.GetRowCursorSet(binding.NeededInputs(active), n, rand);
        return Array.ConvertAll(inputs, DataViewRowCursor (input) => new Cursor(input, binding, active));
    }

    private sealed class Cursor(DataViewRowCursor input, RowBinding binding, bool[] active) : DataViewRowCursor
    {
        private readonly BoundRowGetters _getters = new(binding, input, active);

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => _getters.Schema;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.Get<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                input.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
