using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Training;

/// <summary>Dense and sparse feature vectors against dense weights.</summary>
internal static class FeatureVector
{
    public static float Dot(in VBuffer<float> features, ReadOnlySpan<float> weights)
    {
        var values = features.GetValues();
        if (features.IsDense)
        {
            return TensorPrimitives.Dot(values, weights);
        }
        var indices = features.GetIndices();
        var sum = 0f;
        for (var i = 0; i < indices.Length; i++)
        {
            sum += values[i] * weights[indices[i]];
        }
        return sum;
    }

    /// <summary>Adds <paramref name="scale"/> times the features to <paramref name="target"/>.</summary>
    public static void AddScaled(in VBuffer<float> features, float scale, Span<float> target)
    {
        var values = features.GetValues();
        if (features.IsDense)
        {
            TensorPrimitives.MultiplyAdd(values, scale, target, target);
            return;
        }
        var indices = features.GetIndices();
        for (var i = 0; i < indices.Length; i++)
        {
            target[indices[i]] += scale * values[i];
        }
    }

    public static float NormSquared(in VBuffer<float> features) => TensorPrimitives.SumOfSquares(features.GetValues());

    /// <summary>The weights as they are, or sparse if there are at least 20 and at most a quarter is not zero.</summary>
    public static VBuffer<float> SparseIfMostlyZero(float[] weights)
    {
        int[] indices = [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] != 0)];
        return weights.Length < 20 || indices.Length > weights.Length / 4
            ? new VBuffer<float>(weights.Length, weights)
            : new VBuffer<float>(weights.Length, indices.Length, Array.ConvertAll(indices, i => weights[i]), indices);
    }

    public static bool IsFinite(in VBuffer<float> features)
    {
        foreach (var value in features.GetValues())
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }
        return true;
    }
}
