namespace Microsoft.ML.Training;

/// <summary>Stops a minimization when the geometrically weighted mean of its improvements falls below a tolerance, or at an iteration limit.</summary>
internal sealed class MeanImprovementRule(float tolerance, int maximumNumberOfIterations)
{
    // Weight of an improvement relative to the one after it.
    private const float Decay = 0.25f;

    private float _weightedSum;

    public bool ShouldStop(float lastValue, float value, int iteration)
    {
        _weightedSum = lastValue - value + Decay * _weightedSum;
        var mean = _weightedSum * (1 - Decay) / (1 - (float)Math.Pow(Decay, iteration));
        return mean < tolerance || iteration >= maximumNumberOfIterations;
    }
}
