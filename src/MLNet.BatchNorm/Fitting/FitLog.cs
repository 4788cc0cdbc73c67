using System.Globalization;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>Tells ML.NET's log what a fit has found.</summary>
internal static class FitLog
{
    public static void Write(HostEnvironment host, string component, IReadOnlyList<FittedColumn> columns, IReadOnlyList<ScalingWarning> warnings)
    {
        host.Inform(component, string.Create(
            CultureInfo.InvariantCulture,
            $"Fitted {columns.Sum(column => column.Layout.SlotCount)} feature(s) in {columns.Count} column(s) on {columns[0].Moments.RowCount} row(s)."));
        foreach (var warning in warnings)
        {
            // That spreads differ is why one scales, and left-out rows were asked for or are one: no reason to worry about the fit.
            if (warning.Kind is ScalingWarningKind.SpreadRatio or ScalingWarningKind.LeftOutRows)
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
