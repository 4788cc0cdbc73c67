using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Details;

/// <summary>Whole pipelines on rows they have not seen, at equal budgets.</summary>
internal static class TestTable
{
    public static void Write(HtmlWriter html, DataSetResult data, TimingResults timings)
    {
        var loss = data.Task == LearningTask.Regression ? "squared error" : "log-loss";
        html.Element("p", "Scaling and trainer fitted to four fifths of the rows, judged on the others.", "faint");
        var metrics = data.Tests.Select(test => test.Metrics).MaxBy(names => names.Count)!;
        html.Table(
            ["Trainer", "Features", "Budget", $"Training {loss}", $"Test {loss}", .. metrics.Select(metric => $"Test {metric.Name}"), "Seconds to fit"],
            data.Tests.OrderBy(test => test.Trainer, StringComparer.Ordinal).ThenBy(test => test.Budget).Select(test => new[]
            {
                HtmlWriter.Escape(test.Trainer),
                HtmlWriter.Escape(test.Scaling),
                HtmlWriter.Number(test.Budget),
                HtmlWriter.Number(test.TrainingLoss),
                HtmlWriter.Number(test.TestLoss),
            }.Concat(metrics.Select((_, i) => test.Metrics.Count > i ? HtmlWriter.Number(test.Metrics[i].Value) : "diverged")).Append(Seconds(data.Name, test, timings))));
    }

    private static string Seconds(string dataSet, TestResult test, TimingResults timings) =>
        timings.Pipelines.FirstOrDefault(entry =>
            (entry.DataSet, entry.Trainer, entry.Scaling, entry.Budget) == (dataSet, test.Trainer, test.Scaling, test.Budget)) is { } timing
            ? HtmlWriter.Number(timing.Seconds)
            : string.Empty;
}
