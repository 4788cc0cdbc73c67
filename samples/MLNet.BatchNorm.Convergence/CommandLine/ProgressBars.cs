using MLNet.BatchNorm.Convergence.Study;
using Spectre.Console;

namespace MLNet.BatchNorm.Convergence.CommandLine;

/// <summary>One progress bar per data set, on the error stream; where the output goes to a file or a pipe, a line at each quarter instead.</summary>
internal static class ProgressBars
{
    public static T Show<T>(IEnumerable<string> names, Func<IProgress<StudyProgress>, T> run)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (!console.Profile.Capabilities.Interactive || Console.IsErrorRedirected)
        {
            return run(new Lines());
        }

        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context => run(new Bars(names.ToDictionary(name => name, name => context.AddTask(Markup.Escape(name), maxValue: 1)))));
    }

    private sealed class Lines : IProgress<StudyProgress>
    {
        private readonly Dictionary<string, int> _quarters = [];

        public void Report(StudyProgress value)
        {
            lock (_quarters)
            {
                var quarter = (int)(4 * value.Share);
                if (quarter > _quarters.GetValueOrDefault(value.DataSet))
                {
                    _quarters[value.DataSet] = quarter;
                    Console.WriteLine($"{value.DataSet}: {25 * quarter} percent done");
                }
            }
        }
    }

    private sealed class Bars(IReadOnlyDictionary<string, ProgressTask> tasks) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value)
        {
            if (tasks.TryGetValue(value.DataSet, out var task))
            {
                task.Value = Math.Max(task.Value, value.Share);
            }
        }
    }
}
