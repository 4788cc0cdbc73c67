namespace Microsoft.ML.Data;

/// <summary>
/// What a row-wise transformer does to one input schema: the columns that it adds, what they depend on, and their getters; and those that it drops.
/// From it <see cref="MappedDataView"/> makes a view and <see cref="RowMapper"/> a row mapper; it holds no state of any cursor.
/// </summary>
internal abstract class RowMapping
{
    // Per output column the index of the input column that it is, or the complement of the number of the added column that it is.
    private readonly int[] _origins;

    protected RowMapping(
        DataViewSchema inputSchema, IEnumerable<DataViewSchema.DetachedColumn> addedColumns, IReadOnlyCollection<string>? droppedNames = null)
    {
        InputSchema = inputSchema;
        var columns = inputSchema.Where(column => droppedNames?.Contains(column.Name) != true)
            .Select(column => (Column: new DataViewSchema.DetachedColumn(column), Origin: column.Index)).ToList();
        var added = 0;
        foreach (var column in addedColumns)
        {
            // A column of a name that is there hides it, and stands right behind it.
            var hidden = columns.FindLastIndex(other => other.Column.Name == column.Name);
            columns.Insert(hidden < 0 ? columns.Count : hidden + 1, (column, ~added++));
        }

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns.Select(column => column.Column));
        OutputSchema = builder.ToSchema();
        _origins = [.. columns.Select(column => column.Origin)];
        AddedCount = added;
    }

    public DataViewSchema InputSchema { get; }

    /// <summary>The input's columns but for the dropped ones, each followed by the added one that hides it, then the other added ones.</summary>
    public DataViewSchema OutputSchema { get; }

    public int AddedCount { get; }

    /// <summary>Whether an output column is passed through, and its index in the input; or else its number among the added columns.</summary>
    public bool IsPassedThrough(int outputColumn, out int index)
    {
        var origin = _origins[outputColumn];
        index = origin >= 0 ? origin : ~origin;
        return origin >= 0;
    }

    /// <summary>The input columns that an added column (0 to <see cref="AddedCount"/> - 1) is computed from.</summary>
    public abstract IEnumerable<DataViewSchema.Column> GetDependencies(int addedColumn);

    /// <summary>
    /// The getters (<see cref="ValueGetter{TValue}"/> of each column's raw type) over one row or cursor; null where inactive.
    /// Called once per cursor, so that getters may share buffers and results among themselves.
    /// </summary>
    public abstract Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isActive);

    /// <summary>The input columns needed for some output columns, passed-through ones included.</summary>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> outputColumns)
    {
        var needed = new bool[InputSchema.Count];
        foreach (var column in outputColumns)
        {
            if (IsPassedThrough(column.Index, out var index))
            {
                needed[index] = true;
                continue;
            }

            foreach (var dependency in GetDependencies(index))
            {
                needed[dependency.Index] = true;
            }
        }

        return InputSchema.Where(column => needed[column.Index]);
    }
}

/// <summary>One added column that is computed by itself.</summary>
internal sealed record MappedColumn(
    DataViewSchema.DetachedColumn Column, IReadOnlyList<DataViewSchema.Column> Dependencies, Func<DataViewRow, Delegate> CreateGetter);

/// <summary>A mapping whose added columns are computed each by itself.</summary>
internal sealed class ColumnwiseMapping : RowMapping
{
    private readonly IReadOnlyList<MappedColumn> _columns;

    public ColumnwiseMapping(DataViewSchema inputSchema, IReadOnlyList<MappedColumn> columns)
        : base(inputSchema, columns.Select(column => column.Column)) => _columns = columns;

    public override IEnumerable<DataViewSchema.Column> GetDependencies(int addedColumn) => _columns[addedColumn].Dependencies;

    public override Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isActive) =>
        [.. _columns.Select((column, i) => isActive(i) ? column.CreateGetter(input) : null)];
}

/// <summary>A mapping that leaves columns out, hidden ones of the same names too.</summary>
internal sealed class DroppingMapping(DataViewSchema inputSchema, IReadOnlyCollection<string> names) : RowMapping(inputSchema, [], names)
{
    public override IEnumerable<DataViewSchema.Column> GetDependencies(int addedColumn) => [];

    public override Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isActive) => [];
}
