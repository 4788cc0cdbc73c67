using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row over one object that is set from outside: what prediction engines and custom mappings read from.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly Delegate[] _getters;
    private TRow? _value;
    private long _position = -1;

    public ObjectRow(RowMember[] members)
    {
        Schema = RowMember.ToSchema(members);
        _getters = [.. members.Select(member => MemberGetters.Create(member, GetValue))];
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    /// <summary>Puts an object in the row's place; the position counts the objects.</summary>
    public void SetValue(TRow value)
    {
        Contracts.CheckValue(value, nameof(value));
        _value = value;
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _getters.Length;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        Contracts.CheckGetter<TValue>(_getters[column.Index], column);

    private TRow GetValue() => _value ?? throw new InvalidOperationException("Values cannot be fetched before the row has an object.");
}
