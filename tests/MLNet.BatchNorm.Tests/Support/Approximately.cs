using FluentAssertions.Execution;

namespace MLNet.BatchNorm.Tests.Support;

/// <summary>Comparison of arrays of numbers by relative error; NaN equals NaN.</summary>
internal static class Approximately
{
    /// <summary>|actual - expected| &lt;= relative * max(|expected|, floor), element by element.</summary>
    public static void ShouldBeClose(
        this IEnumerable<double> actual, IEnumerable<double> expected, double relative, double floor = 0, string because = "")
    {
        double[] found = [.. actual];
        double[] wanted = [.. expected];
        found.Should().HaveSameCount(wanted, because);
        for (int i = 0; i < wanted.Length; i++)
        {
            bool close = double.IsNaN(wanted[i])
                ? double.IsNaN(found[i])
                : found[i] == wanted[i] || Math.Abs(found[i] - wanted[i]) <= relative * Math.Max(Math.Abs(wanted[i]), floor);
            Execute.Assertion.ForCondition(close).FailWith(
                "Expected element {0} to be {1:R} within a relative {2}, but found {3:R}. {4}", i, wanted[i], relative, found[i], because);
        }
    }

    /// <summary>Log relative error: the number of correct decimal digits, as NIST and the statistics literature count them; at most 17.</summary>
    public static double Digits(double actual, double certified) =>
        actual == certified ? 17 : -Math.Log10(Math.Abs(actual - certified) / Math.Abs(certified));
}
