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

    // An objective that is so much higher than at w = 0 does not come back.
    private const double DivergenceFactor = 1000;

    private readonly MLTrainer _trainer;
    private readonly PreparedData _data;
    private readonly StudySettings _settings;
    private readonly double _c;
    private readonly LinearObjective _objective;
    private readonly Optimum _optimum;
    private readonly double _start;
    private readonly StudyClock _clock;
    private int? _divergedAt;
    private int? _endedAt;
    private readonly SortedDictionary<int, (double Gap, double Objective, double[] Parameters)> _measured = [];

    public TrainerCurve(MLTrainer trainer, PreparedData data, double c, StudySettings settings, StudyClock clock)
    {
        (_trainer, _data, _c, _settings, _clock) = (trainer, data, c, settings, clock);
        (_objective, _optimum) = data.Solve(trainer.Loss, trainer.PenalizesIntercept, c, clock.Cancellation);
        _start = _objective.Value(new double[_objective.ParameterCount]);
    }

    public CurveResult Measure()
    {
        var unchangedFrom = Climb();
        var triedUpTo = _trainer.IsExact ? 1 : _endedAt ?? _settings.MaximumIterations;
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
            unchangedFrom,
            _divergedAt)
        { EndedEarly = _endedAt is not null };
    }

    // Up the ladder of budgets, until the optimum is reached, the trainer has stopped, or the ladder ends.
    private int? Climb()
    {
        var previous = 0;
        foreach (var budget in BudgetLadder.UpTo(_trainer.IsExact ? 1 : _settings.MaximumIterations))
        {
            if (_clock.IsLate && previous > 0)
            {
                _endedAt = previous;
                return null;
            }

            if (At(budget).Gap <= NearEnough || _divergedAt is not null)
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
            _clock.Cancellation.ThrowIfCancellationRequested();
            var settings = new TrainerSettings(_objective.Regularization.Strength, _data.Data.Rows.Length, budget, _settings.Seed);
            point = Train(settings);
            _measured.Add(budget, point);
            _divergedAt ??= double.IsFinite(point.Gap) ? null : budget;
        }

        return point;
    }

    private (double Gap, double Objective, double[] Parameters) Train(TrainerSettings settings)
    {
        try
        {
            var parameters = LinearParameters.Of(_trainer.Fit(_data.View, DataViews.Features, settings));
            var objective = _objective.Value(parameters);
            return objective < DivergenceFactor * _start ? ((objective - _optimum.Value) / _objective.GapUnit, objective, parameters) : Diverged;
        }
        catch (Exception exception) when (Divergence.IsMeantBy(exception))
        {
            return Diverged;
        }
    }

    private static (double Gap, double Objective, double[] Parameters) Diverged => (double.PositiveInfinity, double.PositiveInfinity, []);
}
