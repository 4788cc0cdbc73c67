namespace MLNet.BatchNorm;

/// <summary>Refuses a network that would score features of about 1 as infinite, or as no numbers at all.</summary>
/// <remarks>
/// The size of a unit's outputs is estimated as the root of the sum of its squares, m' = sqrt(b^2 + sum (w m)^2), from features of 1 on: what
/// independent inputs give. It must stay within single precision in each layer. Networks that learned something are many powers of ten below.
/// </remarks>
internal static class NetworkMagnitude
{
    /// <exception cref="ArgumentException">A layer's parameters or outputs are beyond single precision.</exception>
    public static void Check(FoldedNetwork network)
    {
        double input = 1;
        for (int i = 0; i < network.Layers.Length; i++)
        {
            FoldedLayer layer = network.Layers[i];
            double output = Math.Sqrt(LargestSquare(layer, input));
            // NaN is not within, either.
            if (!(output <= float.MaxValue))
            {
                throw new ArgumentException($"Layer {i + 1}: its parameters are so large that scores would not be finite numbers.");
            }

            input = Behind(layer, output);
        }
    }

    private static double LargestSquare(FoldedLayer layer, double input)
    {
        int inputCount = layer.Weights.Length / layer.Bias.Length;
        double largest = 0;
        for (int unit = 0; unit < layer.Bias.Length; unit++)
        {
            double sum = 0;
            foreach (float weight in layer.Weights.AsSpan(unit * inputCount, inputCount))
            {
                sum += (double)weight * weight;
            }

            largest = Math.Max(largest, (sum * input * input) + ((double)layer.Bias[unit] * layer.Bias[unit]));
        }

        return largest;
    }

    private static double Behind(FoldedLayer layer, double output) => layer switch
    {
        { ByRow: { Placement: NormalizationPlacement.AfterActivation } behind } => Normalized(behind),
        { Activation: ActivationFunction.Sigmoid or ActivationFunction.Tanh } => 1,
        { ByRow: { } before } => Normalized(before),
        _ => output,
    };

    private static double Normalized(FoldedRowNormalization normalization) =>
        normalization.Gamma.Max(Math.Abs) + normalization.Beta.Max(Math.Abs);
}
