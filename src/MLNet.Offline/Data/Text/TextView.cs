using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of text files, read anew by each cursor.</summary>
internal sealed class TextView(IHost host, IMultiStreamSource source, TextFormat format, TextColumn[] columns, DataViewSchema schema) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ActiveColumns.Of(schema, columnsNeeded);
        return new Cursor(host, source, format, schema, [.. columns.Where((_, i) => active[i])], [.. schema.Where(column => active[column.Index])]);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor : RootCursor
    {
        private readonly IEnumerator<(string Text, long Number)> _lines;
        private readonly List<ReadOnlyMemory<char>> _fields = [];
        private readonly TextFormat _format;
        private readonly TextCell[] _cells;
        private readonly int _fieldCount;
        private readonly TextProblems _problems;

        public Cursor(
            IHost host, IMultiStreamSource source, TextFormat format, DataViewSchema schema, TextColumn[] columns, DataViewSchema.Column[] active)
            : base(schema)
        {
            _format = format;
            _cells = [.. columns.Select(column => TextCell.Create(column, format))];
            _fieldCount = columns.Select(column => column.Fields.Max() + 1).DefaultIfEmpty(0).Max();
            _lines = TextLines.Read(source, format.HasHeader).GetEnumerator();
            _problems = new TextProblems(host);
            Activate(active, column => _cells[Array.FindIndex(active, other => other.Index == column.Index)].CreateGetter(CheckPositioned));
        }

        protected override bool MoveNextCore()
        {
            if (!_lines.MoveNext())
            {
                return false;
            }

            var (text, number) = _lines.Current;
            if (!_format.Split(text.AsMemory(), _fields, _fieldCount))
            {
                _problems.AddFormatError(number);
            }

            foreach (var cell in _cells)
            {
                _problems.AddBadValues(cell.Parse(_fields, number), number, cell);
            }

            _problems.AddRow();
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _lines.Dispose();
                _problems.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
