using Microsoft.ML.Training;

namespace Microsoft.ML.Data;

/// <summary>Sums over scored rows of several classes.</summary>
internal sealed class MulticlassMetricsAccumulator(int classCount)
{
    private const float SmallestProbability = 1e-15f;

    private readonly double[] _rowsOfClass = new double[classCount];
    private readonly double[] _logLossOfClass = new double[classCount];

    // Rows by how many classes scored above the true one; the last entry is for classes that the model does not know.
    private readonly double[] _rowsByRank = new double[classCount + 1];
    private double _rows;
    private double _logLoss;

    public double[][] Counts { get; } = [.. Enumerable.Range(0, classCount).Select(_ => new double[classCount])];

    public double MicroAccuracy => _rows > 0 ? _rowsByRank[0] / _rows : 0;

    public double MacroAccuracy
    {
        get
        {
            int[] occurring = [.. Enumerable.Range(0, classCount).Where(c => _rowsOfClass[c] > 0)];
            return occurring.Length > 0 ? occurring.Average(c => Counts[c][c] / _rowsOfClass[c]) : 0;
        }
    }

    public double LogLoss => _rows > 0 ? _logLoss / _rows : 0;

    public double LogLossReduction
    {
        get
        {
            var prior = -_rowsOfClass.Where(count => count > 0).Sum(count => count * Math.Log(count / _rows)) / _rows;
            return (prior - LogLoss) / prior;
        }
    }

    public double[] PerClassLogLoss => [.. _logLossOfClass.Select((sum, c) => _rowsOfClass[c] > 0 ? sum / _rowsOfClass[c] : 0)];

    public double[] TopAccuracies(int count)
    {
        var rows = 0.0;
        return [.. _rowsByRank.Take(count).Select(atRank => (rows += atRank) / _rows)];
    }

    /// <summary>Adds a row; one whose label is no class number or one of whose scores is not finite is left out.</summary>
    public void Add(float label, in VBuffer<float> scores, float[] denseScores)
    {
        if (!(label >= 0) || label != (int)label || !FeatureVector.IsFinite(scores))
        {
            return;
        }
        scores.CopyTo(denseScores);
        var truth = (int)label;
        var isKnown = truth < classCount;
        var trueScore = isKnown ? denseScores[truth] : 0;
        var rank = 0;
        var predicted = 0;
        for (var c = 0; c < classCount; c++)
        {
            if (denseScores[c] > trueScore || (denseScores[c] == trueScore && c < truth))
            {
                rank++;
            }
            if (denseScores[c] > denseScores[predicted])
            {
                predicted = c;
            }
        }
        var logLoss = -Math.Log(isKnown ? Math.Clamp(trueScore, SmallestProbability, 1) : SmallestProbability);
        _rows++;
        _logLoss += logLoss;
        _rowsByRank[rank]++;
        if (isKnown)
        {
            _rowsOfClass[truth]++;
            _logLossOfClass[truth] += logLoss;
            Counts[truth][predicted]++;
        }
    }
}
