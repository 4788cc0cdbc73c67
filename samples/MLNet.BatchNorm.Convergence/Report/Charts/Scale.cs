using System.Globalization;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>Maps values to a stretch of the drawing, and chooses the ticks.</summary>
/// <param name="Minimum">The value at From.</param>
/// <param name="Maximum">The value at To.</param>
/// <param name="From">A coordinate.</param>
/// <param name="To">A coordinate; smaller than From on an axis that goes up.</param>
/// <param name="Kind">How values are spread.</param>
public sealed record Scale(double Minimum, double Maximum, double From, double To, ScaleKind Kind)
{
    // Below this, a symmetric logarithmic axis is linear.
    private const double SymmetricThreshold = 0.01;

    /// <summary>The coordinate of a value; values beyond the ends are drawn at the ends.</summary>
    public double At(double value)
    {
        var share = (Warp(Math.Clamp(value, Minimum, Maximum)) - Warp(Minimum)) / (Warp(Maximum) - Warp(Minimum));
        return From + (share * (To - From));
    }

    /// <summary>Round values with their text, at most about <paramref name="most"/>.</summary>
    public IEnumerable<(double Value, string Text)> Ticks(int most) => Kind switch
    {
        ScaleKind.Logarithmic => Decades(most),
        ScaleKind.SymmetricLogarithmic => new[] { -1000d, -100, -10, -1, -0.1, 0, 0.1, 1, 10, 100, 1000, 10000, 100000, 1e6 }
            .Where(value => value >= Minimum && value <= Maximum).Select(value => (value, Text(value))),
        _ => RoundSteps(most),
    };

    private double Warp(double value) => Kind switch
    {
        ScaleKind.Logarithmic => Math.Log10(value),
        ScaleKind.SymmetricLogarithmic => Math.Asinh(value / SymmetricThreshold),
        _ => value,
    };

    private IEnumerable<(double Value, string Text)> Decades(int most)
    {
        var (first, last) = ((int)Math.Ceiling(Math.Log10(Minimum) - 1e-9), (int)Math.Floor(Math.Log10(Maximum) + 1e-9));
        var step = Math.Max(1, (int)Math.Ceiling((last - first + 1) / (double)most));
        for (var exponent = first; exponent <= last; exponent += step)
        {
            var value = Math.Pow(10, exponent);
            yield return (value, exponent is >= -2 and <= 4 ? Text(value) : string.Create(CultureInfo.InvariantCulture, $"1e{exponent}"));
        }
    }

    private IEnumerable<(double Value, string Text)> RoundSteps(int most)
    {
        var rough = (Maximum - Minimum) / most;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * new[] { 1d, 2, 5, 10 }.First(factor => factor * power >= rough);
        for (var i = (long)Math.Ceiling(Minimum / step); i * step <= Maximum; i++)
        {
            yield return (i * step, Text(Math.Round(i * step, 12)));
        }
    }

    private static string Text(double value) => Math.Abs(value) is >= 1e5 or (> 0 and < 1e-3)
        ? value.ToString("0.#e0", CultureInfo.InvariantCulture)
        : value.ToString("0.####", CultureInfo.InvariantCulture);
}

/// <summary>How an axis spreads its values.</summary>
public enum ScaleKind
{
    /// <summary>Evenly.</summary>
    Linear,

    /// <summary>By their logarithm.</summary>
    Logarithmic,

    /// <summary>By their logarithm in both directions from zero, linear close to it.</summary>
    SymmetricLogarithmic,
}
