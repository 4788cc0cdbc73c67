using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Schemas in words, annotations and their values included, for comparison.</summary>
internal static class SchemaText
{
    /// <summary>One line per column, hidden ones too.</summary>
    public static string[] Of(DataViewSchema schema) => [.. schema.Select(Of)];

    /// <summary>One line per column: what a shape knows of it.</summary>
    public static string[] Of(SchemaShape shape) =>
        [.. shape.Select(column => $"{column.Name}: {column.Kind} of {column.ItemType}{(column.IsKey ? " key" : "")} {{{string.Join("; ", Of(column.Annotations).Order(StringComparer.Ordinal))}}}")];

    private static string Of(DataViewSchema.Column column)
    {
        var annotations = column.Annotations.Schema.Select(kind => $"{kind.Name} ({kind.Type}) = {Value(column.Annotations, kind)}");
        return $"{column.Name}: {column.Type}{(column.IsHidden ? " hidden" : "")} {{{string.Join("; ", annotations.Order(StringComparer.Ordinal))}}}";
    }

    private static string Value(DataViewSchema.Annotations annotations, DataViewSchema.Column kind) => kind.Type.RawType switch
    {
        var type when type == typeof(bool) => Read<bool>(annotations, kind),
        var type when type == typeof(uint) => Read<uint>(annotations, kind),
        var type when type == typeof(ReadOnlyMemory<char>) => Read<ReadOnlyMemory<char>>(annotations, kind),
        var type when type == typeof(VBuffer<ReadOnlyMemory<char>>) => ReadAll<ReadOnlyMemory<char>>(annotations, kind),
        var type when type == typeof(VBuffer<float>) => ReadAll<float>(annotations, kind),
        var type => throw new NotSupportedException($"Annotation {kind.Name} of type {type}."),
    };

    private static string Read<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column kind)
    {
        T value = default!;
        annotations.GetGetter<T>(kind)(ref value);
        return string.Create(CultureInfo.InvariantCulture, $"{value}");
    }

    private static string ReadAll<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column kind)
    {
        var values = default(VBuffer<T>);
        annotations.GetGetter<VBuffer<T>>(kind)(ref values);
        return string.Join(",", values.DenseValues().Select(value => string.Create(CultureInfo.InvariantCulture, $"{value}")));
    }
}
