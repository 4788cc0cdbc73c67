using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which members of a user's type are which columns, of which types; made from the type, then open to change.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    /// <summary>Whether members are read, written, or both.</summary>
    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    public Column this[string columnName] => Find(column => column.ColumnName == columnName)!;

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        Contracts.CheckValue(userType, nameof(userType));
        var definition = new SchemaDefinition();
        foreach (var member in GetMembers(userType, direction))
        {
            var name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            Contracts.CheckParam(
                definition[name] is null, nameof(userType), $"Duplicate column name '{name}' detected in {userType}, this is disallowed");
            definition.Add(new Column(member.Name, GetColumnType(member), name));
        }

        return definition;
    }

    internal static Type GetValueType(MemberInfo member) =>
        member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The column item type of an array, vector buffer or scalar; an error where no column carries it.</summary>
    internal static (PrimitiveDataViewType ItemType, bool IsVector) GetItemType(MemberInfo member)
    {
        var type = GetValueType(member);
        var isBuffer = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>);
        var item = type.IsArray ? type.GetElementType()! : isBuffer ? type.GetGenericArguments()[0] : type;
        return (
            ColumnTypeExtensions.TryGetPrimitiveType(item) ?? throw new ArgumentOutOfRangeException(
                nameof(member), $"Could not determine an IDataView type for member {member.Name} of type {type}: use a number, bool, string, an array or VBuffer of these, or [NoColumn]."),
            type.IsArray || isBuffer);
    }

    private static IEnumerable<MemberInfo> GetMembers(Type userType, Direction direction)
    {
        var fields = userType.GetFields(BindingFlags.Public | BindingFlags.Instance).Where(field => !field.IsLiteral);
        var properties = userType.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property =>
            property.GetIndexParameters().Length == 0
            && ((direction.HasFlag(Direction.Read) && property.GetGetMethod() is not null)
                || (direction.HasFlag(Direction.Write) && property.GetSetMethod() is not null)));
        return fields.Concat<MemberInfo>(properties)
            .Where(member => member.GetCustomAttribute<NoColumnAttribute>() is null && GetValueType(member) != typeof(IChannel));
    }

    private static DataViewType GetColumnType(MemberInfo member)
    {
        var (itemType, isVector) = GetItemType(member);
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            Contracts.CheckParam(
                KeyDataViewType.IsValidDataType(itemType.RawType),
                nameof(member),
                $"Member {member.Name} marked with KeyType attribute must be a Byte, UInt16, UInt32 or UInt64, but is {itemType}.");
            itemType = new KeyDataViewType(itemType.RawType, key.Count);
        }

        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        Contracts.CheckParam(
            vector is null || isVector, nameof(member), $"Member {member.Name} marked with {nameof(VectorTypeAttribute)} must be an array or VBuffer.");
        return !isVector ? itemType
            : vector is { Dimensions.Length: > 0 } ? new VectorDataViewType(itemType, vector.Dimensions)
            : new VectorDataViewType(itemType);
    }

    /// <summary>One member as a column.</summary>
    public sealed class Column
    {
        private readonly DataViewSchema.Annotations.Builder _annotations = new();

        internal Column(string memberName, DataViewType columnType, string columnName)
        {
            MemberName = memberName;
            ColumnType = columnType;
            ColumnName = columnName;
        }

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations => _annotations.ToAnnotations();

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            Contracts.CheckValue(kind, nameof(kind));
            Contracts.CheckValue(annotationType, nameof(annotationType));
            if (Annotations.Schema.GetColumnOrNull(kind) is not null)
            {
                throw new InvalidOperationException($"Column '{ColumnName}' already contains an annotation of kind '{kind}'.");
            }

            // The value goes through the same conversion as a member of a row: text, arrays and buffers alike.
            var member = new RowMember(kind, annotationType, typeof(Holder<T>).GetField(nameof(Holder<>.Value))!, DataViewSchema.Annotations.Empty);
            var holder = new Holder<T> { Value = value };
            _annotations.Add(kind, annotationType, MemberGetters.Create(member, () => holder));
        }

        internal void AddAnnotations(DataViewSchema.Annotations annotations) => _annotations.Add(annotations, _ => true);

        private sealed class Holder<T>
        {
            public T Value = default!;
        }
    }
}
