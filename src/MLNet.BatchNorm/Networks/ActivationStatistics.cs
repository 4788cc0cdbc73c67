namespace MLNet.BatchNorm;

/// <summary>
/// The distribution of what one hidden layer's activation function receives, over a fixed sample of training rows, as the network stands
/// at inference.
/// </summary>
/// <param name="Mean">The mean, over all neurons of the layer.</param>
/// <param name="StandardDeviation">The population standard deviation, over all neurons of the layer.</param>
/// <param name="Movement">
/// How far the distribution of each neuron has moved since the epoch before, in standard deviations of then, on average over the neurons
/// that had one: sqrt((m - m')^2 + (s - s')^2) / s', the Wasserstein distance between normal distributions of these means and deviations.
/// It measures what Ioffe and Szegedy (2015) call internal covariate shift. <see langword="null"/> after the first epoch.
/// </param>
public readonly record struct ActivationStatistics(double Mean, double StandardDeviation, double? Movement);
