using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>log(1 + exp(-y s)), y = 1 for a positive label and -1 otherwise.</summary>
public sealed class LogLoss : ISupportSdcaClassificationLoss
{
    // Above this, concurrent threads would overshoot together.
    private const float LargestUndampedUpdate = 0.5f;

    // Keeps the logarithm finite.
    private const double SmallestProbability = 1e-8;

    public double Loss(float output, float label)
    {
        var probability = LogMath.Sigmoid(output);
        return -Math.Log(Math.Max(label > 0 ? probability : 1 - probability, SmallestProbability));
    }

    public float Derivative(float output, float label) => LogMath.Sigmoid(output) - (label > 0 ? 1 : 0);

    // A step that cannot overshoot: the loss's smoothness is a quarter, and no step goes beyond the full one.
    public float ComputeDualUpdateInvariant(float scaledFeaturesNormSquared) => 1 / Math.Max(1, 0.25f + scaledFeaturesNormSquared);

    public float DualUpdate(float output, float label, float dual, float invariant, int maxNumThreads)
    {
        var truth = label > 0 ? 1 : -1;
        var update = (LogMath.Sigmoid(-truth * output) * truth - dual) * invariant;
        return maxNumThreads >= 2 && Math.Abs(update) > LargestUndampedUpdate ? update / maxNumThreads : update;
    }

    public double DualLoss(float label, float dual)
    {
        var feasible = label > 0 ? dual : -dual;
        return feasible is < 0 or > 1 ? double.NegativeInfinity : LogMath.Entropy(feasible);
    }
}
