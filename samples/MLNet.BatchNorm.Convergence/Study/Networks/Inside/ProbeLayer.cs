using System.Numerics.Tensors;

namespace MLNet.BatchNorm.Convergence.Study.Networks.Inside;

/// <summary>One layer of a trained network in double: z = W x + b, and where it is normalized over batches, gamma (z - mean) / sqrt(variance + epsilon) + beta.</summary>
internal sealed record ProbeLayer(double[] Weights, double[] Bias, double[] Gamma, double[] Beta, double[] RunningMean, double[] RunningVariance, double Epsilon)
{
    public int OutputCount => Bias.Length;

    public int InputCount => Weights.Length / Bias.Length;

    public bool IsNormalized => Gamma.Length > 0;

    public static ProbeLayer Of(MultilayerPerceptronLayer layer, double epsilon) => new(
        [.. layer.Weights.Select(weight => (double)weight)], [.. layer.Bias.Select(bias => (double)bias)],
        [.. layer.Gamma], [.. layer.Beta], [.. layer.RunningMean], [.. layer.RunningVariance], epsilon);

    /// <summary>z, [rows, outputs].</summary>
    public double[] Dense(ReadOnlySpan<double> inputs, int rowCount)
    {
        var z = new double[rowCount * OutputCount];
        for (var row = 0; row < rowCount; row++)
        {
            var x = inputs.Slice(row * InputCount, InputCount);
            for (var output = 0; output < OutputCount; output++)
            {
                z[(row * OutputCount) + output] = TensorPrimitives.Dot(x, Weights.AsSpan(output * InputCount, InputCount)) + Bias[output];
            }
        }

        return z;
    }

    /// <summary>The layer's batch normalization, for the batch's own statistics.</summary>
    public BatchNormLayer Normalization()
    {
        var layer = new BatchNormLayer(OutputCount, epsilon: Epsilon) { UpdateRunningStatistics = false };
        Gamma.CopyTo(layer.Gamma);
        Beta.CopyTo(layer.Beta);
        return layer;
    }

    /// <summary>Normalized by the running statistics, as at inference.</summary>
    public double[] NormalizeByRunning(double[] z, int rowCount)
    {
        var normalized = new double[z.Length];
        for (var i = 0; i < z.Length; i++)
        {
            var neuron = i % OutputCount;
            normalized[i] = (Gamma[neuron] * (z[i] - RunningMean[neuron]) / Math.Sqrt(RunningVariance[neuron] + Epsilon)) + Beta[neuron];
        }

        return normalized;
    }
}
