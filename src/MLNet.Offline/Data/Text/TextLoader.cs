using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Loads columns from lines of separated fields, row by row as cursors move.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private const int SampleLines = 100;

    private readonly IHost _host;
    private readonly TextFormat _format;
    private readonly TextColumn[] _columns;
    private readonly DataViewSchema _schema;

    internal TextLoader(IHostEnvironment env, Options? options, IMultiStreamSource? dataSample)
    {
        options ??= new Options();
        _host = env.Register(nameof(TextLoader));
        _format = new TextFormat(options);
        var columns = options.Columns is { Length: > 0 } given ? given : DefaultColumns();
        var isSizeNeeded = columns.Any(column => column.Source?.Any(range => range.AutoEnd) == true);
        var sample = dataSample is null || !(isSizeNeeded || options.HasHeader) ? []
            : TextLines.Read(dataSample, hasHeader: false).Take(isSizeNeeded ? SampleLines : 1).Select(line => line.Text).ToList();
        var fieldCount = isSizeNeeded ? CountFields(sample) : 0;
        _columns = [.. columns.Select(column => TextColumn.Create(column, fieldCount))];

        IReadOnlyList<ReadOnlyMemory<char>> header = options.HasHeader && sample.Count > 0 ? _format.Split(sample[0].AsMemory()) : [];
        var builder = new DataViewSchema.Builder();
        foreach (var column in _columns)
        {
            builder.AddColumn(column.Name, column.Type, column.GetAnnotations(header));
        }

        _schema = builder.ToSchema();
    }

    public DataViewSchema GetOutputSchema() => _schema;

    public IDataView Load(IMultiStreamSource source)
    {
        Contracts.CheckValue(source, nameof(source));
        return new TextView(_host, source, _format, _columns, _schema);
    }

    /// <summary>The columns that a type's members ask for by <see cref="LoadColumnAttribute"/>.</summary>
    internal static Column[] GetColumns(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetGetMethod() is not null && property.GetIndexParameters().Length == 0);
        MemberInfo[] members = [.. type.GetFields(BindingFlags.Public | BindingFlags.Instance), .. properties];
        Contracts.CheckParam(members.Length > 0, nameof(type), $"Should define at least one public, readable field or property in {type}.");
        return [.. members.Select(member => new Column
        {
            Name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name,
            Source = member.GetCustomAttribute<LoadColumnAttribute>()?.Sources ?? throw new InvalidOperationException(
                $"{(member is FieldInfo ? "Field" : "Property")} '{member.Name}' of {type} is missing the {nameof(LoadColumnAttribute)} attribute"),
            DataKind = SchemaDefinition.GetItemType(member).ItemType.ToKind(),
            KeyCount = member.GetCustomAttribute<KeyTypeAttribute>() is { } key ? new KeyCount(key.Count) : null,
        })];
    }

    private static Column[] DefaultColumns() =>
        [new Column("Label", DataKind.Single, 0), new Column("Features", DataKind.Single, [new Range(1, null)])];

    private int CountFields(IEnumerable<string> lines)
    {
        int[] counts = [.. lines.Select(line => _format.Split(line.AsMemory()).Count).Distinct()];
        Contracts.CheckParam(
            counts.Length > 0,
            nameof(Column.Source),
            "Can't determine the number of source columns without valid data: give each range an end, or a data sample.");
        Contracts.CheckParam(
            counts.Length == 1,
            nameof(Column.Source),
            $"The size of input lines is not consistent: from {counts.Min()} to {counts.Max()} fields in the first lines.");
        return counts[0];
    }
}
