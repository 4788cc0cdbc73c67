using System.Globalization;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>How numbers are written for people: short, and the same everywhere.</summary>
public static class Numbers
{
    /// <summary>Three significant digits; powers of ten for the very large and very small.</summary>
    public static string Brief(double value) => value switch
    {
        0 => "0",
        double.PositiveInfinity => "infinite",
        _ when Math.Abs(value) is >= 1e5 or < 1e-3 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
        _ => value.ToString(Digits(value), CultureInfo.InvariantCulture),
    };

    /// <summary>The number with six significant digits, for curves and pictures.</summary>
    internal static double SixDigits(double value) => double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Digits(double value) => Math.Abs(value) switch
    {
        >= 100 => "0",
        >= 10 => "0.#",
        >= 1 => "0.##",
        >= 0.1 => "0.###",
        >= 0.01 => "0.####",
        _ => "0.#####",
    };
}
