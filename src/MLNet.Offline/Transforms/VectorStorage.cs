using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Stores computed values in a vector, sparse where fewer than half of them are not zero.</summary>
internal static class VectorStorage
{
    public static void Store<T>(ReadOnlySpan<T> values, ref VBuffer<T> destination)
        where T : struct, INumberBase<T>
    {
        var count = 0;
        foreach (var value in values)
        {
            count += T.IsZero(value) ? 0 : 1;
        }
        if (IsDense(count, values.Length))
        {
            var dense = VBufferEditor.Create(ref destination, values.Length);
            values.CopyTo(dense.Values);
            destination = dense.Commit();
            return;
        }
        var sparse = VBufferEditor.Create(ref destination, values.Length, count);
        count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (!T.IsZero(values[i]))
            {
                sparse.Values[count] = values[i];
                sparse.Indices[count++] = i;
            }
        }
        destination = sparse.Commit();
    }

    public static bool IsDense(int nonZeroCount, int length) => nonZeroCount > 0 && nonZeroCount >= length / 2;
}
