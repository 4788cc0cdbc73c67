using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Base of the transformers that make one column of one column, for one or more pairs of them.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    internal readonly (string outputColumnName, string inputColumnName)[] ColumnPairs;

    private protected OneToOneTransformerBase(IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host)
    {
        Contracts.CheckValue(columns, nameof(columns));
        var outputs = new HashSet<string>();
        foreach (var (output, input) in columns)
        {
            Contracts.CheckNonEmpty(input, nameof(columns));
            Contracts.CheckNonEmpty(output, nameof(columns));
            Contracts.CheckParam(outputs.Add(output), nameof(columns), $"Name of the result column '{output}' specified multiple times");
        }
        ColumnPairs = columns;
    }

    private protected override RowMapping CreateMapping(DataViewSchema inputSchema)
    {
        var mapped = new MappedColumn[ColumnPairs.Length];
        for (var i = 0; i < mapped.Length; i++)
        {
            var name = ColumnPairs[i].inputColumnName;
            var input = inputSchema.GetColumnOrNull(name) ?? throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
            CheckInputColumn(i, input);
            var pair = i;
            mapped[i] = new MappedColumn(DescribeOutput(i, input), [input], row => CreateGetter(pair, row, input));
        }
        return new ColumnwiseMapping(inputSchema, mapped);
    }

    /// <summary>Throws where the input column has the wrong type.</summary>
    private protected virtual void CheckInputColumn(int pair, DataViewSchema.Column input)
    {
    }

    private protected abstract DataViewSchema.DetachedColumn DescribeOutput(int pair, DataViewSchema.Column input);

    private protected abstract Delegate CreateGetter(int pair, DataViewRow row, DataViewSchema.Column input);

    // Format: number of pairs; for each the names of output and input.
    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ColumnPairs.Length);
        foreach (var (output, input) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(output);
            ctx.SaveNonEmptyString(input);
        }
    }

    private protected static (string outputColumnName, string inputColumnName)[] LoadColumns(ModelLoadContext context)
    {
        var count = context.Reader.ReadInt32();
        ModelHeader.Require(count >= 0, $"{count} columns");
        var columns = new List<(string, string)>();
        for (var i = 0; i < count; i++)
        {
            var output = context.LoadNonEmptyString();
            columns.Add((output, context.LoadNonEmptyString()));
        }
        return [.. columns];
    }
}
