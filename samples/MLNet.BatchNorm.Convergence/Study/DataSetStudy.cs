using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>The study of one data set: pieces of work that may run in any order and at once, and what they found.</summary>
internal sealed class DataSetStudy
{
    private readonly StudyPlan _plan;
    private readonly StudySettings _settings;
    private readonly PreparedData[] _prepared;
    private readonly Slot<ScalingResult>[] _scalings;
    private readonly Slot<LearningRateResult>[] _learningRates;
    private readonly Slot<IReadOnlyList<PipelineComparison.Run>>[] _pipelines;
    private readonly Slot<SurfaceResult> _surface = new();
    private readonly List<(PreparedData Data, Slot<CurveResult> Slot, Func<StudyClock, CurveResult> Measure)> _curves = [];

    public DataSetStudy(TabularData data, StudyPlan plan)
    {
        (Data, _plan, _settings) = (data, plan, plan.Settings);
        var settings = plan.Settings;
        _prepared = [.. Scalings.All.Select(scaling => PreparedData.Create(plan.Curves, scaling, settings.Seed))];
        _scalings = Slots<ScalingResult>();
        _learningRates = Slots<LearningRateResult>();
        _pipelines = Slots<IReadOnlyList<PipelineComparison.Run>>();
        foreach (var c in settings.InverseStrengths)
        {
            foreach (var trainer in MLTrainers.For(data.Task))
            {
                AddCurves((prepared, clock) => new TrainerCurve(trainer, prepared, c, settings, clock).Measure());
            }

            AddCurves((prepared, clock) => GradientDescentCurve.Measure(prepared, c, settings, clock));
        }
    }

    public TabularData Data { get; }

    /// <summary>Everything but the timing; each piece writes to a place of its own.</summary>
    public IEnumerable<Action> Work(StudyClock clock)
    {
        foreach (var (_, slot, measure) in _curves)
        {
            yield return () => slot.Value = measure(clock);
        }

        for (var index = 0; index < _prepared.Length; index++)
        {
            var (i, prepared) = (index, _prepared[index]);
            yield return () => _scalings[i].Value = ScalingMeasurement.Measure(prepared, _settings, clock.Cancellation);
            yield return () => _learningRates[i].Value = LearningRates.Measure(prepared, _settings, clock.Cancellation);
            yield return () => _pipelines[i].Value = PipelineComparison.Measure(_plan.Pipelines, prepared.Scaling, _settings, clock.Cancellation);
        }

        yield return () => _surface.Value = LossSurface.Measure(_plan.Curves, Prepared(Scalings.Raw), Prepared(Scalings.Standardized), _settings);
    }

    public IEnumerable<ArrivalTiming> TimeArrivals(StudyClock clock) =>
        _curves.SelectMany(curve => ArrivalClock.Measure(Data.Name, curve.Data, [curve.Slot.Value], _settings, clock));

    public IEnumerable<PipelineTiming> PipelineTimings() =>
        from run in _pipelines.SelectMany(slot => slot.Value)
        where run.Result.Budget == _settings.TestBudgets[^1]
        select new PipelineTiming(Data.Name, run.Result.Trainer, run.Result.Scaling, run.Result.Budget, run.Seconds);

    public PipelineComparison.Run? BestPipeline() => PipelineComparison.Best(_pipelines.SelectMany(slot => slot.Value));

    public DataSetResult Result()
    {
        var result = new DataSetResult(
            Data.Name,
            Data.Description,
            Data.Task,
            Data.Rows.Length,
            Data.FeatureCount,
            Data.ClassCount,
            [.. Data.Notes, .. _plan.Notes, .. LateNotes()],
            [.. _scalings.Select(slot => slot.Value)],
            [.. _curves.Select(curve => curve.Slot.Value)],
            [.. _learningRates.Select(slot => slot.Value)],
            [.. _pipelines.SelectMany(slot => slot.Value).Select(run => run.Result)],
            _surface.Value,
            Conclusions: [])
        { SourcePath = Data.SourcePath };
        return result with { Conclusions = Conclusions.Draw(result, _settings) };
    }

    // The plan goes by the size of the data, so that every machine does the same: what one did not manage must be said.
    private IEnumerable<string> LateNotes()
    {
        var count = _curves.Count(curve => curve.Slot.Value.EndedEarly);
        if (count > 0)
        {
            yield return $"The machine was slower than planned: {Numbers.Whole(count)} of {Numbers.Whole(_curves.Count)} curves ended before their budgets did, and get further with a larger --time-budget.";
        }
    }

    private PreparedData Prepared(string scaling) => _prepared.Single(prepared => prepared.Scaling.Name == scaling);

    private void AddCurves(Func<PreparedData, StudyClock, CurveResult> measure)
    {
        foreach (var prepared in _prepared)
        {
            _curves.Add((prepared, new Slot<CurveResult>(), clock => measure(prepared, clock)));
        }
    }

    private Slot<T>[] Slots<T>() => [.. _prepared.Select(_ => new Slot<T>())];

    private sealed class Slot<T>
    {
        public T Value { get; set; } = default!;
    }
}
