namespace MLNet.BatchNorm;

/// <summary>How the learning rate changes from epoch to epoch; the same within an epoch.</summary>
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule()
    {
    }

    /// <summary>The factor on the learning rate in an epoch.</summary>
    /// <param name="epoch">From 0, counted after the warm-up.</param>
    /// <param name="epochCount">All epochs after the warm-up.</param>
    internal abstract double Factor(int epoch, int epochCount);

    internal abstract void Validate();

    /// <summary>The learning rate as given, in every epoch.</summary>
    public sealed record Constant : LearningRateSchedule
    {
        internal override double Factor(int epoch, int epochCount) => 1;

        internal override void Validate()
        {
        }
    }

    /// <summary>
    /// Half a cosine wave from 1 in the first epoch to <see cref="FinalFraction"/> in the last: f + (1 - f)(1 + cos(pi e / (E - 1))) / 2 in
    /// epoch e of E. Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017), equation 5, without restarts.
    /// </summary>
    public sealed record Cosine : LearningRateSchedule
    {
        /// <summary>The share of the learning rate that is left in the last epoch, from 0 to 1.</summary>
        /// <value>Default: 0.</value>
        public double FinalFraction { get; init; }

        internal override double Factor(int epoch, int epochCount) =>
            epochCount == 1 ? 1 : FinalFraction + ((1 - FinalFraction) * (1 + Math.Cos(Math.PI * epoch / (epochCount - 1))) / 2);

        internal override void Validate()
        {
            if (!(FinalFraction >= 0 && FinalFraction <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(FinalFraction), FinalFraction, "Expected a share from 0 to 1.");
            }
        }
    }

    /// <summary>Times <see cref="StepFactor"/> after every <see cref="EpochsPerStep"/> epochs.</summary>
    public sealed record StepDecay : LearningRateSchedule
    {
        /// <summary>Epochs between two steps, at least 1.</summary>
        /// <value>Default: 10.</value>
        public int EpochsPerStep { get; init; } = 10;

        /// <summary>What the learning rate is multiplied by, above 0, at most 1.</summary>
        /// <value>Default: 0.1.</value>
        public double StepFactor { get; init; } = 0.1;

        internal override double Factor(int epoch, int epochCount) => Math.Pow(StepFactor, epoch / EpochsPerStep);

        internal override void Validate()
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(EpochsPerStep, 1);
            if (!(StepFactor > 0 && StepFactor <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(StepFactor), StepFactor, "Expected a factor above 0, at most 1.");
            }
        }
    }
}
