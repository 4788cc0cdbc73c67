namespace MLNet.BatchNorm;

/// <summary>Which variance of a batch enters the running variance.</summary>
public enum RunningVariance
{
    /// <summary>Divided by the number of values: <c>sum (x - mean)^2 / m</c>. What Keras and ONNX do.</summary>
    Population = 0,

    /// <summary>Divided by one less: <c>sum (x - mean)^2 / (m - 1)</c>. What PyTorch does. A batch needs two values of a feature.</summary>
    Sample = 1,
}
