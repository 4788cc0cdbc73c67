using System.Numerics.Tensors;

namespace Microsoft.ML.Training;

/// <summary>L-BFGS for a differentiable objective, with a line search for the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 3.5 and 3.6).</summary>
internal sealed class SmoothMinimizer(DifferentiableFunction function, int historySize, bool nonNegative)
    : QuasiNewtonMinimizer(function, historySize)
{
    private const float SufficientDecrease = 1e-4f;
    private const float CurvatureShare = 0.9f;
    private const float SmallestShareOfInterval = 0.01f;
    private const int MaximumNumberOfZooms = 10;

    private float[] _steepestDescent = [];

    protected override void ChooseDirection(CurvatureHistory history)
    {
        TensorPrimitives.Negate(Gradient, Direction);
        if (!nonNegative)
        {
            history.ApplyInverseHessian(Direction);
            return;
        }
        for (var i = 0; i < Direction.Length; i++)
        {
            if (Point[i] <= 0)
            {
                Direction[i] = Math.Max(Direction[i], 0);
            }
        }
        if (_steepestDescent.Length != Direction.Length)
        {
            _steepestDescent = new float[Direction.Length];
        }
        Direction.CopyTo(_steepestDescent, 0);
        history.ApplyInverseHessian(Direction);
        for (var i = 0; i < Direction.Length; i++)
        {
            if (_steepestDescent[i] == 0)
            {
                Direction[i] = 0;
            }
        }
    }

    protected override SearchOutcome Search(bool force)
    {
        var slope = TensorPrimitives.Dot<float>(Direction, Gradient);
        if (slope == 0)
        {
            return SearchOutcome.Stuck;
        }
        CheckDescent(slope);
        var start = new Trial(0, Value, slope);
        var step = Iteration == 1 ? 1 / TensorPrimitives.Norm<float>(Direction) : 1;
        var previous = start;
        while (true)
        {
            var trial = TryStep(step);
            if (float.IsPositiveInfinity(trial.Value))
            {
                step /= 2;
                continue;
            }
            CheckFinite(trial.Value);
            if (!DescendsEnough(trial, start) || (previous.Step > 0 && trial.Value >= previous.Value))
            {
                return Zoom(start, low: previous, high: trial, force);
            }
            if (IsFlatEnough(trial, start))
            {
                return SearchOutcome.Accepted;
            }
            if (trial.Slope >= 0)
            {
                return Zoom(start, low: trial, high: previous, force);
            }
            previous = trial;
            step = step == 0 ? float.Epsilon : step * 2;
        }
    }

    private SearchOutcome Zoom(Trial start, Trial low, Trial high, bool force)
    {
        for (var zoom = 0; force || zoom < MaximumNumberOfZooms; zoom++)
        {
            var trial = TryStep(ChooseStep(low, high));
            CheckFinite(trial.Value);
            if (!DescendsEnough(trial, start) || trial.Value >= low.Value)
            {
                if (high.Step == trial.Step)
                {
                    return force ? SearchOutcome.Stuck : SearchOutcome.Failed;
                }
                high = trial;
                continue;
            }
            if (IsFlatEnough(trial, start))
            {
                return SearchOutcome.Accepted;
            }
            if (trial.Slope * (high.Step - low.Step) >= 0)
            {
                high = low;
            }
            if (low.Step == trial.Step)
            {
                return force ? SearchOutcome.Stuck : SearchOutcome.Failed;
            }
            low = trial;
        }
        return SearchOutcome.Failed;
    }

    private Trial TryStep(float step)
    {
        TensorPrimitives.MultiplyAdd(Direction, step, Point, NewPoint);
        if (nonNegative)
        {
            TensorPrimitives.Max(NewPoint, 0f, NewPoint);
        }
        EvaluateNewPoint();
        return new Trial(step, NewValue, TensorPrimitives.Dot<float>(Direction, NewGradient));
    }

    private static bool DescendsEnough(Trial trial, Trial start) => !(trial.Value > start.Value + SufficientDecrease * start.Slope * trial.Step);

    private static bool IsFlatEnough(Trial trial, Trial start) => Math.Abs(trial.Slope) <= -CurvatureShare * start.Slope;

    /// <summary>The minimum of the cubic through both ends, kept away from the ends so that the interval shrinks.</summary>
    private static float ChooseStep(Trial low, Trial high)
    {
        var (left, right) = low.Step < high.Step ? (low, high) : (high, low);
        float step;
        if (left.Slope > 0 && right.Slope < 0)
        {
            // The cubic would have its maximum, not its minimum, inside.
            step = low.Value < high.Value ? low.Step : high.Step;
        }
        else
        {
            step = CubicMinimum(low, high);
            if (!float.IsFinite(step))
            {
                step = (low.Step + high.Step) / 2;
            }
        }
        step = Math.Min(step, SmallestShareOfInterval * left.Step + (1 - SmallestShareOfInterval) * right.Step);
        return Math.Max(step, SmallestShareOfInterval * right.Step + (1 - SmallestShareOfInterval) * left.Step);
    }

    // Nocedal and Wright (2006), equation 3.59.
    private static float CubicMinimum(Trial a, Trial b)
    {
        double d1 = a.Slope + b.Slope - 3 * (a.Value - b.Value) / (a.Step - b.Step);
        var d2 = Math.Sign(b.Step - a.Step) * Math.Sqrt(d1 * d1 - a.Slope * b.Slope);
        return (float)(b.Step - (b.Step - a.Step) * (b.Slope + d2 - d1) / (b.Slope - a.Slope + 2 * d2));
    }

    private readonly record struct Trial(float Step, float Value, float Slope);
}
