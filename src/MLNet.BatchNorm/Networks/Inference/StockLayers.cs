using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>A network's layers in the form in which they can be written as stock ML.NET.</summary>
internal static class StockLayers
{
    // As the network computes it.
    private const float LeakySlope = 0.01f;

    public static StockLayer[] Of(FoldedNetwork network) =>
        [.. network.Layers.Select(layer => new StockLayer(layer.Weights, layer.Bias, layer.Activation is { } activation ? Expression(activation) : null))];

    private static string Expression(ActivationFunction activation) => activation switch
    {
        ActivationFunction.ReLU => "x => max(x, 0f)",
        ActivationFunction.LeakyReLU => $"x => max(x, {StockExpression.Literal(LeakySlope, isDouble: false)} * x)",
        ActivationFunction.Tanh => "x => tanh(x)",
        ActivationFunction.Sigmoid => "x => 1f / (1f + exp(-x))",
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No expression is known for this activation."),
    };
}
