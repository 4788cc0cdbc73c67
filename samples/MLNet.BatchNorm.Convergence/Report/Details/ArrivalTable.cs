using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Details;

/// <summary>When each curve arrived.</summary>
internal static class ArrivalTable
{
    public static void Write(HtmlWriter html, DataSetResult data, StudySettings settings, TimingResults timings) => html.Table(
        ["Optimizer", "Features", "C", "Optimum", .. settings.Tolerances.Select(Numbers.Brief), "Last gap", "Stopped by itself"],
        data.Curves.Select(curve => new[]
        {
            HtmlWriter.Escape(curve.Optimizer),
            HtmlWriter.Escape(curve.Scaling),
            HtmlWriter.Number(curve.C),
            HtmlWriter.Number(curve.Optimum),
        }.Concat(curve.Arrivals.Select(arrival => Cell(data.Name, curve, arrival, timings)))
        .Append(HtmlWriter.Number(curve.LastGap))
        .Append(curve.UnchangedFrom is { } budget ? $"after {HtmlWriter.Number(budget)}" : "no")));

    private static string Cell(string dataSet, CurveResult curve, Arrival arrival, TimingResults timings)
    {
        if (arrival.Iterations is not { } iterations)
        {
            return curve.DivergedAt is null ? $"not in {HtmlWriter.Number(arrival.TriedUpTo)}" : "diverged";
        }

        var timing = timings.Arrivals.FirstOrDefault(entry =>
            (entry.DataSet, entry.Optimizer, entry.Scaling, entry.C, entry.Tolerance)
            == (dataSet, curve.Optimizer, curve.Scaling, curve.C, arrival.Tolerance));
        return timing is null ? HtmlWriter.Number(iterations) : $"{HtmlWriter.Number(iterations)} ({HtmlWriter.Number(timing.Seconds)} s)";
    }
}
