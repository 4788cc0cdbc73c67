namespace MLNet.BatchNorm;

/// <summary>A layer as training left it.</summary>
/// <param name="Weights">[outputs, inputs], row-major.</param>
/// <param name="Bias">[outputs].</param>
/// <param name="Normalization">None for the output layer.</param>
/// <param name="Placement">Where the normalization stands.</param>
/// <param name="Gamma">[outputs], or null without normalization.</param>
/// <param name="Beta">[outputs], or null without normalization.</param>
/// <param name="RunningMean">[outputs], or null where rows are normalized by themselves or not at all.</param>
/// <param name="RunningVariance">Likewise. Of batch renormalization, which averages deviations sigma, it is sigma^2 - epsilon.</param>
/// <param name="Epsilon">Added to variances.</param>
internal sealed record TrainedLayer(
    float[] Weights,
    float[] Bias,
    NetworkNormalization Normalization,
    NormalizationPlacement Placement,
    double[]? Gamma,
    double[]? Beta,
    double[]? RunningMean,
    double[]? RunningVariance,
    double Epsilon)
{
    /// <summary>Groups that are normalized apart; 1 but for group normalization.</summary>
    public int GroupCount { get; init; } = 1;

    public int InputCount => Weights.Length / Bias.Length;

    public int OutputCount => Bias.Length;

    /// <summary>Whether inference multiplies and shifts each neuron by constants.</summary>
    public bool IsAffineAtInference => Normalization is NetworkNormalization.Batch or NetworkNormalization.BatchRenorm;

    /// <summary>gamma / sqrt(running variance + epsilon).</summary>
    public double Scale(int neuron) => Gamma![neuron] / Math.Sqrt(RunningVariance![neuron] + Epsilon);

    /// <summary>beta - scale * running mean.</summary>
    public double Shift(int neuron) => Beta![neuron] - (Scale(neuron) * RunningMean![neuron]);

    /// <summary>Refuses what no training could have left.</summary>
    /// <param name="inputCount">The outputs of the layer before.</param>
    /// <param name="name">What the layer is called in the message.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a number is not finite, or a variance negative.</exception>
    public void Check(int inputCount, string name)
    {
        if (Bias.Length == 0 || Weights.Length != (long)Bias.Length * inputCount)
        {
            throw new ArgumentException($"{name}: expected {Bias.Length} x {inputCount} weights, found {Weights.Length}.");
        }

        CheckFinite(Weights, "weights");
        CheckFinite(Bias, "biases");
        CheckParameters(Gamma, "gamma", Normalization != NetworkNormalization.None);
        CheckParameters(Beta, "beta", Normalization != NetworkNormalization.None);
        CheckParameters(RunningMean, "running means", IsAffineAtInference);
        CheckParameters(RunningVariance, "running variances", IsAffineAtInference);
        if (RunningVariance is not null && Array.Exists(RunningVariance, variance => variance < 0))
        {
            throw new ArgumentException($"{name}: a running variance is negative.");
        }

        void CheckParameters(double[]? values, string what, bool expected)
        {
            if ((values is not null) != expected || (values is not null && values.Length != Bias.Length))
            {
                throw new ArgumentException($"{name}: expected {(expected ? Bias.Length : 0)} {what}, found {values?.Length ?? 0}.");
            }

            if (values is not null && Array.Exists(values, value => !double.IsFinite(value)))
            {
                throw new ArgumentException($"{name}: its {what} are not all finite.");
            }
        }

        void CheckFinite(float[] values, string what)
        {
            if (Array.Exists(values, value => !float.IsFinite(value)))
            {
                throw new ArgumentException($"{name}: its {what} are not all finite.");
            }
        }
    }
}
