using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>What mini-batch gradient descent reaches at each learning rate.</summary>
internal static class LearningRateChart
{
    private const double Floor = 1e-9;

    public static Chart Draw(DataSetResult data, StudySettings settings) => new Chart($"Mini-batch gradient descent on {data.Name}: the gap after {Numbers.Whole(settings.LearningRateEpochs)} passes")
    {
        Claim = ScalingClaims.LearningRates(data),
        Caption = $"{Numbers.Whole(settings.BatchSize)} rows a batch, C = {Numbers.Brief(settings.InverseStrengths[0])}. A line ends where larger steps diverge, that is, end above where they began.",
    }
        .Add(data.LearningRates.Where(entry => entry.Best is not null).Select(entry => Traces.Line(
            entry.Scaling, Series.Of(entry.Scaling), entry.Points.Where(point => point.Gap is not null).Select(point => (point.LearningRate, Math.Max(Floor, point.Gap!.Value))))))
        .X("learning rate", log: true).Y("gap", log: true);
}
