using System.Globalization;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>
/// How much of a data set is studied, and with which budgets, so that the study ends in time on two cores. Decided from the size of the data
/// alone: the same file and time budget give the same study on every machine.
/// </summary>
/// <param name="Curves">The rows that curves are measured on.</param>
/// <param name="Pipelines">The rows that whole pipelines are fitted and tested on.</param>
/// <param name="Networks">The rows that networks are trained and tested on.</param>
/// <param name="Settings">The settings, with budgets that fit.</param>
/// <param name="Notes">What was cut, in words; empty where nothing was.</param>
internal sealed record StudyPlan(TabularData Curves, TabularData Pipelines, TabularData Networks, StudySettings Settings, IReadOnlyList<string> Notes)
{
    private const int Cores = 2;
    private const double CurveShare = 0.4;
    private const double PipelineShare = 0.13;
    private const double NetworkShare = 0.47;
    private const int GradientStepsPerIteration = 10;

    // From generous to poor.
    private static readonly (int Rows, int Iterations)[] CurveLevels =
    [
        (int.MaxValue, int.MaxValue / GradientStepsPerIteration), (20_000, 1000), (10_000, 1000), (5000, 1000), (5000, 500), (2000, 500),
        (2000, 200), (1000, 200), (1000, 100), (500, 100), (500, 50), (250, 20),
    ];

    private static readonly (int Rows, int Budget)[] PipelineLevels =
        [(int.MaxValue, int.MaxValue), (int.MaxValue, 20), (50_000, 20), (20_000, 20), (5000, 20), (1000, 20)];

    private static readonly (int Rows, int Epochs, int Seeds)[] NetworkLevels =
        [(int.MaxValue, int.MaxValue, int.MaxValue), (5000, 40, 3), (2000, 40, 3), (2000, 20, 3), (1000, 20, 3), (1000, 20, 2), (1000, 10, 2), (500, 10, 1)];

    /// <summary>How a data set is studied beside others that share the time; without a budget, in full.</summary>
    /// <param name="dataSets">All that linear models are trained on.</param>
    /// <param name="networkDataSets">All that networks are trained on.</param>
    /// <param name="settings">What was asked for.</param>
    /// <param name="budget">The time for everything together.</param>
    public static Func<TabularData, StudyPlan> For(
        IReadOnlyList<TabularData> dataSets, IReadOnlyList<TabularData> networkDataSets, StudySettings settings, TimeSpan? budget)
    {
        if (budget is not { } limit)
        {
            return data => new StudyPlan(data, data, data, settings, []);
        }

        var seconds = limit.TotalSeconds * Cores;
        var curves = MostGenerous(CurveLevels, level => dataSets.Sum(data => StudyCost.OfCurves(data, LimitCurves(settings, level), level.Rows)) <= CurveShare * seconds);
        var pipelines = MostGenerous(PipelineLevels, level => dataSets.Sum(data => StudyCost.OfPipelines(data, LimitPipelines(settings, level), level.Rows)) <= PipelineShare * seconds);
        var networks = MostGenerous(
            NetworkLevels, level => networkDataSets.Sum(data => StudyCost.OfNetworks(data, LimitNetworks(settings.Networks, level), level.Rows)) <= NetworkShare * seconds);
        var planned = LimitPipelines(LimitCurves(settings, curves), pipelines) with { Networks = LimitNetworks(settings.Networks, networks) };
        return data =>
        {
            var plan = new StudyPlan(
                data.Sample(curves.Rows, settings.Seed), data.Sample(pipelines.Rows, settings.Seed), data.Sample(networks.Rows, settings.Seed), planned, []);
            return plan with { Notes = [.. Cuts(plan, data, settings, limit)] };
        };
    }

    private static T MostGenerous<T>(IReadOnlyList<T> levels, Func<T, bool> fits) => levels.Where(fits).DefaultIfEmpty(levels[^1]).First();

    private static StudySettings LimitCurves(StudySettings settings, (int Rows, int Iterations) curves) => settings with
    {
        MaximumIterations = Math.Min(settings.MaximumIterations, curves.Iterations),
        MaximumGradientSteps = Math.Min(settings.MaximumGradientSteps, GradientStepsPerIteration * curves.Iterations),
    };

    private static StudySettings LimitPipelines(StudySettings settings, (int Rows, int Budget) pipelines) =>
        settings with { TestBudgets = [.. settings.TestBudgets.Where(budget => budget <= pipelines.Budget)] };

    private static NetworkSettings LimitNetworks(NetworkSettings settings, (int Rows, int Epochs, int Seeds) level) => settings with
    {
        Epochs = Math.Min(settings.Epochs, level.Epochs),
        BatchSizeEpochs = Math.Min(settings.BatchSizeEpochs, level.Epochs),
        Seeds = [.. settings.Seeds.Take(level.Seeds)],
    };

    private static IEnumerable<string> Cuts(StudyPlan plan, TabularData data, StudySettings asked, TimeSpan limit)
    {
        string[] cuts =
        [
            .. Cut(plan.Curves.Rows.Length, data.Rows.Length, "curves on {0} of {1} rows"),
            .. Cut(plan.Settings.MaximumIterations, asked.MaximumIterations, "up to {0} iterations instead of {1}"),
            .. Cut(plan.Pipelines.Rows.Length, data.Rows.Length, "pipelines on {0} of {1} rows"),
            .. Cut(plan.Settings.TestBudgets[^1], asked.TestBudgets[^1], "pipelines of up to {0} iterations instead of {1}"),
            .. Cut(plan.Networks.Rows.Length, data.Rows.Length, "networks on {0} of {1} rows"),
            .. Cut(plan.Settings.Networks.Epochs, asked.Networks.Epochs, "{0} epochs instead of {1}"),
            .. Cut(plan.Settings.Networks.Seeds.Count, asked.Networks.Seeds.Count, "{0} seeds instead of {1}"),
        ];
        if (cuts.Length > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"To end in {limit.TotalSeconds:0} seconds: {string.Join(", ", cuts)}. More with --time-budget.");
        }
    }

    private static IEnumerable<string> Cut(int planned, int asked, string words) =>
        planned < asked ? [string.Format(CultureInfo.InvariantCulture, words, planned, asked)] : [];
}
