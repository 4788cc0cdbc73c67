namespace Microsoft.ML.Training;

/// <summary>Value of a function at <paramref name="point"/>; overwrites <paramref name="gradient"/> with its gradient there.</summary>
internal delegate float DifferentiableFunction(float[] point, float[] gradient);
