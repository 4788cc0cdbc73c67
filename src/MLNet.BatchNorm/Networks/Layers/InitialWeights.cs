namespace MLNet.BatchNorm;

/// <summary>Draws the weights of a dense layer from a normal distribution: Box and Muller, "A note on the generation of random normal deviates" (1958).</summary>
internal static class InitialWeights
{
    public static void Draw(DenseLayer layer, WeightInitialization initialization, Random random)
    {
        double deviation = initialization.StandardDeviation(layer.InputCount, layer.OutputCount);
        foreach (ref float weight in layer.Weights.AsSpan())
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            weight = (float)(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
    }
}
