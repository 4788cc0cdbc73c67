namespace MLNet.BatchNorm;

public sealed partial class BatchNormLayer
{
    /// <summary>
    /// A layer with the conventions of PyTorch's BatchNorm1d and BatchNorm2d: momentum 0.1, epsilon 1e-5, the running variance from sample
    /// variances, running statistics that start at 0 and 1.
    /// </summary>
    /// <param name="channelCount">Number of channels; at least 1.</param>
    /// <param name="spatialSize">Values per channel and row, at least 1.<value>1</value></param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public static BatchNormLayer PyTorch(int channelCount, int spatialSize = 1) => Create(BatchNormOptions.PyTorch, channelCount, spatialSize);

    /// <summary>
    /// A layer with the conventions of Keras's BatchNormalization: momentum 0.01 (0.99 there, the weight of the past), epsilon 1e-3, the
    /// running variance from population variances, running statistics that start at 0 and 1.
    /// </summary>
    /// <inheritdoc cref="PyTorch"/>
    public static BatchNormLayer Keras(int channelCount, int spatialSize = 1) => Create(BatchNormOptions.Keras, channelCount, spatialSize);

    private static BatchNormLayer Create(BatchNormOptions preset, int channelCount, int spatialSize) =>
        new(channelCount, spatialSize, preset.Epsilon, preset.Momentum, preset.VarianceEstimator, preset.RunningStart);
}
