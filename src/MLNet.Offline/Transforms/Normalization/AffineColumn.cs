using System.Collections.Immutable;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using static Microsoft.ML.Transforms.NormalizingTransformer;

namespace Microsoft.ML.Transforms;

/// <summary>One column of a normalizer.</summary>
internal abstract record AffineColumn(string Output, string Input, DataViewType Type)
{
    private const string LoaderSignature = "AffineNormExec";

    protected static readonly ComponentVersion Version = new()
    {
        ModelSignature = "AFF NORM",
        Written = 0x00010003,
        Readable = 0x00010003,
        OldestReadable = 0x00010003,
        LoaderSignature = LoaderSignature,
    };

    public abstract NormalizerModelParametersBase Parameters { get; }

    public abstract Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input);

    public abstract void Save(ModelSaveContext context);

    public static AffineColumn Load(ModelLoadContext context, string output, string input, DataViewType type)
    {
        if (context.LoaderSignature != LoaderSignature)
        {
            throw context.UnknownComponent();
        }
        context.CheckVersionInfo(Version);
        return type.GetItemType() == NumberDataViewType.Single
            ? AffineColumn<float>.LoadParameters(context.Reader, output, input, type)
            : AffineColumn<double>.LoadParameters(context.Reader, output, input, type);
    }
}

/// <summary>y = (x - offset) * scale in each slot of a column of T.</summary>
internal sealed record AffineColumn<T>(string Output, string Input, DataViewType Type, AffineParameters<T> Affine) : AffineColumn(Output, Input, Type)
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private bool IsVector => Type is VectorDataViewType;

    public override NormalizerModelParametersBase Parameters => IsVector
        ? new AffineNormalizerModelParameters<ImmutableArray<T>>([.. Affine.Scale], [.. Affine.Offset ?? []])
        : new AffineNormalizerModelParameters<T>(Affine.Scale[0], Affine.Offset?[0] ?? T.Zero);

    public override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input)
    {
        if (!IsVector)
        {
            var getScalar = row.GetGetter<T>(input);
            var (scale, offset) = (Affine.Scale[0], Affine.Offset?[0] ?? T.Zero);
            return (ValueGetter<T>)((ref T destination) =>
            {
                getScalar(ref destination);
                destination = (destination - offset) * scale;
            });
        }
        var getVector = row.GetGetter<VBuffer<T>>(input);
        var source = default(VBuffer<T>);
        var scratch = new T[Affine.Scale.Length];
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) =>
        {
            getVector(ref source);
            if (source.Length != scratch.Length)
            {
                throw new InvalidOperationException($"Column '{Input}': the normalizer expects {scratch.Length} slots, but got {source.Length}.");
            }
            if (Affine.Offset == null && !source.IsDense)
            {
                ScaleSparse(in source, scratch, ref destination);
                return;
            }
            source.CopyTo(scratch);
            if (Affine.Offset != null)
            {
                TensorPrimitives.Subtract(scratch, Affine.Offset, scratch);
            }
            TensorPrimitives.Multiply(scratch, Affine.Scale, scratch);
            VectorStorage.Store(scratch, ref destination);
        });
    }

    // Format: item size, slots, -1 (all slots are scaled), number of scales, scales, number of offsets (0: all are zero), offsets.
    public override void Save(ModelSaveContext context)
    {
        context.CheckAtModel();
        context.SetVersionInfo(Version);
        // A scalar's offset is always written; a vector's only where one is not zero, else stock readers stumble.
        var offset = Affine.Offset ?? (IsVector ? [] : [T.Zero]);
        context.Writer.Write(Unsafe.SizeOf<T>());
        context.Writer.Write(Affine.Scale.Length);
        context.Writer.Write(-1);
        context.Writer.Write(Affine.Scale.Length);
        context.Writer.Write(MemoryMarshal.AsBytes(Affine.Scale.AsSpan()));
        context.Writer.Write(offset.Length);
        context.Writer.Write(MemoryMarshal.AsBytes(offset.AsSpan()));
    }

    public static AffineColumn<T> LoadParameters(BinaryReader reader, string output, string input, DataViewType type)
    {
        var itemSize = reader.ReadInt32();
        ModelHeader.Require(itemSize == Unsafe.SizeOf<T>(), $"a normalizer of {typeof(T).Name} with items of {itemSize} bytes");
        var size = reader.ReadInt32();
        ModelHeader.Require(size > 0 && reader.ReadInt32() == -1, "a normalizer of no slots, or of some slots only");
        var scale = LoadArray(reader, size);
        var offset = LoadArray(reader, size);
        ModelHeader.Require(scale.Length == size && !Array.Exists(scale, T.IsNaN) && !Array.Exists(offset, T.IsNaN), "bad scales or offsets of a normalizer");
        if (size != type.GetValueCount())
        {
            throw new InvalidOperationException($"Normalizer expected {size} slots, but the input data column '{input}' has {type.GetValueCount()} slots.");
        }
        for (var i = 0; i < offset.Length; i++)
        {
            offset[i] = T.IsZero(scale[i]) ? T.Zero : offset[i];
        }
        return new AffineColumn<T>(output, input, type, new AffineParameters<T>(scale, Array.TrueForAll(offset, T.IsZero) ? null : offset));
    }

    private static T[] LoadArray(BinaryReader reader, int size)
    {
        var count = reader.ReadInt32();
        ModelHeader.Require(count == 0 || count == size, $"{count} numbers for {size} slots of a normalizer");
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        ModelHeader.Require((long)count * Unsafe.SizeOf<T>() <= left, $"{count} numbers where {left} bytes are left");
        var items = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(items.AsSpan()));
        return items;
    }

    private void ScaleSparse(in VBuffer<T> source, T[] scratch, ref VBuffer<T> destination)
    {
        var values = source.GetValues();
        var indices = source.GetIndices();
        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            scratch[i] = values[i] * Affine.Scale[indices[i]];
            count += T.IsZero(scratch[i]) ? 0 : 1;
        }
        var isDense = VectorStorage.IsDense(count, source.Length);
        var editor = isDense ? VBufferEditor.Create(ref destination, source.Length) : VBufferEditor.Create(ref destination, source.Length, count);
        if (isDense)
        {
            editor.Values.Clear();
        }
        var used = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (isDense)
            {
                editor.Values[indices[i]] = scratch[i];
            }
            else if (!T.IsZero(scratch[i]))
            {
                editor.Indices[used] = indices[i];
                editor.Values[used++] = scratch[i];
            }
        }
        destination = editor.Commit();
    }
}
