using System.Numerics.Tensors;

namespace Microsoft.ML.Training;

/// <summary>The last steps and gradient changes of a minimization, and the inverse Hessian they imply.</summary>
internal sealed class CurvatureHistory(int capacity)
{
    private readonly List<Pair> _pairs = [];

    public void Clear() => _pairs.Clear();

    /// <summary>Appends a pair, dropping the oldest when full. False, and nothing appended, when the two are orthogonal: the function is linear along the step.</summary>
    public bool TryAdd(float[] newPoint, float[] point, float[] newGradient, float[] gradient)
    {
        // The oldest pair's arrays are reused, so that iterating does not allocate once the history is full.
        var pair = _pairs.Count == capacity ? _pairs[0] : new Pair(new float[point.Length], new float[point.Length]);
        if (_pairs.Count == capacity)
        {
            _pairs.RemoveAt(0);
        }
        TensorPrimitives.Subtract(newPoint, point, pair.Step);
        TensorPrimitives.Subtract(newGradient, gradient, pair.GradientChange);
        pair.Curvature = TensorPrimitives.Dot<float>(pair.Step, pair.GradientChange);
        if (pair.Curvature == 0)
        {
            return false;
        }
        _pairs.Add(pair);
        return true;
    }

    /// <summary>Multiplies <paramref name="direction"/> by the inverse Hessian: the two-loop recursion of Nocedal and Wright (2006), algorithm 7.4.</summary>
    public void ApplyInverseHessian(float[] direction)
    {
        // A pair of negative curvature says nothing about a convex function: rounding made it. It stays in the history but has no say.
        var newest = _pairs.FindLastIndex(pair => pair.Curvature > 0);
        if (newest < 0)
        {
            return;
        }
        for (var i = newest; i >= 0; i--)
        {
            var pair = _pairs[i];
            if (pair.Curvature > 0)
            {
                pair.Projection = -TensorPrimitives.Dot<float>(pair.Step, direction) / pair.Curvature;
                TensorPrimitives.MultiplyAdd(pair.GradientChange, pair.Projection, direction, direction);
            }
        }
        var scaling = _pairs[newest];
        TensorPrimitives.Multiply(direction, scaling.Curvature / TensorPrimitives.SumOfSquares<float>(scaling.GradientChange), direction);
        for (var i = 0; i <= newest; i++)
        {
            var pair = _pairs[i];
            if (pair.Curvature > 0)
            {
                var correction = TensorPrimitives.Dot<float>(pair.GradientChange, direction) / pair.Curvature;
                TensorPrimitives.MultiplyAdd(pair.Step, -pair.Projection - correction, direction, direction);
            }
        }
    }

    private sealed class Pair(float[] step, float[] gradientChange)
    {
        public float[] Step { get; } = step;

        public float[] GradientChange { get; } = gradientChange;

        public float Curvature { get; set; }

        public float Projection { get; set; }
    }
}
