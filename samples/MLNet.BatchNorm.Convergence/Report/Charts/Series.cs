using MLNet.BatchNorm.Convergence.Study.Networks;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>
/// How a scaling, or a network's normalization, is drawn: by colour, dashes and marker, so that no reader depends on colour alone. A colour is
/// the name of a variable of the style sheet, behind an @: the page puts in that of the light or the dark page.
/// </summary>
internal sealed record Series(string Color, string Dash, string Symbol)
{
    public static Series Of(string name) => name switch
    {
        Scalings.Raw or NormalizationNames.None => new("@raw", "solid", "circle"),
        Scalings.MinMax or NormalizationNames.Layer => new("@minmax", "dash", "square"),
        Scalings.Standardized or NormalizationNames.BatchRenorm => new("@standardized", "solid", "triangle-up"),
        Scalings.BatchNormalized or NormalizationNames.Batch => new("@batchnormalized", "dashdot", "triangle-down"),
        Scalings.Whitened => new("@whitened", "dot", "diamond"),
        _ => new("@text", "solid", "circle"),
    };

    public static Series Of(NetworkNormalization normalization) => Of(NormalizationNames.Of(normalization));

    /// <summary>The series' colour, nearly transparent: for bands.</summary>
    public string Faint => Color + "-faint";
}
