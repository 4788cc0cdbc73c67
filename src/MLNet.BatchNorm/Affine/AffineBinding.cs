using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>
/// Fitted columns bound to one input schema: the output schema, and where each of its columns comes from.
/// A column that takes the name of an existing one stands right behind it and hides it; the others are appended, as in ML.NET's own transforms.
/// </summary>
internal sealed class AffineBinding
{
    // Per output column: the index of the input column that it passes on, or ~i for fitted column i.
    private readonly int[] _origins;

    public AffineBinding(DataViewSchema inputSchema, ImmutableArray<AffineColumn> columns, string parameterName)
    {
        InputSchema = inputSchema;
        Columns = columns;
        Inputs = [.. columns.Select(column => column.FindInput(inputSchema, parameterName))];
        _origins = Arrange(inputSchema, columns);

        var builder = new DataViewSchema.Builder();
        foreach (int origin in _origins)
        {
            if (origin >= 0)
            {
                builder.AddColumn(inputSchema[origin].Name, inputSchema[origin].Type, inputSchema[origin].Annotations);
            }
            else
            {
                builder.AddColumn(columns[~origin].OutputColumnName, Inputs[~origin].Type, Annotate(columns[~origin], Inputs[~origin]));
            }
        }
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public ImmutableArray<AffineColumn> Columns { get; }

    /// <summary>Per fitted column, the input column that it reads.</summary>
    public ImmutableArray<DataViewSchema.Column> Inputs { get; }

    /// <summary>Whether the output column is passed on from input column <paramref name="index"/>; otherwise it is fitted column <paramref name="index"/>.</summary>
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
                needed[IsPassedOn(i, out int index) ? index : Inputs[index].Index] = true;
            }
        }
        return [.. InputSchema.Where(column => needed[column.Index])];
    }

    private static int[] Arrange(DataViewSchema inputSchema, ImmutableArray<AffineColumn> columns)
    {
        var origins = Enumerable.Range(0, inputSchema.Count).ToList();
        for (int i = 0; i < columns.Length; i++)
        {
            string name = columns[i].OutputColumnName;
            int hidden = origins.FindLastIndex(origin => (origin >= 0 ? inputSchema[origin].Name : columns[~origin].OutputColumnName) == name);
            origins.Insert(hidden < 0 ? origins.Count : hidden + 1, ~i);
        }
        return [.. origins];
    }

    private static DataViewSchema.Annotations Annotate(AffineColumn column, DataViewSchema.Column input)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (column.IsNormalized)
        {
            builder.Add(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, (ref bool value) => value = true);
        }
        builder.Add(input.Annotations, kind => kind == AnnotationKinds.SlotNames);
        return builder.ToAnnotations();
    }
}
