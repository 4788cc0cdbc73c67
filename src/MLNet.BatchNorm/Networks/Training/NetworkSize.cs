namespace MLNet.BatchNorm;

/// <summary>Refuses networks whose weights or buffers are more than an array holds.</summary>
internal static class NetworkSize
{
    /// <exception cref="InvalidOperationException">A layer would have too many weights.</exception>
    public static void CheckWeights(int featureCount, int outputCount, MultilayerPerceptronOptions options)
    {
        int inputCount = featureCount;
        foreach (int width in options.HiddenLayers.Append(outputCount))
        {
            if ((long)inputCount * width > Array.MaxLength)
            {
                throw new InvalidOperationException(
                    $"A layer of {width} units on {inputCount} inputs would have {(long)inputCount * width} weights, and can have {Array.MaxLength} at most. "
                    + "Use narrower HiddenLayers, or fewer features.");
            }

            inputCount = width;
        }
    }

    /// <exception cref="InvalidOperationException">A layer's results for a batch would not fit.</exception>
    public static void CheckBatch(int rowCount, int outputCount, MultilayerPerceptronOptions options)
    {
        // Dropout draws two bytes for each number.
        int widest = options.HiddenLayers.Append(outputCount).Max();
        if ((long)rowCount * widest * sizeof(ushort) > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"A batch of {rowCount} rows would have {(long)rowCount * widest} numbers behind a layer of {widest} units, and can have {Array.MaxLength / sizeof(ushort)} at most. "
                + "Use a smaller BatchSize, or narrower HiddenLayers.");
        }
    }
}
