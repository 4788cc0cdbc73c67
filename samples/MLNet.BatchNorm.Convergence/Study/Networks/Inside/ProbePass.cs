namespace MLNet.BatchNorm.Convergence.Study.Networks.Inside;

/// <summary>What went through a network: per layer its inputs, z, what its activation receives, and the normalization that took the batch's statistics.</summary>
internal sealed class ProbePass
{
    public List<double[]> Inputs { get; } = [];

    public List<double[]> Dense { get; } = [];

    public List<double[]> Received { get; } = [];

    public List<BatchNormLayer?> Norms { get; } = [];

    public double[] Outputs => Received[^1];
}
