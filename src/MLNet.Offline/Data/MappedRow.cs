using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The getters of a mapped row: the input's for its own columns, the mapping's for the added ones.</summary>
internal sealed class MappedGetters
{
    private readonly RowMapping _mapping;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly Delegate?[] _added;

    public MappedGetters(RowMapping mapping, DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        _mapping = mapping;
        _input = input;
        _active = new bool[mapping.OutputSchema.Count];
        foreach (var column in activeColumns)
        {
            _active[column.Index] = true;
        }

        var addedActive = new bool[mapping.AddedCount];
        for (var i = 0; i < _active.Length; i++)
        {
            if (!mapping.IsPassedThrough(i, out var added))
            {
                addedActive[added] = _active[i];
            }
        }

        _added = mapping.CreateGetters(input, added => addedActive[added]);
    }

    public bool IsActive(DataViewSchema.Column column)
    {
        Contracts.CheckParam(
            column.Index < _active.Length, nameof(column), $"Column '{column.Name}' has index {column.Index}; the row has {_active.Length} columns.");
        return _active[column.Index];
    }

    public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsActive(column))
        {
            throw Contracts.ExceptInactive(column);
        }

        return _mapping.IsPassedThrough(column.Index, out var index)
            ? _input.GetGetter<TValue>(_input.Schema[index])
            : Contracts.CheckGetter<TValue>(_added[index], column);
    }
}

/// <summary>A row with mapped columns added; its schema is the mapping's own output schema.</summary>
internal sealed class MappedRow(RowMapping mapping, DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) : DataViewRow
{
    private readonly MappedGetters _getters = new(mapping, input, activeColumns);

    public override DataViewSchema Schema => mapping.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
