using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Data;

/// <summary>Columns of one item type put together in a vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "CONCAT F",
        Written = 0x00010003,
        Readable = 0x00010003,
        OldestReadable = 0x00010003,
        LoaderSignature = LoaderSignature,
        LoaderSignatureAlternate = "ConcatFunction",
    };

    private readonly OutputColumn[] _columns;

    internal ColumnConcatenatingTransformer(IHostEnvironment env, OutputColumn[] columns)
        : base(env.Register(nameof(ColumnConcatenatingTransformer))) => _columns = columns;

    // Format: number of outputs; for each its name, its number of sources, and for each source its name and what slot names are to call it, or -1.
    internal static ColumnConcatenatingTransformer Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var columns = new List<OutputColumn>();
        for (var left = LoadCount(context); left > 0; left--)
        {
            var name = context.LoadNonEmptyString();
            var sources = new List<(string, string?)>();
            for (var sourcesLeft = LoadCount(context); sourcesLeft > 0; sourcesLeft--)
            {
                var source = context.LoadNonEmptyString();
                sources.Add((source, context.LoadStringOrNull()));
            }
            columns.Add(new OutputColumn(name, [.. sources]));
        }
        return new ColumnConcatenatingTransformer(context.Environment, [.. columns]);
    }

    private protected override RowMapping CreateMapping(DataViewSchema inputSchema)
        => new ColumnwiseMapping(inputSchema, [.. _columns.Select(column => Bind(column, inputSchema))]);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_columns.Length);
        foreach (var column in _columns)
        {
            ctx.SaveNonEmptyString(column.Name);
            ctx.Writer.Write(column.Sources.Length);
            foreach (var (name, alias) in column.Sources)
            {
                ctx.SaveNonEmptyString(name);
                ctx.SaveStringOrNull(alias);
            }
        }
    }

    private static int LoadCount(ModelLoadContext context)
    {
        var count = context.Reader.ReadInt32();
        ModelHeader.Require(count > 0, $"{count} columns to concatenate");
        return count;
    }

    private static MappedColumn Bind(OutputColumn column, DataViewSchema inputSchema)
    {
        var inputs = Array.ConvertAll(column.Sources, source =>
            inputSchema.GetColumnOrNull(source.Name) ?? throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name));
        var itemType = inputs[0].Type.GetItemType();
        foreach (var input in inputs)
        {
            if (!input.Type.GetItemType().Equals(itemType))
            {
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, itemType.ToString()!, input.Type.ToString()!);
            }
        }
        // A single vector passes as it is.
        if (inputs is [{ Type: VectorDataViewType } single])
        {
            return new MappedColumn(new DataViewSchema.DetachedColumn(column.Name, single.Type, single.Annotations), inputs, row => row.GetGetter(single));
        }
        var size = inputs.Any(input => input.Type.GetValueCount() == 0) ? 0 : inputs.Sum(input => input.Type.GetValueCount());
        var output = new DataViewSchema.DetachedColumn(column.Name, new VectorDataViewType((PrimitiveDataViewType)itemType, size), Annotate(column, inputs, size));
        return new MappedColumn(output, inputs, row => RawTypeDispatch.Invoke(itemType.RawType, new Concatenation(row, inputs)));
    }

    private static DataViewSchema.Annotations Annotate(OutputColumn column, DataViewSchema.Column[] inputs, int size)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (inputs.All(input => input.Type.GetItemType() is NumberDataViewType && input.IsNormalized()))
        {
            annotations.AddIsNormalized();
        }
        if (size > 0 && inputs.Any(input => input.Type is not VectorDataViewType || input.HasSlotNames()))
        {
            annotations.AddSlotNames(MakeSlotNames(column, inputs, size));
        }
        return annotations.ToAnnotations();
    }

    /// <summary>A scalar's slot is called like its column, a vector's slot `column.slot`.</summary>
    private static VBuffer<ReadOnlyMemory<char>> MakeSlotNames(OutputColumn column, DataViewSchema.Column[] inputs, int size)
    {
        var names = new ReadOnlyMemory<char>[size];
        var start = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            var prefix = column.Sources[i].Alias ?? inputs[i].Name;
            if (inputs[i].Type is not VectorDataViewType)
            {
                names[start] = prefix.AsMemory();
            }
            else if (inputs[i].GetSlotNamesOrNull() is { } slotNames)
            {
                foreach (var (slot, name) in slotNames.Items())
                {
                    var isAlone = column.Sources[i].Alias == inputs[i].Name;
                    names[start + slot] = name.IsEmpty || isAlone ? name : $"{prefix}.{name}".AsMemory();
                }
            }
            start += inputs[i].Type.GetValueCount();
        }
        int[] named = [.. Enumerable.Range(0, size).Where(slot => !names[slot].IsEmpty)];
        return VectorStorage.IsDense(named.Length, size)
            ? new VBuffer<ReadOnlyMemory<char>>(size, names)
            : new VBuffer<ReadOnlyMemory<char>>(size, named.Length, [.. named.Select(slot => names[slot])], named);
    }

    /// <summary>An output column and its sources; an alias stands for the source's name in slot names.</summary>
    internal sealed record OutputColumn(string Name, (string Name, string? Alias)[] Sources);

    /// <summary>Makes the getter of a concatenated column.</summary>
    private sealed record Concatenation(DataViewRow Row, DataViewSchema.Column[] Inputs) : IRawTypeFunction<Delegate>
    {
        public Delegate Invoke<TValue>()
        {
            var scalars = new ValueGetter<TValue>?[Inputs.Length];
            var vectors = new ValueGetter<VBuffer<TValue>>?[Inputs.Length];
            for (var i = 0; i < Inputs.Length; i++)
            {
                if (Inputs[i].Type is VectorDataViewType)
                {
                    vectors[i] = Row.GetGetter<VBuffer<TValue>>(Inputs[i]);
                }
                else
                {
                    scalars[i] = Row.GetGetter<TValue>(Inputs[i]);
                }
            }
            var parts = new VBuffer<TValue>[Inputs.Length];
            return (ValueGetter<VBuffer<TValue>>)((ref VBuffer<TValue> destination) => Join(scalars, vectors, parts, ref destination));
        }

        private void Join<TValue>(ValueGetter<TValue>?[] scalars, ValueGetter<VBuffer<TValue>>?[] vectors, VBuffer<TValue>[] parts, ref VBuffer<TValue> destination)
        {
            var length = 0;
            var count = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                if (vectors[i] is { } getVector)
                {
                    getVector(ref parts[i]);
                    CheckLength(Inputs[i], parts[i].Length);
                    length = checked(length + parts[i].Length);
                    count += parts[i].GetValues().Length;
                }
                else
                {
                    length++;
                    count++;
                }
            }
            // Sparse where half of the values or fewer are given.
            var isSparse = count <= length / 2;
            var editor = isSparse ? VBufferEditor.Create(ref destination, length, count) : VBufferEditor.Create(ref destination, length);
            var start = 0;
            var used = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                var values = parts[i].GetValues();
                if (scalars[i] is { } getScalar)
                {
                    var slot = isSparse ? used : start;
                    getScalar(ref editor.Values[slot]!);
                    if (isSparse)
                    {
                        editor.Indices[used++] = start;
                    }
                    start++;
                    continue;
                }
                if (isSparse)
                {
                    var indices = parts[i].GetIndices();
                    values.CopyTo(editor.Values[used..]);
                    for (var j = 0; j < values.Length; j++)
                    {
                        editor.Indices[used++] = start + (parts[i].IsDense ? j : indices[j]);
                    }
                }
                else
                {
                    parts[i].CopyTo(editor.Values.Slice(start, parts[i].Length));
                }
                start += parts[i].Length;
            }
            destination = editor.Commit();
        }

        private static void CheckLength(DataViewSchema.Column column, int length)
        {
            if (column.Type.GetVectorSize() is > 0 and var size && size != length)
            {
                throw new InvalidOperationException($"Column '{column.Name}': expected {size} slots, but got {length}");
            }
        }
    }
}
