using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.ML;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>Told how far a study is: the data set, and the share of its work that is done.</summary>
public sealed record StudyProgress(string DataSet, double Share);

/// <summary>What a study gives: results that only depend on data and settings, times, and the best pipeline of each data set.</summary>
public sealed record StudyOutcome(
    StudyResults Results, TimingResults Timings, IReadOnlyDictionary<string, PipelineComparison.Run?> BestPipelines);

/// <summary>Runs everything on every data set. Curves are measured on all cores; each training uses one thread.</summary>
public static class ConvergenceStudy
{
    /// <summary>The version of Microsoft.ML that is measured.</summary>
    public static string MicrosoftML { get; } = $"Microsoft.ML {Version(typeof(MLContext).Assembly)}";

    /// <summary>Runs the study.</summary>
    /// <param name="dataSets">What linear models are trained on.</param>
    /// <param name="networkDataSets">What networks are trained on: classes to tell apart.</param>
    /// <param name="settings">How much work to do.</param>
    /// <param name="threadCount">How many trainings run at once.</param>
    /// <param name="progress">Told of each piece of work that is done, under the names of <see cref="PartNames"/>.</param>
    /// <param name="timeBudget">How long the study may take; null for as long as it does.</param>
    /// <param name="cancellation">Ends the study.</param>
    public static StudyOutcome Run(
        IReadOnlyList<TabularData> dataSets,
        IReadOnlyList<TabularData> networkDataSets,
        StudySettings settings,
        int threadCount,
        IProgress<StudyProgress>? progress = null,
        TimeSpan? timeBudget = null,
        CancellationToken cancellation = default)
    {
        var clock = new StudyClock(timeBudget, cancellation);
        var plan = StudyPlan.For(dataSets, networkDataSets, settings, timeBudget);
        StudyPlan[] plans = [.. dataSets.Select(plan)];
        StudyPlan[] networkPlans = [.. networkDataSets.Select(plan)];
        var planned = plans.Concat(networkPlans).First().Settings;
        var studies = dataSets.Zip(plans, (data, plan) => new DataSetStudy(data, plan)).ToArray();
        var networks = networkPlans.Select(plan => new NetworkStudy(plan.Networks, plan.Settings.Networks)).ToArray();
        (string Part, double Share, Action[] Work)[] work =
        [
            .. studies.Select(study => (study.Data.Name, 0.9, study.Work(clock).ToArray())),
            .. networks.Select(study => (NetworkPart(study.Name), 1.0, study.Work(cancellation).ToArray())),
        ];
        var done = new ConcurrentDictionary<string, int>();
        RunAll(
            from part in work
            from item in part.Work
            select (Action)(() =>
            {
                item();
                var count = done.AddOrUpdate(part.Part, 1, (_, before) => before + 1);
                progress?.Report(new StudyProgress(part.Part, part.Share * count / part.Work.Length));
            }),
            threadCount,
            cancellation);

        var arrivals = new List<ArrivalTiming>();
        foreach (var study in studies)
        {
            arrivals.AddRange(study.TimeArrivals(clock));
            progress?.Report(new StudyProgress(study.Data.Name, 1));
        }

        var results = studies.Select(study => study.Result()).ToArray();
        var ofNetworks = networks.Select(study => study.Result()).ToArray();
        return new StudyOutcome(
            new StudyResults(MicrosoftML, planned, Summary.Draw(results, ofNetworks, planned), results, ofNetworks),
            new TimingResults(
                ArrivalClock.HowMeasured,
                arrivals,
                [.. studies.SelectMany(study => study.PipelineTimings())],
                clock.Seconds),
            studies.ToDictionary(study => study.Data.Name, study => study.BestPipeline()));
    }

    /// <summary>The names under which the parts of a study report progress.</summary>
    public static IEnumerable<string> PartNames(IReadOnlyList<TabularData> dataSets, IReadOnlyList<TabularData> networkDataSets) =>
        dataSets.Select(data => data.Name).Concat(networkDataSets.Select(data => NetworkPart(data.Name)));

    private static string NetworkPart(string name) => $"{name} (networks)";

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

    // ML.NET's assembly version is 1.0.0.0 in every release.
    private static string Version(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
