using System.Numerics.Tensors;
using MLNet.BatchNorm.Convergence.Objectives;

namespace MLNet.BatchNorm.Convergence.Optimizers;

/// <summary>Mini-batch gradient descent with a constant learning rate, rows shuffled anew for every pass.</summary>
public static class StochasticGradientDescent
{
    /// <summary>The objective after some passes over the data from w = 0; null when the parameters have left the range of double.</summary>
    public static double? Run(LinearObjective objective, double learningRate, int batchSize, int epochs, int seed)
    {
        var random = new Random(seed);
        var order = Enumerable.Range(0, objective.Features.RowCount).ToArray();
        var parameters = new double[objective.ParameterCount];
        var gradient = new double[parameters.Length];
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle(order);
            for (var start = 0; start < order.Length; start += batchSize)
            {
                objective.BatchGradient(parameters, order.AsSpan(start, Math.Min(batchSize, order.Length - start)), gradient);
                TensorPrimitives.MultiplyAdd(gradient, -learningRate, parameters, parameters);
            }
        }

        var value = objective.Value(parameters);
        return double.IsFinite(value) ? value : null;
    }
}
