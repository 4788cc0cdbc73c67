namespace MLNet.BatchNorm.Persistence;

/// <summary>A dense layer that is to be written as stock ML.NET: y = f(W x + bias).</summary>
/// <param name="Weights">[outputs, inputs], row-major; finite.</param>
/// <param name="Bias">[outputs]; finite.</param>
/// <param name="Activation">f, in ML.NET's expression language; <see langword="null"/> for none.</param>
/// <param name="RowLength">Instead of an activation: the Euclidean length that each row is scaled to.</param>
internal sealed record StockLayer(float[] Weights, float[] Bias, string? Activation = null, float? RowLength = null)
{
    /// <summary>With a row length: groups of as many outputs each that are scaled apart.</summary>
    public int GroupCount { get; init; } = 1;

    public int InputCount => Weights.Length / Bias.Length;

    public int OutputCount => Bias.Length;

    /// <summary>A layer whose outputs are its inputs.</summary>
    public static StockLayer Identity(int count)
    {
        var weights = new float[count * count];
        for (int unit = 0; unit < count; unit++)
        {
            weights[(unit * count) + unit] = 1;
        }
        return new StockLayer(weights, new float[count]);
    }

    /// <summary>The weights of some of the outputs.</summary>
    public ReadOnlySpan<float> Rows(int start, int count) => Weights.AsSpan(start * InputCount, count * InputCount);

    /// <summary>The same layer with more inputs, which it does not listen to, and more outputs, which no one will.</summary>
    public StockLayer Pad(int inputCount, int outputCount)
    {
        if (inputCount == InputCount && outputCount == OutputCount)
        {
            return this;
        }
        var weights = new float[outputCount * inputCount];
        for (int output = 0; output < OutputCount; output++)
        {
            Rows(output, 1).CopyTo(weights.AsSpan(output * inputCount));
        }
        var bias = new float[outputCount];
        Bias.CopyTo(bias, 0);
        return this with { Weights = weights, Bias = bias };
    }
}
