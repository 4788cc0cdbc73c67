namespace Microsoft.ML.Data;

/// <summary>A row mapping as an <see cref="IRowToRowMapper"/>.</summary>
internal sealed class RowMapper(RowMapping mapping) : IRowToRowMapper
{
    public DataViewSchema InputSchema => mapping.InputSchema;

    public DataViewSchema OutputSchema => mapping.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mapping.GetDependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Runtime.Contracts.CheckValue(input, nameof(input));
        Runtime.Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Runtime.Contracts.CheckParam(
            input.Schema == InputSchema, nameof(input), "Schema of input row must be the same as the schema the mapper is bound to");
        return new MappedRow(mapping, input, activeColumns);
    }
}
