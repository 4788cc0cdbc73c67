using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>The parameters of linear models in one array.</summary>
internal static class TrainedParameters
{
    /// <summary>Bias, then weights.</summary>
    public static double[] Of(LinearModelParameters model) => [model.Bias, .. model.Weights.Select(weight => (double)weight)];

    /// <summary>By class: bias, then weights.</summary>
    public static double[] Of(MaximumEntropyModelParameters model)
    {
        VBuffer<float>[] weights = [];
        model.GetWeights(ref weights, out int classCount);
        float[] biases = [.. model.GetBiases()];
        return [.. Enumerable.Range(0, classCount).SelectMany(c => weights[c].DenseValues().Prepend(biases[c])).Select(value => (double)value)];
    }
}
