using System.Numerics.Tensors;

namespace MLNet.BatchNorm;

/// <summary>
/// The loss of a batch and its gradient with respect to the network's outputs z. Rows count by their weights w: L = sum w l / sum w.
/// </summary>
/// <remarks>
/// <para>
/// Binary, with label y of 0 or 1: l = log(1 + exp(z)) - y z, dl/dz = sigmoid(z) - y.
/// Multiclass, with class k: l = log(sum exp(z)) - z(k), dl/dz = softmax(z) - e(k).
/// Regression: l = (z - y)^2 / 2, dl/dz = z - y.
/// </para>
/// <para>Exponentials are taken of differences to the largest output, so that none overflows.</para>
/// </remarks>
internal static class Loss
{
    /// <summary>The loss; <paramref name="gradient"/> receives dL/dz, as long as <paramref name="outputs"/>, or is empty.</summary>
    public static double Compute(
        NetworkTask task, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int outputCount, Span<float> gradient)
    {
        double weightSum = WeightSum(targets, weights);
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            double weight = weights.IsEmpty ? 1 : weights[row];
            ReadOnlySpan<float> output = outputs.Slice(row * outputCount, outputCount);
            Span<float> rowGradient = gradient.IsEmpty ? default : gradient.Slice(row * outputCount, outputCount);
            var share = (float)(weight / weightSum);
            sum += weight * task switch
            {
                NetworkTask.BinaryClassification => Logistic(output[0], targets[row], rowGradient, share),
                NetworkTask.MulticlassClassification => Softmax(output, (int)targets[row], rowGradient, share),
                _ => SquaredError(output[0], targets[row], rowGradient, share),
            };
        }

        return sum / weightSum;
    }

    /// <summary>How many of the rows have the right class, by weight; and for regression the sum of the squared errors, by weight.</summary>
    public static double Score(NetworkTask task, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int outputCount)
    {
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            double weight = weights.IsEmpty ? 1 : weights[row];
            ReadOnlySpan<float> output = outputs.Slice(row * outputCount, outputCount);
            double error = output[0] - targets[row];
            sum += weight * task switch
            {
                NetworkTask.BinaryClassification => (output[0] > 0) == (targets[row] > 0) ? 1 : 0,
                NetworkTask.MulticlassClassification => TensorPrimitives.IndexOfMax(output) == (int)targets[row] ? 1 : 0,
                _ => error * error,
            };
        }

        return sum;
    }

    /// <summary>The loss of the same probability for each class, or of the mean of standardized targets.</summary>
    public static double OfGuessing(NetworkTask task, int outputCount) => task switch
    {
        NetworkTask.BinaryClassification => Math.Log(2),
        NetworkTask.MulticlassClassification => Math.Log(outputCount),
        _ => 0.5,
    };

    /// <summary>What the losses of the rows are divided by.</summary>
    public static double WeightSum(ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        double sum = weights.IsEmpty ? targets.Length : 0;
        foreach (float weight in weights)
        {
            sum += weight;
        }

        return sum;
    }

    private static double Logistic(float output, float target, Span<float> gradient, float share)
    {
        double z = output;
        double tail = Math.Exp(-Math.Abs(z));
        if (!gradient.IsEmpty)
        {
            double probability = z >= 0 ? 1 / (1 + tail) : tail / (1 + tail);
            gradient[0] = (float)(share * (probability - target));
        }

        return Math.Max(z, 0) - (z * target) + Math.Log(1 + tail);
    }

    private static double Softmax(ReadOnlySpan<float> output, int label, Span<float> gradient, float share)
    {
        float largest = TensorPrimitives.Max(output);
        double sum = 0;
        foreach (float value in output)
        {
            sum += Math.Exp(value - largest);
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            double probability = Math.Exp(output[i] - largest) / sum;
            gradient[i] = (float)(share * (probability - (i == label ? 1 : 0)));
        }

        return Math.Log(sum) - (output[label] - largest);
    }

    private static double SquaredError(float output, float target, Span<float> gradient, float share)
    {
        double error = (double)output - target;
        if (!gradient.IsEmpty)
        {
            gradient[0] = (float)(share * error);
        }

        return error * error / 2;
    }
}
