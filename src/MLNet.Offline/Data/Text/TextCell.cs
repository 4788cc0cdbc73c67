namespace Microsoft.ML.Data;

/// <summary>One active column of a text cursor: parses its fields of each line, and hands out the value.</summary>
internal abstract class TextCell(TextColumn column)
{
    public string Name => Column.Name;

    protected TextColumn Column { get; } = column;

    public static TextCell Create(TextColumn column, TextFormat format) =>
        RawTypeDispatch.Invoke(column.Type.GetItemType().RawType, new CellFactory(column, format));

    /// <summary>Reads the line's fields; gives the number of bad values that became missing ones.</summary>
    public abstract int Parse(List<ReadOnlyMemory<char>> fields, long lineNumber);

    public abstract Delegate CreateGetter(Action checkPositioned);

    private sealed class Cell<TItem>(TextColumn column, TextFormat format) : TextCell(column)
    {
        private readonly TextParser<TItem> _parse = TextValues.GetParser<TItem>(column.Type.GetItemType(), format.EmptyIsNaN);
        private readonly bool _hasMissing = TextValues.HasMissing(column.Type.GetItemType());
        private readonly TItem[] _values = new TItem[column.Fields.Length];

        public override int Parse(List<ReadOnlyMemory<char>> fields, long lineNumber)
        {
            var badCount = 0;
            for (var slot = 0; slot < _values.Length; slot++)
            {
                var field = Column.Fields[slot];
                var text = field < fields.Count ? fields[field] : default;
                if (_parse(text, out _values[slot]))
                {
                    continue;
                }

                if (!_hasMissing)
                {
                    throw new FormatException(
                        $"Parsing failed with an exception: Could not parse value {text} in line {lineNumber}, column {Column.Name}, field {field}: it is no {Column.Type.GetItemType()}.");
                }

                badCount++;
            }

            return badCount;
        }

        public override Delegate CreateGetter(Action checkPositioned)
        {
            if (Column.Type is not VectorDataViewType)
            {
                return new ValueGetter<TItem>((ref TItem value) =>
                {
                    checkPositioned();
                    value = _values[0];
                });
            }

            return new ValueGetter<VBuffer<TItem>>((ref VBuffer<TItem> value) =>
            {
                checkPositioned();
                var editor = VBufferEditor.Create(ref value, _values.Length);
                _values.CopyTo(editor.Values);
                value = editor.Commit();
            });
        }
    }

    private sealed record CellFactory(TextColumn Column, TextFormat Format) : IRawTypeFunction<TextCell>
    {
        public TextCell Invoke<TItem>() => new Cell<TItem>(Column, Format);
    }
}
