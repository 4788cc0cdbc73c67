namespace Microsoft.ML.Data;

/// <summary>A view of a run of another's rows: some left out at the start, then at most so many.</summary>
internal sealed class SkipTakeView(IDataView source, long skip, long take) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount() is { } count ? Math.Min(take, Math.Max(0, count - skip)) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), skip, take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor input, long skip, long take) : WrappingCursor(input, input.Schema)
    {
        private long _skipped;
        private long _taken;
        private long _position = -1;

        public override long Position => _position;

        public override bool MoveNext()
        {
            for (; _skipped < skip && Input.MoveNext(); _skipped++)
            {
            }

            if (_taken >= take || !Input.MoveNext())
            {
                _position = -1;
                return false;
            }

            _position = _taken++;
            return true;
        }
    }
}
