using System.Globalization;

namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>Brings numbers into single precision, in which ML.NET's trainers compute.</summary>
internal static class SinglePrecision
{
    // Where single precision is coarser than this share of the spread, what a model could learn from is rounded away.
    private const double CoarsestStep = 1e-3;

    /// <summary>
    /// The numbers as floats. Where they lie so far from zero that floats cannot tell them apart (ids of accounts, times in seconds), the
    /// smallest is subtracted first; where they are too large for floats, they are divided. Both are said in <paramref name="notes"/>, and in the
    /// name that they are given: "account - 5000000000", "mass / 1e40".
    /// </summary>
    public static (string Name, float[] Values) Narrow(string name, double[] values, List<string> notes)
    {
        var (smallest, largest) = (values.Min(), values.Max());
        var size = Math.Max(Math.Abs(smallest), Math.Abs(largest));
        if (size > float.MaxValue / 4)
        {
            var power = Math.Pow(10, Math.Ceiling(Math.Log10(size)));
            var divisor = power.ToString("0.#e0", CultureInfo.InvariantCulture);
            notes.Add($"{name} is divided by {divisor}: single precision ends before.");
            return ($"{name} / {divisor}", [.. values.Select(value => (float)(value / power))]);
        }

        if (largest > smallest && size * Math.Pow(2, -24) > CoarsestStep * Deviation(values))
        {
            var subtracted = smallest.ToString("R", CultureInfo.InvariantCulture);
            notes.Add($"{subtracted} is subtracted from {name}: single precision cannot tell its values apart otherwise.");
            return ($"{name} - {subtracted}", [.. values.Select(value => (float)(value - smallest))]);
        }

        return (name, [.. values.Select(value => (float)value)]);
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
