using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>A network's layers in the form in which they can be written as stock ML.NET.</summary>
/// <remarks>
/// Layer normalization of n units, xhat = (h - mean) / sqrt(variance + epsilon), is two things that stock ML.NET has: with one more unit of the
/// constant sqrt(n epsilon) beside the centered ones, a row has the length sqrt(n) sqrt(variance + epsilon), so that a row scaled to the length
/// sqrt(n) is xhat. Centering is linear, as are gamma and beta: they are part of dense layers. Root mean square normalization is the
/// same without centering; group normalization the same per group, each with a constant unit of its own.
/// </remarks>
internal static class StockLayers
{
    // As the network computes it.
    private const float LeakySlope = 0.01f;

    public static StockLayer[] Of(FoldedNetwork network)
    {
        var layers = new List<StockLayer>();
        FoldedRowNormalization? normalizedInput = null;
        foreach (FoldedLayer layer in network.Layers)
        {
            StockLayer dense = Dense(layer, normalizedInput);
            string? activation = layer.Activation is { } function ? Expression(function) : null;
            normalizedInput = null;
            switch (layer.ByRow)
            {
                case null:
                    layers.Add(dense with { Activation = activation });
                    break;
                case { Placement: NormalizationPlacement.BeforeActivation } before:
                    layers.Add(Normalize(dense, before));
                    // One unit more per group than there are, for the next layer's constants: a projection has no more outputs than inputs.
                    layers.Add(Rescale(before) with { Activation = activation });
                    break;
                case var behind:
                    layers.Add(dense.Pad(dense.InputCount, dense.OutputCount + behind.GroupCount) with { Activation = activation });
                    layers.Add(Normalize(StockLayer.Identity(dense.OutputCount), behind));
                    normalizedInput = behind;
                    break;
            }
        }

        return [.. layers];
    }

    /// <summary>The layer without its activation; where its input is xhat, it takes over gamma and beta.</summary>
    private static StockLayer Dense(FoldedLayer layer, FoldedRowNormalization? normalizedInput)
    {
        if (normalizedInput is null)
        {
            return new StockLayer(layer.Weights, layer.Bias);
        }

        int unitCount = normalizedInput.Gamma.Length;
        int inputCount = unitCount + normalizedInput.GroupCount;
        var weights = new float[layer.Bias.Length * inputCount];
        var bias = new float[layer.Bias.Length];
        for (int output = 0; output < bias.Length; output++)
        {
            double sum = layer.Bias[output];
            for (int unit = 0; unit < unitCount; unit++)
            {
                float weight = layer.Weights[(output * unitCount) + unit];
                weights[(output * inputCount) + Place(unit, normalizedInput)] = (float)(weight * normalizedInput.Gamma[unit]);
                sum += weight * normalizedInput.Beta[unit];
            }
            bias[output] = (float)sum;
        }
        return new StockLayer(weights, bias);
    }

    /// <summary>xhat of a layer's outputs, and behind each group one more unit that no one listens to.</summary>
    private static StockLayer Normalize(StockLayer layer, FoldedRowNormalization normalization)
    {
        int length = normalization.GroupLength;
        int count = layer.OutputCount + normalization.GroupCount;
        var weights = new float[count * layer.InputCount];
        var bias = new float[count];
        for (int start = 0; start < layer.OutputCount; start += length)
        {
            for (int input = 0; input < layer.InputCount; input++)
            {
                double mean = normalization.Centers ? Mean(unit => layer.Weights[(unit * layer.InputCount) + input], start, length) : 0;
                for (int unit = start; unit < start + length; unit++)
                {
                    weights[(Place(unit, normalization) * layer.InputCount) + input] = (float)(layer.Weights[(unit * layer.InputCount) + input] - mean);
                }
            }
            double center = normalization.Centers ? Mean(unit => layer.Bias[unit], start, length) : 0;
            for (int unit = start; unit < start + length; unit++)
            {
                bias[Place(unit, normalization)] = (float)(layer.Bias[unit] - center);
            }
            bias[Place(start + length - 1, normalization) + 1] = (float)Math.Sqrt(length * normalization.Epsilon);
        }
        return new StockLayer(weights, bias, RowLength: (float)Math.Sqrt(length)) { GroupCount = normalization.GroupCount };
    }

    private static double Mean(Func<int, float> value, int start, int length)
    {
        double sum = 0;
        for (int unit = start; unit < start + length; unit++)
        {
            sum += value(unit) / (double)length;
        }
        return sum;
    }

    // Where a unit stands among the normalized ones, each group of which has one more.
    private static int Place(int unit, FoldedRowNormalization normalization) => unit + (unit / normalization.GroupLength);

    /// <summary>gamma xhat + beta, and more units that no one listens to.</summary>
    private static StockLayer Rescale(FoldedRowNormalization normalization)
    {
        int count = normalization.Gamma.Length + normalization.GroupCount;
        var weights = new float[count * count];
        var bias = new float[count];
        for (int unit = 0; unit < normalization.Gamma.Length; unit++)
        {
            weights[(unit * count) + Place(unit, normalization)] = (float)normalization.Gamma[unit];
            bias[unit] = (float)normalization.Beta[unit];
        }
        return new StockLayer(weights, bias);
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
