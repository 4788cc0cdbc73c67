namespace MLNet.BatchNorm;

/// <summary>Rows to train or validate on, in memory.</summary>
/// <param name="Features">[rows, features], row-major.</param>
/// <param name="FeatureCount">Numbers per row.</param>
/// <param name="Targets">[rows]: 0 or 1, the index of the class, or the number to predict.</param>
/// <param name="Weights">[rows], or null where all rows weigh the same.</param>
internal sealed record NetworkData(float[] Features, int FeatureCount, float[] Targets, float[]? Weights)
{
    public int RowCount => Targets.Length;

    /// <summary>Some of the rows, copied.</summary>
    public NetworkData Select(ReadOnlySpan<int> rows)
    {
        var features = new float[rows.Length * FeatureCount];
        var targets = new float[rows.Length];
        float[]? weights = Weights is null ? null : new float[rows.Length];
        CopyRows(rows, features, targets, weights);
        return new NetworkData(features, FeatureCount, targets, weights);
    }

    /// <summary>Copies some of the rows to the front of buffers.</summary>
    public void CopyRows(ReadOnlySpan<int> rows, Span<float> features, Span<float> targets, Span<float> weights)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            Features.AsSpan(rows[i] * FeatureCount, FeatureCount).CopyTo(features[(i * FeatureCount)..]);
            targets[i] = Targets[rows[i]];
            if (Weights is not null)
            {
                weights[i] = Weights[rows[i]];
            }
        }
    }
}
