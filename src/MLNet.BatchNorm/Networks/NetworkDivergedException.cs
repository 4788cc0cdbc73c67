using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>
/// Training a network has come to a loss that is infinite or not a number, or so far above where it began that nothing was learned.
/// </summary>
public sealed class NetworkDivergedException : InvalidOperationException
{
    internal NetworkDivergedException(int epoch, double learningRate, string what)
        : base(string.Format(
            CultureInfo.InvariantCulture,
            "Training diverged in epoch {0}: {1}. Use a smaller learning rate (it was {2:R}; try {3:R}), "
            + "scale the features first (Standardize), or limit the steps with GradientClipping.",
            epoch,
            what,
            learningRate,
            learningRate / 10))
    {
        Epoch = epoch;
        LearningRate = learningRate;
    }

    /// <summary>The epoch in which it happened, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The learning rate of that epoch.</summary>
    public double LearningRate { get; }
}
