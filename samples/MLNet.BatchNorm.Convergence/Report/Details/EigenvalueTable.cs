using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Details;

/// <summary>The extreme eigenvalues of every Hessian.</summary>
internal static class EigenvalueTable
{
    public static void Write(HtmlWriter html, DataSetResult data) => html.Table(
        ["Features", "Where", "Largest eigenvalue", "Smallest eigenvalue", "Condition number"],
        from scaling in data.Scalings
        from hessian in scaling.AtOptimum.Prepend(scaling.AtZero)
        select new[]
        {
            HtmlWriter.Escape(scaling.Name),
            hessian.C is { } c ? $"at the optimum, C = {Numbers.Brief(c)}" : "at w = 0, no penalty",
            HtmlWriter.Number(hessian.Largest),
            HtmlWriter.Number(hessian.Smallest),
            hessian.ConditionNumber is { } condition ? HtmlWriter.Number(condition) : "infinite",
        });
}
