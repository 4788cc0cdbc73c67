using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Training;

/// <summary>The mean loss over all examples plus the L2 penalty: (sum of weight * loss + l2 / 2 * |w|^2) / sum of weights. Biases are not penalized.</summary>
/// <remarks>With one thread it streams the data at every evaluation. With more, the data are held in memory and split in fixed ranges, so results do not vary.</remarks>
internal sealed class LogisticObjective
{
    private const int FewestExamplesPerThread = 10;
    private const int ExamplesPerThreadIfFew = 100;

    private readonly LogisticLoss _loss;
    private readonly TrainingData _data;
    private readonly float _l2;
    private readonly List<Example>? _examples;
    private readonly int _threadCount;
    private readonly double _weightSum;
    private float[][] _partialGradients = [];

    public LogisticObjective(LogisticLoss loss, TrainingData data, float l2, int threadCount)
    {
        _loss = loss;
        _data = data;
        _l2 = l2;
        _examples = threadCount > 1 ? [] : null;
        using var cursor = data.Open();
        while (cursor.MoveNext())
        {
            ExampleCount++;
            _weightSum += cursor.Weight;
            if (_examples is not null)
            {
                var features = default(VBuffer<float>);
                cursor.Features.CopyTo(ref features);
                _examples.Add(new Example(features, cursor.Label, cursor.Weight));
            }
        }
        SkippedCount = cursor.SkippedCount;
        _threadCount = ExampleCount / threadCount >= FewestExamplesPerThread
            ? threadCount
            : Math.Max(1, (int)(ExampleCount / ExamplesPerThreadIfFew));
    }

    public long ExampleCount { get; }

    public long SkippedCount { get; }

    public int ParameterCount => _loss.BiasCount * (1 + _data.FeatureCount);

    public float Evaluate(float[] parameters, float[] gradient)
    {
        Array.Clear(gradient);
        var loss = _examples is null ? Stream(parameters, gradient) : SumRanges(parameters, gradient);
        var penalty = 0f;
        if (_l2 > 0)
        {
            var weights = parameters.AsSpan(_loss.BiasCount);
            var weightGradient = gradient.AsSpan(_loss.BiasCount);
            var normSquared = 0.0;
            foreach (var weight in weights)
            {
                normSquared += weight * weight;
            }
            penalty = (float)(normSquared * _l2 * 0.5);
            TensorPrimitives.MultiplyAdd(weights, _l2, weightGradient, weightGradient);
        }
        var scale = 1 / (float)_weightSum;
        TensorPrimitives.Multiply(gradient, scale, gradient);
        return (loss + penalty) * scale;
    }

    private float Stream(float[] parameters, float[] gradient)
    {
        var scores = new float[_loss.BiasCount];
        var loss = 0.0;
        using var cursor = _data.Open();
        while (cursor.MoveNext())
        {
            loss += _loss.Accumulate(cursor.Features, cursor.Label, cursor.Weight, parameters, gradient, scores);
        }
        return (float)loss;
    }

    private float SumRanges(float[] parameters, float[] gradient)
    {
        if (_partialGradients.Length == 0)
        {
            _partialGradients = [.. Enumerable.Range(0, _threadCount).Select(_ => new float[gradient.Length])];
        }
        var losses = new float[_threadCount];
        Parallel.For(0, _threadCount, range => losses[range] = SumRange(range, parameters, _partialGradients[range]));

        // Added in a fixed order, so that the sums do not depend on which thread was first.
        var loss = 0f;
        for (var range = 0; range < _threadCount; range++)
        {
            TensorPrimitives.Add(gradient, _partialGradients[range], gradient);
            loss += losses[range];
        }
        return loss;
    }

    private float SumRange(int range, float[] parameters, float[] gradient)
    {
        Array.Clear(gradient);
        var scores = new float[_loss.BiasCount];
        var loss = 0.0;
        var end = RangeStart(range + 1);
        for (var i = RangeStart(range); i < end; i++)
        {
            var example = _examples![i];
            loss += _loss.Accumulate(example.Features, example.Label, example.Weight, parameters, gradient, scores);
        }
        return (float)loss;
    }

    // The first ranges are one longer where the count does not divide evenly.
    private int RangeStart(int range)
    {
        var (size, rest) = Math.DivRem(_examples!.Count, _threadCount);
        return range * size + Math.Min(range, rest);
    }

    private readonly record struct Example(VBuffer<float> Features, float Label, float Weight);
}
