namespace Microsoft.ML.Training;

/// <summary>Limited-memory BFGS in float: directions from a curvature history, steps from a line search that a derived class supplies.</summary>
internal abstract class QuasiNewtonMinimizer(DifferentiableFunction function, int historySize)
{
    private readonly CurvatureHistory _history = new(historySize);
    private float[] _point = [];
    private float[] _gradient = [];
    private float[] _newPoint = [];
    private float[] _newGradient = [];

    protected enum SearchOutcome
    {
        Accepted,

        /// <summary>No acceptable step; the history may be at fault.</summary>
        Failed,

        /// <summary>No step at all can be taken: the optimum, or the end of float precision, is reached.</summary>
        Stuck,
    }

    protected float[] Point => _point;

    protected float[] Gradient => _gradient;

    protected float[] NewPoint => _newPoint;

    protected float[] NewGradient => _newGradient;

    protected float[] Direction { get; private set; } = [];

    /// <summary>Value at <see cref="Point"/>, where the current line search starts.</summary>
    protected float Value { get; private set; }

    /// <summary>Value at <see cref="NewPoint"/>.</summary>
    protected float NewValue { get; private set; }

    protected int Iteration { get; private set; }

    /// <summary>Whether the last minimization ended because no further step was possible, rather than by its stopping rule.</summary>
    public bool EndedPrematurely { get; private set; }

    public float[] Minimize(float[] start, MeanImprovementRule rule)
    {
        _point = start;
        (_gradient, _newPoint, _newGradient, Direction) =
            (new float[start.Length], new float[start.Length], new float[start.Length], new float[start.Length]);
        Iteration = 1;
        EndedPrematurely = false;
        Constrain(_point);
        Value = NewValue = ValueAt(_point, _gradient);
        CheckFinite(Value);
        while (true)
        {
            ChooseDirection(_history);
            var outcome = Search(force: false);
            if (outcome == SearchOutcome.Failed)
            {
                // Rounding may have spoiled the history: start over from steepest descent, and take whatever step descends.
                _history.Clear();
                ChooseDirection(_history);
                outcome = Search(force: true);
            }
            if (outcome == SearchOutcome.Stuck)
            {
                EndedPrematurely = true;
                return _newPoint;
            }
            if (rule.ShouldStop(Value, NewValue, Iteration))
            {
                return _newPoint;
            }
            if (!_history.TryAdd(_newPoint, _point, _newGradient, _gradient))
            {
                EndedPrematurely = true;
                return _newPoint;
            }
            (_point, _newPoint) = (_newPoint, _point);
            (_gradient, _newGradient) = (_newGradient, _gradient);
            (Value, NewValue) = (NewValue, Value);
            Iteration++;
        }
    }

    /// <summary>Moves a start point into the feasible set.</summary>
    protected virtual void Constrain(float[] point)
    {
    }

    protected abstract void ChooseDirection(CurvatureHistory history);

    /// <summary>Finds <see cref="NewPoint"/>, with its value and gradient, along <see cref="Direction"/>.</summary>
    protected abstract SearchOutcome Search(bool force);

    /// <summary>The objective, which is the given function plus whatever a derived class adds that has no gradient.</summary>
    protected virtual float ValueAt(float[] point, float[] gradient) => function(point, gradient);

    protected void EvaluateNewPoint() => NewValue = ValueAt(_newPoint, _newGradient);

    protected static void CheckDescent(float slope)
    {
        // Also true for NaN. A wrong gradient, or a function that is not convex.
        if (!(slope < 0))
        {
            throw new InvalidOperationException($"L-BFGS chose a direction along which the loss does not descend (slope {slope}).");
        }
    }

    protected static void CheckFinite(float value)
    {
        if (!float.IsFinite(value))
        {
            throw new InvalidOperationException($"The optimizer cannot proceed: the loss is {value}. Are there extreme feature values? Scale the features.");
        }
    }
}
