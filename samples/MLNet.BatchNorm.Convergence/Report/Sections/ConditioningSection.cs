using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Sections;

/// <summary>Condition numbers of all data sets as bars, and the eigenvalues behind them as a table.</summary>
internal sealed class ConditioningSection(StudyResults results) : IReportSection
{
    public string Id => "conditioning";

    public string Title => "Condition numbers";

    public void Write(HtmlWriter html)
    {
        var strengths = string.Join(" and ", results.Settings.InverseStrengths.Select(Numbers.Brief));
        html.Element("p", "The largest eigenvalue of the Hessian over the smallest: how much steeper the loss is in its steepest direction than in its flattest. "
            + $"For each scaling, from the full bar to the faint one: at w = 0 without a penalty, then at the optimum with the penalty of C = {strengths}. "
            + "The intercept is included as one more, unpenalized, weight. C is 1 / (n lambda), as in scikit-learn.");
        html.Raw("<div class=\"charts\">");
        foreach (var data in results.DataSets)
        {
            var groups = data.Scalings
                .Select(scaling => new BarGroup(scaling.Name, [.. All(scaling).Select(hessian => hessian.ConditionNumber)]))
                .ToArray();
            html.Raw("<figure>").Element("h4", data.Name)
                .Raw(BarChart.Draw(groups, "condition number (log)", $"Condition numbers of {data.Name} by scaling"))
                .Raw("</figure>");
        }

        html.Raw("</div><details><summary>All eigenvalues</summary>").Table(
            ["Data set", "Features", "Where", "Largest eigenvalue", "Smallest eigenvalue", "Condition number"],
            from data in results.DataSets
            from scaling in data.Scalings
            from hessian in All(scaling)
            select new[]
            {
                HtmlWriter.Escape(data.Name),
                HtmlWriter.Escape(scaling.Name),
                hessian.C is { } c ? $"at the optimum, C = {HtmlWriter.Number(c)}" : "at w = 0, no penalty",
                HtmlWriter.Number(hessian.Largest),
                HtmlWriter.Number(hessian.Smallest),
                hessian.ConditionNumber is { } condition ? HtmlWriter.Number(condition) : "infinite",
            }).Raw("</details>");
    }

    private static IEnumerable<HessianResult> All(ScalingResult scaling) =>
        scaling.AtZero is null ? [] : [scaling.AtZero, .. scaling.AtOptimum];
}
