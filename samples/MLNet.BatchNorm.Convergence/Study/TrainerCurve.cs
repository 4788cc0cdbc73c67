using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Objectives;
using MLNet.BatchNorm.Convergence.Optimizers;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>
/// Measures one curve of an ML.NET trainer the only public way there is: by training anew with each budget and evaluating the model.
/// </summary>
internal sealed class TrainerCurve
{
    // Once a curve is this near, float's own rounding is next, and no tolerance lies below.
    private const double NearEnough = 1e-8;

    // Arrivals are narrowed down to this share of the iteration count, or to the exact iteration when that is coarser.
    private const double ArrivalResolution = 0.02;

    private readonly MLTrainer _trainer;
    private readonly PreparedData _data;
    private readonly StudySettings _settings;
    private readonly double _c;
    private readonly LinearObjective _objective;
    private readonly Optimum _optimum;
    private readonly CancellationToken _cancellation;
    private readonly SortedDictionary<int, (double Gap, double Objective, double[] Parameters)> _measured = [];

    public TrainerCurve(MLTrainer trainer, PreparedData data, double c, StudySettings settings, CancellationToken cancellation)
    {
        (_trainer, _data, _c, _settings, _cancellation) = (trainer, data, c, settings, cancellation);
        _objective = trainer.Objective(data.Data, data.Matrix, data.Strength(c));
        _optimum = NewtonSolver.Minimize(_objective, cancellation);
    }

    public CurveResult Measure()
    {
        var unchangedFrom = Climb();
        var triedUpTo = _trainer.IsExact ? 1 : _settings.MaximumIterations;
        var arrivals = _settings.Tolerances.Select(tolerance => new Arrival(tolerance, FirstWithin(tolerance), triedUpTo)).ToArray();
        return new CurveResult(
            _trainer.Name,
            _data.Scaling.Name,
            _c,
            _objective.Regularization.Describe(_objective.LossName),
            _optimum.Value,
            _objective.GapUnit,
            [.. _measured.Select(entry => new CurvePoint(entry.Key, entry.Value.Objective, entry.Value.Gap))],
            arrivals,
            unchangedFrom);
    }

    // Up the ladder of budgets, until the optimum is reached, the trainer has stopped, or the ladder ends.
    private int? Climb()
    {
        var previous = 0;
        foreach (var budget in BudgetLadder.UpTo(_trainer.IsExact ? 1 : _settings.MaximumIterations))
        {
            if (At(budget).Gap <= NearEnough)
            {
                return null;
            }

            if (_trainer.StopsForGood && previous > 0 && SameModel(previous, budget))
            {
                // The ladder's coarse step is narrowed down to the first budget that gives this model.
                var steps = BudgetLadder.UpTo(_settings.MaximumIterations).TakeWhile(step => step < previous);
                return Narrow(steps.LastOrDefault(), previous, candidate => SameModel(candidate, budget));
            }

            previous = budget;
        }

        return null;
    }

    private int? FirstWithin(double tolerance)
    {
        var (before, reached) = (0, 0);
        foreach (var (budget, point) in _measured)
        {
            if (point.Gap <= tolerance)
            {
                reached = budget;
                break;
            }

            before = budget;
        }

        return reached == 0 ? null : Narrow(before, reached, budget => At(budget).Gap <= tolerance);
    }

    // Between a budget that does not do and one that does, by halving.
    private static int Narrow(int failing, int succeeding, Func<int, bool> succeeds)
    {
        while (succeeding - failing > Math.Max(1, (int)(succeeding * ArrivalResolution)))
        {
            var middle = (failing + succeeding) / 2;
            (failing, succeeding) = succeeds(middle) ? (failing, middle) : (middle, succeeding);
        }

        return succeeding;
    }

    private bool SameModel(int one, int other) => At(one).Parameters.AsSpan().SequenceEqual(At(other).Parameters);

    private (double Gap, double Objective, double[] Parameters) At(int budget)
    {
        if (!_measured.TryGetValue(budget, out var point))
        {
            _cancellation.ThrowIfCancellationRequested();
            var settings = new TrainerSettings(_objective.Regularization.Strength, _data.Data.Rows.Length, budget, _settings.Seed);
            var parameters = LinearParameters.Of(_trainer.Fit(_data.View, DataViews.Features, settings));
            var objective = _objective.Value(parameters);
            point = ((objective - _optimum.Value) / _objective.GapUnit, objective, parameters);
            _measured.Add(budget, point);
        }

        return point;
    }
}
