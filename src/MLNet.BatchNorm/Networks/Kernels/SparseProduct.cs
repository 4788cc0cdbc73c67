using System.Numerics.Tensors;

namespace MLNet.BatchNorm;

/// <summary>The products of a dense layer with sparse rows: work and memory go by the numbers that are not zero.</summary>
/// <remarks>
/// Each number of the result is the same chain of fused multiply-adds as in <see cref="MatrixProduct"/>, without the links that are zero, which
/// change nothing: the results are equal to the last bit, for finite weights and gradients.
/// </remarks>
internal static class SparseProduct
{
    /// <summary>output [rows, outputs] = rows W + bias, with W as [inputs, outputs].</summary>
    public static void Multiply(LayerInput rows, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> output, int rowCount)
    {
        int outputCount = bias.Length;
        for (int row = 0; row < rowCount; row++)
        {
            ReadOnlySpan<float> values = rows.Sparse!.Values(rows.FirstRow + row);
            ReadOnlySpan<int> columns = rows.Sparse.Columns(rows.FirstRow + row);
            Span<float> sums = output.Slice(row * outputCount, outputCount);
            sums.Clear();
            for (int i = 0; i < values.Length; i++)
            {
                TensorPrimitives.FusedMultiplyAdd(weights.Slice(columns[i] * outputCount, outputCount), values[i], sums, sums);
            }
            TensorPrimitives.Add(sums, bias, sums);
        }
    }

    /// <summary>result [inputs, outputs] = transpose(rows) gradient, with the gradient as [rows, outputs].</summary>
    public static void MultiplyTransposed(LayerInput rows, ReadOnlySpan<float> gradient, Span<float> result, int rowCount, int outputCount)
    {
        result.Clear();
        for (int row = 0; row < rowCount; row++)
        {
            ReadOnlySpan<float> values = rows.Sparse!.Values(rows.FirstRow + row);
            ReadOnlySpan<int> columns = rows.Sparse.Columns(rows.FirstRow + row);
            ReadOnlySpan<float> rowGradient = gradient.Slice(row * outputCount, outputCount);
            for (int i = 0; i < values.Length; i++)
            {
                Span<float> sums = result.Slice(columns[i] * outputCount, outputCount);
                TensorPrimitives.FusedMultiplyAdd(rowGradient, values[i], sums, sums);
            }
        }
    }
}
