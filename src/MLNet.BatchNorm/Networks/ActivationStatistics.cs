namespace MLNet.BatchNorm;

/// <summary>
/// The distribution of what one hidden layer's activation function receives, over all neurons of the layer and a fixed sample of training
/// rows, as the network stands at inference.
/// </summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardDeviation">The population standard deviation.</param>
public readonly record struct ActivationStatistics(double Mean, double StandardDeviation);
