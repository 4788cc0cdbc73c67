using System.Collections.Immutable;
using System.Globalization;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>Tells ML.NET's log what a fit has found.</summary>
internal static class FitLog
{
    public static void Write(HostEnvironment host, string component, ImmutableArray<FittedColumn> columns, ScalingReport report)
    {
        host.Inform(component, string.Create(
            CultureInfo.InvariantCulture,
            $"Fitted {report.Features.Count} feature(s) in {columns.Length} column(s) on {columns[0].Moments.RowCount} row(s)."));
        foreach (var warning in report.Warnings)
        {
            // That spreads differ is why one scales: no reason to worry about the fit.
            if (warning.Kind == ScalingWarningKind.SpreadRatio)
            {
                host.Inform(component, warning.Message);
            }
            else
            {
                host.Warn(component, warning.Message);
            }
        }
    }
}
