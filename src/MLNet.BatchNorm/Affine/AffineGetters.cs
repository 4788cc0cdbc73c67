using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>Getters that put a map behind an input's getter. Each owns its buffer, and so belongs to one row or cursor.</summary>
internal static class AffineGetters
{
    public static ValueGetter<T> Scalar<T>(ValueGetter<T> source, AffineMap map)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Scalar(source, map.Parameters<T>());

    public static ValueGetter<VBuffer<T>> Vector<T>(ValueGetter<VBuffer<T>> source, AffineMap map, string columnName)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var input = default(VBuffer<T>);
        var parameters = map.Parameters<T>();
        return (ref VBuffer<T> output) =>
        {
            // Not straight into the output: a source may hand out a buffer that it shares with others.
            source(ref input);
            if (input.Length != map.FeatureCount)
            {
                throw SchemaErrors.WrongLength(columnName, map.FeatureCount, input.Length);
            }
            if (input.IsDense)
            {
                var editor = VBufferEditor.Create(ref output, input.Length);
                AffineKernels.Apply(parameters, input.GetValues(), editor.Values);
                output = editor.Commit();
            }
            else if (map.PreservesZero)
            {
                var values = input.GetValues();
                var editor = VBufferEditor.Create(ref output, input.Length, values.Length);
                input.GetIndices().CopyTo(editor.Indices);
                map.ApplySparse(values, input.GetIndices(), editor.Values);
                output = editor.Commit();
            }
            else
            {
                var editor = VBufferEditor.Create(ref output, input.Length);
                input.CopyTo(editor.Values);
                AffineKernels.Apply(parameters, editor.Values, editor.Values);
                output = editor.Commit();
            }
        };
    }

    private static ValueGetter<T> Scalar<T>(ValueGetter<T> source, AffineParameters<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (ref T value) =>
        {
            source(ref value);
            value = AffineKernels.ApplyOne(parameters, 0, value);
        };
}
