using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// A view in random order, the same for each cursor: rows are drawn from a pool that the source refills. With a source that can
/// shuffle itself the order is uniform; otherwise a row moves forward by at most the size of the pool.
/// </summary>
internal sealed class ShuffleView(IDataView source, int seed, int poolSize, bool shuffleSource) : IDataView
{
    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        var random = rand ?? TauswortheHybrid.Create(seed);
        // Made even for a source that will not use it: the draws that follow depend on it.
        var sourceRandom = shuffleSource ? new TauswortheHybrid(random) : null;
        return new Cursor(source.GetRowCursor(columns, source.CanShuffle ? sourceRandom : null), columns, random, poolSize);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _random;
        private readonly Action<int>[] _writers;
        private readonly DataViewRowId[] _ids;
        private readonly ValueGetter<DataViewRowId> _getId;

        // A ring of the pooled rows' places: _count of them from _start are waiting, and the one before is the row that is out.
        private readonly int[] _places;
        private int _start;
        private int _count;
        private int _current = -1;

        public Cursor(DataViewRowCursor input, DataViewSchema.Column[] columns, Random random, int poolSize)
            : base(input.Schema)
        {
            _input = input;
            _random = random;
            _getId = input.GetIdGetter();
            _ids = new DataViewRowId[poolSize];
            _places = [.. Enumerable.Range(0, poolSize)];
            var stores = columns.ToDictionary(column => column.Index, column => RowStore.Create(column.Type));
            _writers = [.. columns.Select(column => stores[column.Index].CreateWriter(input, column))];
            Activate(columns, column => stores[column.Index].CreateGetter(GetPlace));
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[GetPlace()];

        protected override bool MoveNextCore()
        {
            while (_count < _places.Length && _input.MoveNext())
            {
                var place = _places[(_start + _count++) % _places.Length];
                _getId(ref _ids[place]);
                foreach (var write in _writers)
                {
                    write(place);
                }
            }

            if (_count == 0)
            {
                return false;
            }

            // The drawn row leaves the ring at its start, and the row that stood there takes its place: the order of ML.NET.
            var drawn = (_start + _random.Next(_count--)) % _places.Length;
            _current = _places[drawn];
            (_places[drawn], _places[_start]) = (_places[_start], _current);
            _start = (_start + 1) % _places.Length;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _input.Dispose();
            }

            base.Dispose(disposing);
        }

        private int GetPlace()
        {
            CheckPositioned();
            return _current;
        }
    }
}
