namespace MLNet.BatchNorm;

/// <summary>Moves all parameters of a network along their gradients.</summary>
internal sealed class NetworkUpdate
{
    // As PyTorch's clip_grad_norm_ has it, so that a gradient of length 0 is not divided by 0.
    private const double ClippingEpsilon = 1e-6;

    private readonly OptimizerStep _optimizer;
    private readonly double _weightDecay;
    private readonly double? _clipping;
    private readonly (DenseLayer Layer, ParameterMemory<float> Weights, ParameterMemory<float> Bias)[] _dense;
    private readonly (NormalizationLayer Layer, ParameterMemory<double> Gamma, ParameterMemory<double> Beta)[] _normalization;

    public NetworkUpdate(NeuralNetwork network, MultilayerPerceptronOptions options)
    {
        _optimizer = OptimizerStep.Of(options.Optimizer);
        (_weightDecay, _clipping) = (options.WeightDecay, options.GradientClipping);
        _dense =
        [
            .. network.HiddenLayers.Select(layer => layer.Dense).Append(network.OutputLayer)
                .Select(layer => (layer, new ParameterMemory<float>(layer.Weights.Length), new ParameterMemory<float>(layer.Bias.Length))),
        ];
        _normalization =
        [
            .. network.HiddenLayers.Select(layer => layer.Normalization).OfType<NormalizationLayer>()
                .Select(layer => (layer, new ParameterMemory<double>(layer.Gamma.Length), new ParameterMemory<double>(layer.Beta.Length))),
        ];
    }

    /// <summary>One step: clipping, then the optimizer. Weight decay is for the weights of dense layers alone.</summary>
    public void Step(double learningRate)
    {
        double scale = 1;
        if (_clipping is { } longest)
        {
            scale = Math.Min(1, longest / (Math.Sqrt(SquaredLength()) + ClippingEpsilon));
        }

        _optimizer.Begin(learningRate);
        foreach (var (layer, weights, bias) in _dense)
        {
            _optimizer.Apply<float>(layer.Weights, layer.WeightGradient, scale, _weightDecay, weights);
            _optimizer.Apply<float>(layer.Bias, layer.BiasGradient, scale, 0, bias);
        }

        foreach (var (layer, gamma, beta) in _normalization)
        {
            _optimizer.Apply(layer.Gamma, layer.GammaGradient, scale, 0, gamma);
            _optimizer.Apply(layer.Beta, layer.BetaGradient, scale, 0, beta);
        }
    }

    /// <summary>A copy of what the optimizer remembers.</summary>
    public OptimizerState ExportState() => new(
        _optimizer.StepNumber, [.. DenseMemory.Select(memory => memory.ToArray())], [.. NormalizationMemory.Select(memory => memory.ToArray())]);

    /// <summary>Goes on where a network of the same layers exported its state.</summary>
    public void Restore(OptimizerState state)
    {
        _optimizer.GoOnAfter(state.StepCount);
        foreach ((float[] memory, float[] saved) in DenseMemory.Zip(state.Dense))
        {
            saved.CopyTo(memory, 0);
        }
        foreach ((double[] memory, double[] saved) in NormalizationMemory.Zip(state.Normalization))
        {
            saved.CopyTo(memory, 0);
        }
    }

    private IEnumerable<float[]> DenseMemory =>
        _dense.SelectMany(layer => (float[][])[layer.Weights.First, layer.Weights.Second, layer.Bias.First, layer.Bias.Second]);

    private IEnumerable<double[]> NormalizationMemory =>
        _normalization.SelectMany(layer => (double[][])[layer.Gamma.First, layer.Gamma.Second, layer.Beta.First, layer.Beta.Second]);

    private double SquaredLength()
    {
        double sum = 0;
        foreach (var (layer, _, _) in _dense)
        {
            sum += SumOfSquares(layer.WeightGradient) + SumOfSquares(layer.BiasGradient);
        }

        foreach (var (layer, _, _) in _normalization)
        {
            foreach (double value in layer.GammaGradient)
            {
                sum += value * value;
            }

            foreach (double value in layer.BetaGradient)
            {
                sum += value * value;
            }
        }

        return sum;
    }

    private static double SumOfSquares(float[] values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum;
    }
}
