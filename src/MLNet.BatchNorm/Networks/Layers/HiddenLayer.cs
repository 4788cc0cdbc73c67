namespace MLNet.BatchNorm;

/// <summary>
/// A hidden layer: dense, then normalization and activation in either order, then dropout; with the buffers of one batch.
/// </summary>
internal sealed class HiddenLayer
{
    private readonly ActivationFunction _activation;
    private readonly bool _normalizesFirst;
    private readonly float[] _dense;
    private readonly float[] _middle;
    private readonly float[] _output;
    private readonly float[] _dropped;
    private readonly DropoutMask? _dropout;

    public HiddenLayer(DenseLayer dense, NormalizationLayer? normalization, NormalizationPlacement placement, ActivationFunction activation, DropoutMask? dropout, int capacity)
    {
        (Dense, Normalization, _activation, _dropout) = (dense, normalization, activation, dropout);
        _normalizesFirst = placement == NormalizationPlacement.BeforeActivation;
        _dense = new float[capacity * dense.OutputCount];
        _middle = normalization is null ? _dense : new float[_dense.Length];
        _output = new float[_dense.Length];
        _dropped = dropout is null ? [] : new float[_dense.Length];
    }

    public DenseLayer Dense { get; }

    public NormalizationLayer? Normalization { get; }

    /// <summary>What the activation received in the last forward pass, [rows, outputs].</summary>
    public ReadOnlySpan<float> ActivationInput(int rowCount) => (_normalizesFirst ? _middle : _dense).AsSpan(0, rowCount * Dense.OutputCount);

    /// <summary>The result of the last forward pass of training, [rows, outputs].</summary>
    public ReadOnlySpan<float> TrainingOutput(int rowCount) => (_dropout is null ? _output : _dropped).AsSpan(0, rowCount * Dense.OutputCount);

    /// <summary>Begins an epoch, from 1.</summary>
    public void Begin(int epoch) => _dropout?.Begin(epoch);

    /// <summary>What the normalization received in the last forward pass, [rows, outputs].</summary>
    public ReadOnlySpan<float> NormalizationInput(int rowCount) => (_normalizesFirst ? _dense : _middle).AsSpan(0, rowCount * Dense.OutputCount);

    /// <summary>Computes the layer; the result stays valid until the next call.</summary>
    public ReadOnlySpan<float> Forward(LayerInput input, int rowCount, bool training)
    {
        int length = rowCount * Dense.OutputCount;
        Span<float> dense = _dense.AsSpan(0, length);
        Span<float> middle = _middle.AsSpan(0, length);
        Span<float> output = _output.AsSpan(0, length);
        Dense.Forward(input, dense, rowCount);
        if (Normalization is null)
        {
            ActivationKernels.Forward(_activation, dense, output);
        }
        else if (_normalizesFirst)
        {
            Normalization.Forward<float>(dense, middle, rowCount, training);
            ActivationKernels.Forward(_activation, middle, output);
        }
        else
        {
            ActivationKernels.Forward(_activation, dense, middle);
            Normalization.Forward<float>(middle, output, rowCount, training);
        }

        if (!training || _dropout is null)
        {
            return output;
        }

        Span<float> dropped = _dropped.AsSpan(0, length);
        _dropout.Forward(output, dropped);
        return dropped;
    }

    /// <summary>Carries a gradient through the layer, which is overwritten on the way, and sets the gradients of its parameters.</summary>
    /// <param name="input">The input of the last forward pass.</param>
    /// <param name="gradient">The gradient of the layer's output.</param>
    /// <param name="inputGradient">Receives the gradient of its input; empty where nobody needs it.</param>
    /// <param name="rowCount">Rows of the last forward pass.</param>
    public void Backward(LayerInput input, Span<float> gradient, Span<float> inputGradient, int rowCount)
    {
        ReadOnlySpan<float> dense = _dense.AsSpan(0, gradient.Length);
        ReadOnlySpan<float> middle = _middle.AsSpan(0, gradient.Length);
        ReadOnlySpan<float> output = _output.AsSpan(0, gradient.Length);
        _dropout?.Backward(gradient);
        if (Normalization is null)
        {
            ActivationKernels.Backward(_activation, output, gradient);
        }
        else if (_normalizesFirst)
        {
            ActivationKernels.Backward(_activation, output, gradient);
            Normalization.Backward(dense, gradient, gradient, rowCount);
        }
        else
        {
            Normalization.Backward(middle, gradient, gradient, rowCount);
            ActivationKernels.Backward(_activation, middle, gradient);
        }

        Dense.Backward(input, gradient, inputGradient, rowCount);
    }
}
