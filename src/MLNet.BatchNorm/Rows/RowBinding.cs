using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>
/// A transformer that works row by row, bound to one input schema: the output schema, and where each of its columns comes from.
/// A column that takes the name of an existing one stands right behind it and hides it; the others are appended, as in ML.NET's own transforms.
/// </summary>
internal abstract class RowBinding
{
    // Per output column: the index of the input column that it passes on, or ~i for added column i.
    private readonly int[] _origins;

    protected RowBinding(DataViewSchema inputSchema, IReadOnlyList<DataViewSchema.DetachedColumn> added)
    {
        InputSchema = inputSchema;
        _origins = Arrange(inputSchema, added);
        var builder = new DataViewSchema.Builder();
        foreach (int origin in _origins)
        {
            if (origin >= 0)
            {
                builder.AddColumn(inputSchema[origin].Name, inputSchema[origin].Type, inputSchema[origin].Annotations);
            }
            else
            {
                builder.AddColumn(added[~origin].Name, added[~origin].Type, added[~origin].Annotations);
            }
        }
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>The input column that an added column is made from.</summary>
    public abstract DataViewSchema.Column InputOf(int added);

    /// <summary>
    /// The getters of the added columns over one row or cursor, by the column's number. Called once for it, when a getter is first asked
    /// for, so that they may share what they compute.
    /// </summary>
    public abstract Func<int, Delegate> CreateGetters(DataViewRow input);

    /// <summary>Whether the output column is passed on from input column <paramref name="index"/>; otherwise it is added column <paramref name="index"/>.</summary>
    public bool IsPassedOn(int outputIndex, out int index)
    {
        int origin = _origins[outputIndex];
        index = origin >= 0 ? origin : ~origin;
        return origin >= 0;
    }

    /// <summary>Which output columns are asked for.</summary>
    public bool[] ActiveOutputs(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[OutputSchema.Count];
        foreach (var column in columns)
        {
            if ((uint)column.Index >= (uint)active.Length || OutputSchema[column.Index].Name != column.Name)
            {
                throw new ArgumentException($"Column '{column.Name}' at index {column.Index} is not a column of this schema.", nameof(columns));
            }
            active[column.Index] = true;
        }
        return active;
    }

    /// <summary>The input columns that the active outputs are made from, each once, in the schema's order.</summary>
    public DataViewSchema.Column[] NeededInputs(bool[] activeOutputs)
    {
        var needed = new bool[InputSchema.Count];
        for (int i = 0; i < activeOutputs.Length; i++)
        {
            if (activeOutputs[i])
            {
                needed[IsPassedOn(i, out int index) ? index : InputOf(index).Index] = true;
            }
        }
        return [.. InputSchema.Where(column => needed[column.Index])];
    }

    private static int[] Arrange(DataViewSchema inputSchema, IReadOnlyList<DataViewSchema.DetachedColumn> added)
    {
        var origins = Enumerable.Range(0, inputSchema.Count).ToList();
        for (int i = 0; i < added.Count; i++)
        {
            string name = added[i].Name;
            int hidden = origins.FindLastIndex(origin => (origin >= 0 ? inputSchema[origin].Name : added[~origin].Name) == name);
            origins.Insert(hidden < 0 ? origins.Count : hidden + 1, ~i);
        }
        return [.. origins];
    }
}
