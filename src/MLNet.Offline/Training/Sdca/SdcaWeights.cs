using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Training;

/// <summary>The weights of one output under training, with soft thresholding where there is an L1 penalty.</summary>
internal sealed class SdcaWeights(int featureCount, float l1Threshold, bool penalizesBias)
{
    // Before thresholding; the same array as _weights where nothing is thresholded.
    private readonly float[] _unthresholded = new float[featureCount];
    private readonly float[] _weights = new float[featureCount];
    private float _unthresholdedBias;
    private float _penalizedBias;

    public float FreeBias { get; set; }

    public float PenalizedBias => _penalizedBias;

    /// <summary>The scaled sum of the dual variables, which a free bias drives to zero.</summary>
    public float DualConstraint => _unthresholdedBias;

    public float Bias => _penalizedBias + FreeBias;

    public ReadOnlySpan<float> Weights => l1Threshold == 0 ? _unthresholded : _weights;

    public float NormSquared => TensorPrimitives.SumOfSquares(Weights) + _penalizedBias * _penalizedBias;

    public float AbsoluteSum => TensorPrimitives.SumOfMagnitudes(Weights) + Math.Abs(_penalizedBias);

    public float Output(in VBuffer<float> features) => FeatureVector.Dot(features, Weights) + Bias;

    /// <summary>Moves the weights along an example. <paramref name="alwaysMovesBias"/>: even where the bias is free.</summary>
    public void Move(in VBuffer<float> features, float step, bool alwaysMovesBias = false)
    {
        FeatureVector.AddScaled(features, step, _unthresholded);
        _unthresholdedBias += step;
        if (l1Threshold == 0)
        {
            _penalizedBias = _unthresholdedBias;
            return;
        }
        if (penalizesBias || alwaysMovesBias)
        {
            _penalizedBias = Shrink(_unthresholdedBias);
        }
        if (features.IsDense)
        {
            for (var i = 0; i < _weights.Length; i++)
            {
                _weights[i] = Shrink(_unthresholded[i]);
            }
            return;
        }
        foreach (var i in features.GetIndices())
        {
            _weights[i] = Shrink(_unthresholded[i]);
        }
    }

    private float Shrink(float value) => Math.Abs(value) > l1Threshold ? value - Math.Sign(value) * l1Threshold : 0;
}
