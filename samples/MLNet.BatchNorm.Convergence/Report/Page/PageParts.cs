using System.Reflection;
using Plotly.NET;

namespace MLNet.BatchNorm.Convergence.Report.Page;

/// <summary>What the page carries with it: its style sheet, its script, and plotly.js, which Plotly.NET brings along.</summary>
internal static class PageParts
{
    private static readonly Assembly Own = typeof(PageParts).Assembly;
    private static readonly Assembly Plotly = typeof(GenericChart).Assembly;

    public static string StyleSheet => Read(Own, "report.css");

    public static string Script => Read(Own, "report.js");

    /// <summary>plotly.js with its licence line.</summary>
    public static string PlotlyScript => Read(Plotly, ".min.js");

    private static string Read(Assembly assembly, string nameEnd)
    {
        var name = assembly.GetManifestResourceNames().Single(name => name.EndsWith(nameEnd, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);

        // The HTML parser must not see an end tag inside a script.
        return reader.ReadToEnd().Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
    }
}
