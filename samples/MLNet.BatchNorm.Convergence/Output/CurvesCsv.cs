using System.Globalization;
using System.Text;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Output;

/// <summary>All curves as one long table, for a spreadsheet or a plotting program.</summary>
public static class CurvesCsv
{
    /// <summary>The CSV text: one line per point.</summary>
    public static string Write(StudyResults results)
    {
        var text = new StringBuilder("data_set,optimizer,scaling,c,iterations,objective,gap\n");
        foreach (var data in results.DataSets)
        {
            foreach (var curve in data.Curves)
            {
                foreach (var point in curve.Points)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{Field(data.Name)},{curve.Optimizer},{curve.Scaling},{curve.C:R},{point.Iterations},{point.Objective:R},{point.Gap:R}\n");
                }
            }
        }

        return text.ToString();
    }

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny(',', '"', '\n') >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
