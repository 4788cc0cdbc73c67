namespace Microsoft.ML.Data;

/// <summary>How far predicted numbers are from the true ones.</summary>
public sealed class RegressionMetrics
{
    internal RegressionMetrics(RegressionMetricsAccumulator sums)
    {
        MeanAbsoluteError = sums.MeanOf(sums.AbsoluteErrors);
        MeanSquaredError = sums.MeanOf(sums.SquaredErrors);
        RootMeanSquaredError = Math.Sqrt(MeanSquaredError);
        LossFunction = sums.MeanOf(sums.Losses);
        RSquared = sums.RSquared;
    }

    public double MeanAbsoluteError { get; }

    public double MeanSquaredError { get; }

    public double RootMeanSquaredError { get; }

    /// <summary>The mean squared error, rounded to float row by row.</summary>
    public double LossFunction { get; }

    /// <summary>1 - squared error / squared deviation from the mean label; NaN where all labels are equal.</summary>
    public double RSquared { get; }
}

/// <summary>Sums over scored rows.</summary>
internal sealed class RegressionMetricsAccumulator
{
    private readonly Trainers.SquaredLoss _loss = new();
    private double _rows;
    private double _labels;
    private double _squaredLabels;

    public double AbsoluteErrors { get; private set; }

    public double SquaredErrors { get; private set; }

    public double Losses { get; private set; }

    public double RSquared
    {
        get
        {
            if (_rows == 0)
            {
                return 0;
            }
            var deviation = _squaredLabels - _labels * _labels / _rows;
            return deviation == 0 ? double.NaN : 1 - SquaredErrors / deviation;
        }
    }

    public double MeanOf(double sum) => _rows > 0 ? sum / _rows : 0;

    /// <summary>Adds a row; one whose label or score is missing is left out.</summary>
    public void Add(float label, float score)
    {
        if (float.IsNaN(label) || float.IsNaN(score))
        {
            return;
        }
        _rows++;
        _labels += label;
        _squaredLabels += label * label;
        var error = Math.Abs((double)label - score);
        AbsoluteErrors += error;
        SquaredErrors += error * error;
        Losses += _loss.Loss(score, label);
    }
}
