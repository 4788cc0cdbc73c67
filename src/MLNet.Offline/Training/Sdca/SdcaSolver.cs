namespace Microsoft.ML.Training;

/// <summary>Stochastic dual coordinate ascent (Shalev-Shwartz and Zhang 2013), with soft thresholding for L1 and a bias that can be left unpenalized.</summary>
/// <remarks>One thread does all iterations, one after another, so a seed fixes the result; a larger thread count only damps and tunes as in ML.NET.</remarks>
internal sealed class SdcaSolver(TrainingData data, SdcaProblem problem, SdcaSettings settings, Random random)
{
    private float _l2;
    private float _l1Threshold;
    private double _bestLoss = double.PositiveInfinity;
    private SdcaSolution? _best;

    public static SdcaSolution Solve(TrainingData data, SdcaProblem problem, SdcaSettings settings, Random random, Action<long> reportSkipped) =>
        new SdcaSolver(data, problem, settings, random).Solve(reportSkipped);

    private SdcaSolution Solve(Action<long> reportSkipped)
    {
        var rows = RowNumbering.Create(data);
        reportSkipped(rows.SkippedCount);
        if (rows.RowCount == 0)
        {
            throw new InvalidOperationException("Training set has 0 instances, aborting training.");
        }
        var iterations = settings.ChooseIterations(rows.RowCount);
        _l2 = settings.L2 ?? settings.ChooseL2(rows.RowCount, iterations);
        _l1Threshold = settings.L1Threshold ?? SdcaSettings.ChooseL1Threshold(data.FeatureCount);
        problem.Start(rows.SlotCount, rows.RowCount, data.FeatureCount, _l2, _l1Threshold, settings);

        var frequency = settings.ConvergenceCheckFrequency ?? settings.ThreadCount;
        for (var iteration = 1; iteration <= iterations; iteration++)
        {
            Visit(rows, Runtime.TauswortheHybrid.Create(random.Next()));
            if (frequency > 0 && iteration % frequency == 0 && IsConverged(rows))
            {
                break;
            }
        }
        return _best ?? Snapshot();
    }

    private void Visit(RowNumbering rows, Random order)
    {
        using var cursor = data.Open(settings.Shuffle ? order : null);
        while (cursor.MoveNext())
        {
            problem.Step(cursor, rows[cursor.Id]);
        }
    }

    private bool IsConverged(RowNumbering rows)
    {
        var (primal, dual) = (0.0, 0.0);
        using (var cursor = data.Open())
        {
            while (cursor.MoveNext())
            {
                var losses = problem.Losses(cursor, rows[cursor.Id]);
                primal += losses.Primal;
                dual += losses.Dual;
            }
        }
        double l2 = _l2;
        var ridge = problem.Outputs.Sum(output => l2 * output.NormSquared * 0.5);
        primal = primal / rows.RowCount + ridge + problem.Outputs.Sum(output => l2 * _l1Threshold * output.AbsoluteSum);
        dual = dual / rows.RowCount - ridge - problem.Outputs.Sum(output => l2 * output.FreeBias * output.PenalizedBias);
        if (primal < _bestLoss)
        {
            _bestLoss = primal;
            _best = Snapshot();
        }
        return (primal - dual) / primal < settings.ConvergenceTolerance;
    }

    private SdcaSolution Snapshot() =>
        new([.. problem.Outputs.Select(output => output.Weights.ToArray())], [.. problem.Outputs.Select(output => output.Bias)]);
}

/// <summary>Weights and bias of each output.</summary>
internal sealed record SdcaSolution(float[][] Weights, float[] Biases);
