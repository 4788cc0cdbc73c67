using System.Diagnostics;

namespace MLNet.BatchNorm.Benchmarks.Report;

/// <summary>Times actions side by side.</summary>
internal static class Stopwatches
{
    /// <summary>
    /// Seconds of each action, the best of several rounds. Rounds go through all actions in turn, so that a busy moment of the machine
    /// hits all of them alike.
    /// </summary>
    public static double[] Best(int rounds, params Action[] actions)
    {
        var best = new double[actions.Length];
        Array.Fill(best, double.MaxValue);
        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < actions.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                actions[i]();
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                // The first round compiles.
                best[i] = round == 0 ? best[i] : Math.Min(best[i], seconds);
            }
        }
        return best;
    }

    /// <summary>An action done many times over, for those too short to time.</summary>
    public static Action Repeat(int count, Action action) => () =>
    {
        for (int i = 0; i < count; i++)
        {
            action();
        }
    };
}
