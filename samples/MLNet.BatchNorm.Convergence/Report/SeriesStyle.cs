using MLNet.BatchNorm.Convergence.Study.Networks;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Report;

/// <summary>
/// How a scaling, or a network's normalization, is drawn: by colour, by dashes and by marker, so that no reader depends on colour alone. The colours are those of
/// Okabe and Ito (2008), which people with any common kind of colour blindness tell apart; the style sheet holds them.
/// </summary>
/// <param name="CssClass">Sets the colour, for light and dark pages.</param>
/// <param name="Dashes">The dash pattern; empty for a full line.</param>
/// <param name="Marker">The marker, as a path around the origin, about five units wide.</param>
public sealed record SeriesStyle(string CssClass, string Dashes, string Marker)
{
    private const string Circle = "M-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0z";
    private const string Square = "M-2.4 -2.4h4.8v4.8h-4.8z";
    private const string Triangle = "M0 -3L2.9 2.3H-2.9z";
    private const string Diamond = "M0 -3.4L3 0L0 3.4L-3 0z";
    private const string TriangleDown = "M0 3L2.9 -2.3H-2.9z";

    /// <summary>The style of a scaling or normalization.</summary>
    public static SeriesStyle Of(string scaling) => scaling switch
    {
        Scalings.Raw or NormalizationNames.None => new("s-raw", string.Empty, Circle),
        Scalings.MinMax or NormalizationNames.Layer => new("s-minmax", "7 3", Square),
        Scalings.Standardized or NormalizationNames.BatchRenorm => new("s-standardized", string.Empty, Triangle),
        Scalings.BatchNormalized or NormalizationNames.Batch => new("s-batchnormalized", "8 3 2 3", TriangleDown),
        Scalings.Whitened => new("s-whitened", "2 3", Diamond),
        _ => new("s-other", string.Empty, Circle),
    };

    /// <summary>Which sample belongs to which name, as a row above the charts.</summary>
    public static string Legend(IEnumerable<string> scalings) => "<p class=\"legend\">" + string.Concat(scalings.Select(scaling =>
    {
        var style = Of(scaling);
        return $"<span><svg class=\"{style.CssClass}\" viewBox=\"0 0 36 12\" width=\"36\" height=\"12\" aria-hidden=\"true\">"
            + $"<path class=\"line\" stroke-dasharray=\"{style.Dashes}\" d=\"M1 6H35\"/><path class=\"marker\" transform=\"translate(18 6)\" d=\"{style.Marker}\"/></svg>"
            + $"{HtmlWriter.Escape(scaling)}</span>";
    })) + "</p>";
}
