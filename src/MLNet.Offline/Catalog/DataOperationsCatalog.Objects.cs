using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

// Objects to views and back.
public sealed partial class DataOperationsCatalog
{
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition? schemaDefinition = null)
        where TRow : class
    {
        Contracts.CheckValue(data, nameof(data));
        return new EnumerableDataView<TRow>(data, RowMember.Bind<TRow>(schemaDefinition, SchemaDefinition.Direction.Read));
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckValue(schema, nameof(schema));
        return new EnumerableDataView<TRow>(data, RowMember.Bind<TRow>(schema));
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition? schemaDefinition = null)
        where TRow : class, new()
    {
        Contracts.CheckValue(data, nameof(data));
        var members = RowMember.Bind<TRow>(schemaDefinition, SchemaDefinition.Direction.Write);
        var matches = MemberSetters.Match(members, data.Schema, ignoreMissingColumns);
        return Enumerate();

        IEnumerable<TRow> Enumerate()
        {
            using var cursor = data.GetRowCursor(matches.Select(match => match.Column));
            Action<TRow>[] setters = [.. matches.Select(match => MemberSetters.Create<TRow>(match.Member, cursor, match.Column))];
            TRow? row = null;
            while (cursor.MoveNext())
            {
                if (row is null || !reuseRowObject)
                {
                    row = new TRow();
                }

                foreach (var set in setters)
                {
                    set(row);
                }

                yield return row;
            }
        }
    }
}
