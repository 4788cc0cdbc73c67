using Microsoft.ML.Data;

namespace Microsoft.ML.Training;

/// <summary>The loss of one example under a linear model whose parameters are its biases followed by one block of weights per class.</summary>
internal abstract class LogisticLoss(int classCount)
{
    /// <summary>Number of biases, and of blocks of weights: 1 for two classes.</summary>
    public int BiasCount => classCount;

    /// <summary>Returns the weighted loss and adds its gradient to <paramref name="gradient"/>. <paramref name="scores"/> is scratch of <see cref="BiasCount"/>.</summary>
    public abstract float Accumulate(
        in VBuffer<float> features, float label, float weight, ReadOnlySpan<float> parameters, Span<float> gradient, Span<float> scores);
}

/// <summary>Two classes: log(1 + exp(-y s)), y = 1 or -1.</summary>
internal sealed class BinaryLogisticLoss() : LogisticLoss(1)
{
    public override float Accumulate(
        in VBuffer<float> features, float label, float weight, ReadOnlySpan<float> parameters, Span<float> gradient, Span<float> scores)
    {
        var half = (parameters[0] + FeatureVector.Dot(features, parameters[1..])) / 2;
        var logNormalizer = LogMath.LogSumExp(half, -half);
        var positive = label > 0 ? 1 : 0;
        var slope = weight * ((float)Math.Exp(half - logNormalizer) - positive);
        FeatureVector.AddScaled(features, slope, gradient[1..]);
        gradient[0] += slope;
        return weight * (logNormalizer - (2 * positive - 1) * half);
    }
}

/// <summary>Several classes: the negative logarithm of the softmax of the scores at the label.</summary>
internal sealed class SoftmaxLoss(int classCount) : LogisticLoss(classCount)
{
    public override float Accumulate(
        in VBuffer<float> features, float label, float weight, ReadOnlySpan<float> parameters, Span<float> gradient, Span<float> scores)
    {
        for (var c = 0; c < BiasCount; c++)
        {
            scores[c] = parameters[c] + FeatureVector.Dot(features, parameters.Slice(BiasCount + c * features.Length, features.Length));
        }
        var logNormalizer = LogMath.LogSumExp(scores);
        for (var c = 0; c < BiasCount; c++)
        {
            var slope = weight * ((float)Math.Exp(scores[c] - logNormalizer) - (c == (int)label ? 1 : 0));
            FeatureVector.AddScaled(features, slope, gradient.Slice(BiasCount + c * features.Length, features.Length));
            gradient[c] += slope;
        }
        return weight * (logNormalizer - scores[(int)label]);
    }
}
