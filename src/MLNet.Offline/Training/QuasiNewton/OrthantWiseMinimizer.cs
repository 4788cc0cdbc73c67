using System.Numerics.Tensors;

namespace Microsoft.ML.Training;

/// <summary>L-BFGS for a differentiable objective plus an L1 penalty: the orthant-wise method of Andrew and Gao (2007).</summary>
/// <remarks>The first <c>unpenalizedCount</c> parameters, the biases, are neither penalized nor constrained.</remarks>
internal sealed class OrthantWiseMinimizer(
    DifferentiableFunction function, int historySize, int unpenalizedCount, float penalty, bool nonNegative)
    : QuasiNewtonMinimizer(function, historySize)
{
    private const float SufficientDecrease = 1e-4f;
    private const float Backtrack = 0.25f;
    private const int MaximumNumberOfTrials = 8;

    private float[] _steepestDescent = [];

    protected override void Constrain(float[] point)
    {
        if (nonNegative)
        {
            var penalized = point.AsSpan(unpenalizedCount);
            TensorPrimitives.Max(penalized, 0f, penalized);
        }
    }

    protected override float ValueAt(float[] point, float[] gradient)
    {
        // One after another, not in vector lanes: the search amplifies a last bit, and ML.NET adds them so.
        var magnitudes = 0f;
        foreach (var value in point.AsSpan(unpenalizedCount))
        {
            magnitudes += Math.Abs(value);
        }
        return penalty * magnitudes + base.ValueAt(point, gradient);
    }

    protected override void ChooseDirection(CurvatureHistory history)
    {
        if (_steepestDescent.Length != Direction.Length)
        {
            _steepestDescent = new float[Direction.Length];
        }
        for (var i = 0; i < Direction.Length; i++)
        {
            Direction[i] = _steepestDescent[i] = i < unpenalizedCount ? -Gradient[i] : PseudoGradientDescent(Point[i], Gradient[i]);
        }
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
        var slope = -TensorPrimitives.Dot<float>(Direction, _steepestDescent);
        if (slope == 0)
        {
            return SearchOutcome.Stuck;
        }
        CheckDescent(slope);
        var step = Iteration == 1 ? 1 / TensorPrimitives.Norm<float>(Direction) : 1;
        var descent = TakeStep(step);
        if (descent < 0)
        {
            // The projection turned the step uphill: keep only the components that agree with steepest descent.
            for (var i = unpenalizedCount; i < Direction.Length; i++)
            {
                if (_steepestDescent[i] * Direction[i] < 0)
                {
                    Direction[i] = 0;
                }
            }
            descent = TakeStep(step);
        }
        for (var trial = 1; ; trial++)
        {
            EvaluateNewPoint();
            if (NewValue <= Value - SufficientDecrease * descent)
            {
                return SearchOutcome.Accepted;
            }
            if (!force && trial == MaximumNumberOfTrials)
            {
                return SearchOutcome.Failed;
            }
            step *= Backtrack;
            descent = TakeStep(step);
        }
    }

    /// <summary>The negative pseudo-gradient (Andrew and Gao 2007, equation 4).</summary>
    private float PseudoGradientDescent(float value, float slope)
    {
        if (nonNegative)
        {
            return value > 0 ? -slope - penalty : -Math.Min(slope + penalty, 0);
        }
        if (value != 0)
        {
            return -slope - Math.Sign(value) * penalty;
        }
        return slope < -penalty ? -slope - penalty : slope > penalty ? -slope + penalty : 0;
    }

    /// <summary>Steps within the orthant of the current point, and says how far down steepest descent that leads.</summary>
    private float TakeStep(float step)
    {
        TensorPrimitives.MultiplyAdd(Direction, step, Point, NewPoint);
        for (var i = unpenalizedCount; i < NewPoint.Length; i++)
        {
            if (nonNegative ? NewPoint[i] < 0 : Point[i] * NewPoint[i] < 0)
            {
                NewPoint[i] = 0;
            }
        }
        return TensorPrimitives.Dot<float>(_steepestDescent, NewPoint) - TensorPrimitives.Dot<float>(_steepestDescent, Point);
    }
}
