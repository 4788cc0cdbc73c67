using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>Condition numbers of all data sets, by scaling.</summary>
internal static class ConditionChart
{
    public static Chart Draw(IReadOnlyList<DataSetResult> dataSets) =>
        new Chart("Condition number of the loss at w = 0")
        {
            Claim = ScalingClaims.Conditions(dataSets),
            Caption = "The steepest curvature over the flattest, intercept included, without a penalty. A bar that is missing stands for an infinite one.",
        }
            .Add(Scalings.All.Select(scaling => Traces.Bars(
                scaling.Name, Series.Of(scaling.Name).Color, [.. dataSets.Select(data => data.Name)],
                [.. dataSets.Select(data => data.Scalings.First(entry => entry.Name == scaling.Name).AtZero.ConditionNumber)])))
            .X(string.Empty).Categories().Y("condition number", log: true);
}
