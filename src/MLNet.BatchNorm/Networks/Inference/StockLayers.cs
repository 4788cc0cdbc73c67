using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>A network's layers in the form in which they can be written as stock ML.NET.</summary>
/// <remarks>
/// Layer normalization of n units, xhat = (h - mean) / sqrt(variance + epsilon), is two things that stock ML.NET has: with one more unit of the
/// constant sqrt(n epsilon) beside the centered ones, a row has the length sqrt(n) sqrt(variance + epsilon), so that a row scaled to the length
/// sqrt(n) is xhat. Centering is linear, as are gamma and beta: they are part of dense layers.
/// </remarks>
internal static class StockLayers
{
    // As the network computes it.
    private const float LeakySlope = 0.01f;

    public static StockLayer[] Of(FoldedNetwork network)
    {
        var layers = new List<StockLayer>();
        FoldedLayerNormalization? normalizedInput = null;
        foreach (FoldedLayer layer in network.Layers)
        {
            StockLayer dense = Dense(layer, normalizedInput);
            string? activation = layer.Activation is { } function ? Expression(function) : null;
            normalizedInput = null;
            switch (layer.LayerNormalization)
            {
                case null:
                    layers.Add(dense with { Activation = activation });
                    break;
                case { Placement: NormalizationPlacement.BeforeActivation } before:
                    layers.Add(Normalize(dense, before.Epsilon));
                    // One unit more than there are, for the next layer's constant: a projection has no more outputs than inputs.
                    layers.Add(Rescale(before) with { Activation = activation });
                    break;
                case var behind:
                    layers.Add(dense.Pad(dense.InputCount, dense.OutputCount + 1) with { Activation = activation });
                    layers.Add(Normalize(Identity(dense.OutputCount), behind.Epsilon));
                    normalizedInput = behind;
                    break;
            }
        }

        return [.. layers];
    }

    /// <summary>The layer without its activation; where its input is xhat, it takes over gamma and beta.</summary>
    private static StockLayer Dense(FoldedLayer layer, FoldedLayerNormalization? normalizedInput)
    {
        if (normalizedInput is null)
        {
            return new StockLayer(layer.Weights, layer.Bias);
        }

        int inputCount = normalizedInput.Gamma.Length;
        var weights = new float[layer.Weights.Length];
        var bias = new float[layer.Bias.Length];
        for (int output = 0; output < bias.Length; output++)
        {
            double sum = layer.Bias[output];
            for (int input = 0; input < inputCount; input++)
            {
                int index = (output * inputCount) + input;
                weights[index] = (float)(layer.Weights[index] * normalizedInput.Gamma[input]);
                sum += layer.Weights[index] * normalizedInput.Beta[input];
            }

            bias[output] = (float)sum;
        }

        return new StockLayer(weights, bias);
    }

    /// <summary>xhat of a layer's outputs, and one more unit that no one listens to.</summary>
    private static StockLayer Normalize(StockLayer layer, double epsilon)
    {
        int count = layer.OutputCount;
        var weights = new float[(count + 1) * layer.InputCount];
        for (int input = 0; input < layer.InputCount; input++)
        {
            double mean = 0;
            for (int output = 0; output < count; output++)
            {
                mean += layer.Weights[(output * layer.InputCount) + input] / (double)count;
            }

            for (int output = 0; output < count; output++)
            {
                int index = (output * layer.InputCount) + input;
                weights[index] = (float)(layer.Weights[index] - mean);
            }
        }

        double bias = layer.Bias.Average(value => (double)value);
        return new StockLayer(
            weights,
            [.. layer.Bias.Select(value => (float)(value - bias)), (float)Math.Sqrt(count * epsilon)],
            RowLength: (float)Math.Sqrt(count));
    }

    /// <summary>gamma xhat + beta, and one more unit that no one listens to.</summary>
    private static StockLayer Rescale(FoldedLayerNormalization normalization)
    {
        int count = normalization.Gamma.Length + 1;
        var weights = new float[count * count];
        for (int unit = 0; unit < count - 1; unit++)
        {
            weights[(unit * count) + unit] = (float)normalization.Gamma[unit];
        }

        return new StockLayer(weights, [.. normalization.Beta.Select(value => (float)value), 0]);
    }

    private static StockLayer Identity(int count)
    {
        var weights = new float[count * count];
        for (int unit = 0; unit < count; unit++)
        {
            weights[(unit * count) + unit] = 1;
        }

        return new StockLayer(weights, new float[count]);
    }

    private static string Expression(ActivationFunction activation) => activation switch
    {
        ActivationFunction.ReLU => "x => max(x, 0f)",
        ActivationFunction.LeakyReLU => $"x => max(x, {StockExpression.Literal(LeakySlope, isDouble: false)} * x)",
        ActivationFunction.Tanh => "x => tanh(x)",
        ActivationFunction.Sigmoid => "x => 1f / (1f + exp(-x))",
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No expression is known for this activation."),
    };
}
