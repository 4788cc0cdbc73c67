using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A member of a user's type bound to a column.</summary>
internal sealed record RowMember(string ColumnName, DataViewType Type, MemberInfo Member, DataViewSchema.Annotations Annotations)
{
    /// <summary>The member's own type: a raw type, string, an array, or a <see cref="VBuffer{T}"/>.</summary>
    public Type ValueType => SchemaDefinition.GetValueType(Member);

    /// <summary>Binds the members of <typeparamref name="TRow"/> as the definition, or else the type itself, says.</summary>
    public static RowMember[] Bind<TRow>(SchemaDefinition? definition, SchemaDefinition.Direction direction) =>
        [.. (definition ?? SchemaDefinition.Create(typeof(TRow), direction)).Select(Bind<TRow>)];

    /// <summary>Binds as the type says, with the types and annotations of <paramref name="schema"/> where a column is in it.</summary>
    public static RowMember[] Bind<TRow>(DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            var member = definition[column.Name] ?? throw new InvalidOperationException(
                $"Type should contain a member named {column.Name}: {typeof(TRow)} has none for that column of type {column.Type}.");
            member.ColumnType = column.Type;
            member.AddAnnotations(column.Annotations);
        }

        return Bind<TRow>(definition, SchemaDefinition.Direction.Read);
    }

    /// <summary>The schema of views over objects with these members.</summary>
    public static DataViewSchema ToSchema(IEnumerable<RowMember> members)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(members.Select(member => new DataViewSchema.DetachedColumn(member.ColumnName, member.Type, member.Annotations)));
        return builder.ToSchema();
    }

    private static RowMember Bind<TRow>(SchemaDefinition.Column column)
    {
        var member = (MemberInfo?)typeof(TRow).GetField(column.MemberName) ?? typeof(TRow).GetProperty(column.MemberName);
        Contracts.CheckParam(member is not null, nameof(column), $"No field or property with name '{column.MemberName}' found in type '{typeof(TRow)}'");
        var (itemType, isVector) = SchemaDefinition.GetItemType(member);
        var type = column.ColumnType ?? (isVector ? new VectorDataViewType(itemType) : itemType);
        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        Contracts.CheckParam(
            isVector == type is VectorDataViewType && type.GetItemType().RawType == itemType.RawType,
            nameof(column),
            $"Column '{name}' is supposed to be {type}, but member '{member.Name}' of {typeof(TRow)} is {SchemaDefinition.GetValueType(member)}");
        return new RowMember(name, type, member, column.Annotations);
    }
}
