using Microsoft.ML.Training;

namespace Microsoft.ML.Data;

/// <summary>Sums over scored rows of two classes.</summary>
internal sealed class BinaryMetricsAccumulator
{
    private double _logLoss;
    private long _positivesWithProbability;
    private long _negativesWithProbability;

    /// <summary>True positives and false negatives; false positives and true negatives.</summary>
    public double[][] Counts { get; } = [new double[2], new double[2]];

    /// <summary>Scores with their labels, in the order of the rows.</summary>
    public List<(float Score, bool IsPositive)> Scores { get; } = [];

    public double Entropy => EntropyInBits(Scores.Count(row => row.IsPositive) / (double)Scores.Count);

    public double LogLoss
    {
        get
        {
            var count = _positivesWithProbability + _negativesWithProbability;
            return double.IsNaN(_logLoss) ? double.NaN : count > 0 ? _logLoss / count : 0;
        }
    }

    public double LogLossReduction
    {
        get
        {
            var count = _positivesWithProbability + _negativesWithProbability;
            if (count == 0)
            {
                return 0;
            }
            var prior = EntropyInBits((double)_positivesWithProbability / count);
            return (prior - _logLoss / count) / prior;
        }
    }

    /// <summary>Adds a row; one whose score is not finite or whose label is missing is left out. Without a probability there is no log-loss.</summary>
    public void Add(float label, float score, float probability)
    {
        if (!float.IsFinite(score) || float.IsNaN(label))
        {
            return;
        }
        var isPositive = label > 0;
        Counts[isPositive ? 0 : 1][score > 0 ? 0 : 1]++;
        Scores.Add((score, isPositive));
        _logLoss += float.IsNaN(probability) ? double.NaN : -Math.Log2(isPositive ? probability : 1.0 - probability);
        if (float.IsNaN(probability))
        {
            return;
        }
        if (isPositive)
        {
            _positivesWithProbability++;
        }
        else
        {
            _negativesWithProbability++;
        }
    }

    private static double EntropyInBits(double probability) => LogMath.Entropy(probability) / Math.Log(2);
}
