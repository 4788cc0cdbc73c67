using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>A network that can be trained: hidden layers and a dense output layer, with the buffers of one batch.</summary>
/// <remarks>Not thread safe.</remarks>
internal sealed class NeuralNetwork
{
    private readonly MultilayerPerceptronOptions _options;
    private readonly int _capacity;
    private readonly float[] _outputs;
    private readonly float[] _gradient;
    private readonly float[] _otherGradient;

    /// <param name="featureCount">Inputs.</param>
    /// <param name="outputCount">Outputs.</param>
    /// <param name="options">Layers; the seed draws the weights.</param>
    /// <param name="capacity">The most rows of a batch.</param>
    /// <param name="team">Threads for the products, or null.</param>
    public NeuralNetwork(int featureCount, int outputCount, MultilayerPerceptronOptions options, int capacity, ThreadTeam? team)
    {
        (FeatureCount, OutputCount, _options, _capacity) = (featureCount, outputCount, options, capacity);
        var product = new MatrixProduct(team);
        var random = new Random(options.Seed);
        var layers = ImmutableArray.CreateBuilder<HiddenLayer>(options.HiddenLayers.Length);
        int inputCount = featureCount;
        foreach (int width in options.HiddenLayers)
        {
            var dense = new DenseLayer(inputCount, width, product);
            InitialWeights.Draw(dense, options.Initialization, random);
            layers.Add(new HiddenLayer(
                dense,
                CreateNormalization(width),
                options.NormalizationPlacement,
                options.Activation,
                options.Dropout == 0 ? null : new DropoutMask(options.Dropout, capacity * width, random.Next()),
                capacity));
            inputCount = width;
        }

        HiddenLayers = layers.MoveToImmutable();
        OutputLayer = new DenseLayer(inputCount, outputCount, product);
        InitialWeights.Draw(OutputLayer, options.Initialization, random);
        _outputs = new float[capacity * outputCount];
        int widest = options.HiddenLayers.Append(outputCount).Max();
        _gradient = new float[capacity * widest];
        _otherGradient = new float[capacity * widest];
    }

    public int FeatureCount { get; }

    public int OutputCount { get; }

    public ImmutableArray<HiddenLayer> HiddenLayers { get; }

    public DenseLayer OutputLayer { get; }

    /// <summary>Begins an epoch, from 1.</summary>
    public void Begin(int epoch)
    {
        foreach (HiddenLayer layer in HiddenLayers)
        {
            layer.Begin(epoch);
        }
    }

    /// <summary>The outputs for a batch, [rows, outputs]; valid until the next call.</summary>
    public ReadOnlySpan<float> Forward(LayerInput input, int rowCount, bool training)
    {
        LayerInput values = input;
        foreach (HiddenLayer layer in HiddenLayers)
        {
            values = layer.Forward(values, rowCount, training);
        }

        Span<float> outputs = _outputs.AsSpan(0, rowCount * OutputCount);
        OutputLayer.Forward(values, outputs, rowCount);
        return outputs;
    }

    /// <summary>Sends rows through the first hidden layers alone, as at inference; what each received stays in it until the next call.</summary>
    public void ForwardHidden(LayerInput input, int rowCount, int layerCount)
    {
        LayerInput values = input;
        foreach (HiddenLayer layer in HiddenLayers[..layerCount])
        {
            values = layer.Forward(values, rowCount, training: false);
        }
    }

    /// <summary>A training pass forward and back: sets the gradient of every parameter, and returns the loss.</summary>
    public double ComputeGradients(NetworkTask task, LayerInput input, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        int rowCount = targets.Length;
        ReadOnlySpan<float> outputs = Forward(input, rowCount, training: true);
        Span<float> gradient = _gradient.AsSpan(0, rowCount * OutputCount);
        double loss = Loss.Compute(task, outputs, targets, weights, OutputCount, gradient);

        float[] current = _gradient;
        float[] next = _otherGradient;
        OutputLayer.Backward(LayerOutput(HiddenLayers.Length - 1, input, rowCount), gradient, InputGradient(next, OutputLayer, HiddenLayers.Length > 0, rowCount), rowCount);
        for (int i = HiddenLayers.Length - 1; i >= 0; i--)
        {
            (current, next) = (next, current);
            HiddenLayer layer = HiddenLayers[i];
            gradient = current.AsSpan(0, rowCount * layer.Dense.OutputCount);
            layer.Backward(LayerOutput(i - 1, input, rowCount), gradient, InputGradient(next, layer.Dense, i > 0, rowCount), rowCount);
        }

        return loss;
    }

    private LayerInput LayerOutput(int layer, LayerInput input, int rowCount) =>
        layer < 0 ? input : HiddenLayers[layer].TrainingOutput(rowCount);

    private static Span<float> InputGradient(float[] buffer, DenseLayer layer, bool needed, int rowCount) =>
        needed ? buffer.AsSpan(0, rowCount * layer.InputCount) : default;

    private NormalizationLayer? CreateNormalization(int width) => _options.Normalization switch
    {
        NetworkNormalization.None => null,
        NetworkNormalization.Batch => new BatchNormLayer(width, epsilon: _options.NormalizationEpsilon, momentum: _options.BatchNormMomentum) { GhostBatchSize = _options.GhostBatchSize },
        NetworkNormalization.BatchRenorm => new BatchRenormLayer(width, epsilon: _options.NormalizationEpsilon, momentum: _options.BatchNormMomentum),
        NetworkNormalization.Layer => new LayerNormLayer(width, _options.NormalizationEpsilon),
        NetworkNormalization.Group => new GroupNormLayer(width, _options.GroupCount, epsilon: _options.NormalizationEpsilon),
        NetworkNormalization.RMS => new RMSNormLayer(width, _options.NormalizationEpsilon),
        _ => throw new InvalidOperationException($"There is no normalization {_options.Normalization}."),
    };
}
