namespace Microsoft.ML.Data;

/// <summary>A column bound to the fields that it is read from.</summary>
internal sealed class TextColumn
{
    private TextColumn(string name, DataViewType type, int[] fields)
    {
        Name = name;
        Type = type;
        Fields = fields;
    }

    public string Name { get; }

    public DataViewType Type { get; }

    /// <summary>The field of each slot.</summary>
    public int[] Fields { get; }

    public static TextColumn Create(TextLoader.Column column, int fieldCount)
    {
        Runtime.Contracts.CheckParam(!string.IsNullOrWhiteSpace(column.Name), nameof(column.Name), "A column needs a name.");
        Runtime.Contracts.CheckParam(
            column.Source is { Length: > 0 }, nameof(column.Source), $"Must specify some source column indices for column '{column.Name}'.");
        foreach (var range in column.Source)
        {
            Runtime.Contracts.CheckParam(
                !range.AutoEnd || range.Min < fieldCount,
                nameof(range.Min),
                $"Column #{range.Min} not found in the dataset (it only has {fieldCount} columns)");
        }

        int[] fields = [.. column.Source.SelectMany(range =>
            Enumerable.Range(range.Min, (range.AutoEnd ? fieldCount : (range.Max ?? range.Min) + 1) - range.Min))];
        Runtime.Contracts.CheckParam(
            fields.Distinct().Count() == fields.Length, nameof(column.Source), $"Intervals specified for column '{column.Name}' overlap");
        var itemType = column.GetItemType();
        var isVector = fields.Length > 1 || column.Source[0].ForceVector || column.Source[0].AutoEnd;
        return new TextColumn(column.Name.Trim(), isVector ? new VectorDataViewType(itemType, fields.Length) : itemType, fields);
    }

    /// <summary>Slot names from the header's fields, for a vector.</summary>
    public DataViewSchema.Annotations? GetAnnotations(IReadOnlyList<ReadOnlyMemory<char>> header)
    {
        if (Type is not VectorDataViewType || !Fields.Any(field => field < header.Count && header[field].Length > 0))
        {
            return null;
        }

        ReadOnlyMemory<char>[] names = [.. Fields.Select(field => field < header.Count ? header[field].ToString().Trim().AsMemory() : default)];
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddSlotNames(new VBuffer<ReadOnlyMemory<char>>(names.Length, names));
        return builder.ToAnnotations();
    }
}
