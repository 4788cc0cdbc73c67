using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Sections;

/// <summary>Gap against iterations per optimizer and strength, and the table of arrivals.</summary>
internal static class CurvesBlock
{
    // Near the rounding of float, which the trainers compute in.
    private const double Floor = 1e-9;

    public static void Write(HtmlWriter html, DataSetResult data, StudySettings settings, TimingResults timings)
    {
        var unit = data.Task == LearningTask.Regression ? "share of the target's variance" : "nats";
        html.Element("h3", "How far above its optimum each training still is")
            .Element("p", $"The gap ({unit}) to the optimum of the same objective, which Newton's method gives. Gaps below {Numbers.Brief(Floor)} are drawn there.")
            .Raw(SeriesStyle.Legend(data.Curves.Select(curve => curve.Scaling).Distinct()))
            .Raw("<div class=\"charts\">");
        foreach (var group in data.Curves.GroupBy(curve => (curve.Optimizer, curve.C)).Where(group => group.Any(curve => curve.Points.Count > 1 && double.IsFinite(curve.Points[0].Gap))))
        {
            var title = $"{group.Key.Optimizer}, C = {Numbers.Brief(group.Key.C)}";
            var series = group.Select(curve => new LineSeries(curve.Scaling, [.. curve.Points.Where(point => double.IsFinite(point.Gap)).Select(point => ((double)point.Iterations, point.Gap))]));
            html.Raw("<figure>").Element("h4", title)
                .Raw(LineChart.Draw([.. series.Where(line => line.Points.Count > 0)], group.Key.Optimizer == "SDCA" ? "passes over the data" : "iterations", "gap", Floor, $"Gap against iterations: {title}"))
                .Element("figcaption", $"Minimizes {group.First().Objective}. Optimum: {string.Join(", ", group.Select(curve => $"{Numbers.Brief(curve.Optimum)} {curve.Scaling}"))}.")
                .Raw("</figure>");
        }

        html.Raw("</div>").Element("h4", "Iterations and seconds until the gap is below …");
        html.Table(
            ["Optimizer", "C", "Features", "Optimum", .. settings.Tolerances.Select(Numbers.Brief), "Last gap", "Stopped by itself"],
            data.Curves.Select(curve => new[]
            {
                HtmlWriter.Escape(curve.Optimizer),
                HtmlWriter.Number(curve.C),
                HtmlWriter.Escape(curve.Scaling),
                HtmlWriter.Number(curve.Optimum),
            }.Concat(curve.Arrivals.Select(arrival => Cell(data.Name, curve, arrival, timings)))
            .Append(HtmlWriter.Number(curve.LastGap))
            .Append(curve.UnchangedFrom is { } budget ? $"after {HtmlWriter.Number(budget)}" : "no")));
    }

    private static string Cell(string dataSet, CurveResult curve, Arrival arrival, TimingResults timings)
    {
        if (arrival.Iterations is not { } iterations)
        {
            return $"not reached in {HtmlWriter.Number(arrival.TriedUpTo)}";
        }

        var timing = timings.Arrivals.FirstOrDefault(entry =>
            (entry.DataSet, entry.Optimizer, entry.Scaling, entry.C, entry.Tolerance)
            == (dataSet, curve.Optimizer, curve.Scaling, curve.C, arrival.Tolerance));
        return timing is null ? HtmlWriter.Number(iterations) : $"{HtmlWriter.Number(iterations)} ({HtmlWriter.Number(timing.Seconds)} s)";
    }
}
