namespace Microsoft.ML.Data;

/// <summary>The mapper of a transformer chain: a row goes through the mappers of its parts.</summary>
internal sealed class CompositeRowToRowMapper : IRowToRowMapper
{
    private readonly IRowToRowMapper[] _mappers;

    public CompositeRowToRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers)
    {
        _mappers = mappers;
        InputSchema = inputSchema;
        OutputSchema = mappers.Length > 0 ? mappers[^1].OutputSchema : inputSchema;
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => _mappers.Reverse().Aggregate(dependingColumns, (columns, mapper) => mapper.GetDependencies(columns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(activeColumns);
        if (input.Schema != InputSchema)
        {
            throw new ArgumentOutOfRangeException(nameof(input), "Schema did not match original schema: the row's schema is not the one that this mapper was made for.");
        }
        var needed = new IEnumerable<DataViewSchema.Column>[_mappers.Length + 1];
        needed[^1] = [.. activeColumns];
        for (var i = _mappers.Length - 1; i >= 0; i--)
        {
            needed[i] = [.. _mappers[i].GetDependencies(needed[i + 1])];
        }
        foreach (var column in needed[0])
        {
            if (!input.IsColumnActive(InputSchema[column.Index]))
            {
                throw new ArgumentOutOfRangeException(nameof(input), $"Mapper required column '{column.Name}' active but it was not.");
            }
        }
        var row = input;
        for (var i = 0; i < _mappers.Length; i++)
        {
            row = _mappers[i].GetRow(row, needed[i + 1]);
        }
        return row;
    }
}
