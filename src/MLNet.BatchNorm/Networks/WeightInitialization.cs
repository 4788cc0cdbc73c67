namespace MLNet.BatchNorm;

/// <summary>How the weights of the dense layers are drawn before training. Biases begin at 0, gamma at 1, beta at 0.</summary>
public abstract record WeightInitialization
{
    private protected WeightInitialization()
    {
    }

    /// <summary>The standard deviation of the normal distribution, of mean 0, that weights are drawn from.</summary>
    internal abstract double StandardDeviation(int inputCount, int outputCount);

    internal virtual void Validate()
    {
    }

    /// <summary>Variance 2 / inputs, for ReLU. He, Zhang, Ren and Sun, "Delving deep into rectifiers" (2015), equation 10.</summary>
    public sealed record He : WeightInitialization
    {
        internal override double StandardDeviation(int inputCount, int outputCount) => Math.Sqrt(2.0 / inputCount);
    }

    /// <summary>
    /// Variance 2 / (inputs + outputs), for tanh and sigmoid. Glorot and Bengio, "Understanding the difficulty of training deep feedforward
    /// neural networks" (2010), equation 12; drawn from a normal distribution here.
    /// </summary>
    public sealed record Xavier : WeightInitialization
    {
        internal override double StandardDeviation(int inputCount, int outputCount) => Math.Sqrt(2.0 / (inputCount + outputCount));
    }

    /// <summary>A standard deviation of one's own, the same in every layer.</summary>
    /// <param name="Deviation">Positive.</param>
    public sealed record Normal(double Deviation) : WeightInitialization
    {
        internal override double StandardDeviation(int inputCount, int outputCount) => Deviation;

        internal override void Validate()
        {
            if (!(Deviation > 0 && double.IsFinite(Deviation)))
            {
                throw new ArgumentOutOfRangeException(nameof(Deviation), Deviation, "Expected a positive standard deviation.");
            }
        }
    }
}
