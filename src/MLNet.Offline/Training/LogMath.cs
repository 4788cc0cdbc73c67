using System.Numerics.Tensors;

namespace Microsoft.ML.Training;

/// <summary>Exponentials and logarithms that neither overflow nor cancel.</summary>
internal static class LogMath
{
    public static float Sigmoid(float score) => (float)Sigmoid((double)score);

    public static double Sigmoid(double score)
    {
        if (score > 0)
        {
            return 1 / (1 + Math.Exp(-score));
        }
        var exponential = Math.Exp(score);
        return exponential / (1 + exponential);
    }

    /// <summary>log(exp(a) + exp(b)).</summary>
    public static float LogSumExp(float a, float b)
    {
        var maximum = Math.Max(a, b);
        return float.IsNegativeInfinity(maximum) ? maximum : (float)(maximum + Math.Log(1 + Math.Exp(Math.Min(a, b) - maximum)));
    }

    /// <summary>log(sum of exp(scores)).</summary>
    public static float LogSumExp(ReadOnlySpan<float> scores)
    {
        var largest = TensorPrimitives.IndexOfMax(scores);
        var maximum = scores[largest];
        if (float.IsNegativeInfinity(maximum))
        {
            return maximum;
        }
        var others = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (i != largest)
            {
                others += Math.Exp(scores[i] - maximum);
            }
        }
        return (float)(maximum + Math.Log(1 + others));
    }

    /// <summary>Entropy in nats of a coin that falls on one side with the given probability; NaN outside [0, 1].</summary>
    public static double Entropy(double probability) => probability switch
    {
        < 0 or > 1 => double.NaN,
        0 or 1 => 0,
        _ => -probability * Math.Log(probability) - (1 - probability) * Math.Log(1 - probability),
    };
}
