using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>What an optimizer remembers of a whole network: plain data, as long as the arrays of parameters that it was taken from.</summary>
/// <param name="StepCount">Steps taken.</param>
/// <param name="Dense">Of each dense layer: first and second memory of the weights, [inputs, outputs], and first and second memory of the biases.</param>
/// <param name="Normalization">Of each normalized layer: first and second memory of gamma, and first and second memory of beta.</param>
internal sealed record OptimizerState(long StepCount, ImmutableArray<float[]> Dense, ImmutableArray<double[]> Normalization);
