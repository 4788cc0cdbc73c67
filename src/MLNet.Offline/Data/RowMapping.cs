namespace Microsoft.ML.Data;

/// <summary>
/// What a row-wise transformer does to one input schema: the columns that it adds, what they depend on, and their getters.
/// From it <see cref="MappedDataView"/> makes a view and <see cref="RowMapper"/> a row mapper; it holds no state of any cursor.
/// </summary>
internal abstract class RowMapping
{
    protected RowMapping(DataViewSchema inputSchema, IEnumerable<DataViewSchema.DetachedColumn> addedColumns)
    {
        InputSchema = inputSchema;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(addedColumns);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    /// <summary>The input's columns, then the added ones.</summary>
    public DataViewSchema OutputSchema { get; }

    public int AddedCount => OutputSchema.Count - InputSchema.Count;

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
            if (column.Index < InputSchema.Count)
            {
                needed[column.Index] = true;
                continue;
            }

            foreach (var dependency in GetDependencies(column.Index - InputSchema.Count))
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
