using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.ML;
using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>Told how far a study is: the data set, and the share of its work that is done.</summary>
public sealed record StudyProgress(string DataSet, double Share);

/// <summary>What a study gives: results that only depend on data and settings, times, and the best pipeline of each data set.</summary>
public sealed record StudyOutcome(
    StudyResults Results, TimingResults Timings, IReadOnlyDictionary<string, PipelineComparison.Run> BestPipelines);

/// <summary>Runs everything on every data set. Curves are measured on all cores; each training uses one thread.</summary>
public static class ConvergenceStudy
{
    /// <summary>The provider line: which Microsoft.ML is used.</summary>
    public static string Provider { get; } = Describe(typeof(MLContext).Assembly);

    /// <summary>Runs the study.</summary>
    public static StudyOutcome Run(
        IReadOnlyList<TabularData> dataSets,
        StudySettings settings,
        int threadCount,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var watch = Stopwatch.StartNew();
        var studies = dataSets.Select(data => new DataSetStudy(data, settings)).ToArray();
        var work = studies.SelectMany(study => study.Work(cancellation).Select(item => (Study: study, Item: item))).ToArray();
        var done = new ConcurrentDictionary<string, int>();
        RunAll(work.Select(entry => (Action)(() =>
        {
            entry.Item();
            var count = done.AddOrUpdate(entry.Study.Data.Name, 1, (_, before) => before + 1);
            progress?.Report(new StudyProgress(entry.Study.Data.Name, 0.9 * count / work.Count(other => other.Study == entry.Study)));
        })), threadCount, cancellation);

        var arrivals = new List<ArrivalTiming>();
        foreach (var study in studies)
        {
            arrivals.AddRange(study.TimeArrivals(cancellation));
            progress?.Report(new StudyProgress(study.Data.Name, 1));
        }

        var results = studies.Select(study => study.Result()).ToArray();
        return new StudyOutcome(
            new StudyResults(Provider, settings, Summary.Draw(results, settings), results),
            new TimingResults(
                ArrivalClock.HowMeasured,
                arrivals,
                [.. studies.SelectMany(study => study.PipelineTimings())],
                watch.Elapsed.TotalSeconds),
            studies.ToDictionary(study => study.Data.Name, study => study.BestPipeline()));
    }

    // One queue, taken from in order: Parallel.ForEach would hand out ranges, and leave a core idle at the end.
    private static void RunAll(IEnumerable<Action> work, int threadCount, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threadCount, CancellationToken = cancellation };
        var queue = Partitioner.Create(work, EnumerablePartitionerOptions.NoBuffering);
        try
        {
            Parallel.ForEach(queue, options, item => item());
        }
        catch (AggregateException exception) when (exception.Flatten().InnerExceptions is [var first, ..])
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }

    private static string Describe(System.Reflection.Assembly assembly)
    {
        var file = FileVersionInfo.GetVersionInfo(assembly.Location).FileVersion;
#if MLNET_PACKAGE
        return $"Microsoft.ML {file} (the NuGet package)";
#else
        return $"{assembly.GetName().Name} {file}, this repository's own implementation of the part of Microsoft.ML that it uses";
#endif
    }
}
