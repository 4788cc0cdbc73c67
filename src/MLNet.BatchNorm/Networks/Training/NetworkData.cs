namespace MLNet.BatchNorm;

/// <summary>Rows to train or validate on, in memory.</summary>
/// <param name="Features">[rows, features], row-major; empty where they are in <see cref="Sparse"/>.</param>
/// <param name="FeatureCount">Numbers per row.</param>
/// <param name="Targets">[rows]: 0 or 1, the index of the class, or the number to predict.</param>
/// <param name="Weights">[rows], or null where all rows weigh the same.</param>
internal sealed record NetworkData(float[] Features, int FeatureCount, float[] Targets, float[]? Weights)
{
    /// <summary>The features, where few of them are not zero; otherwise <see langword="null"/>.</summary>
    public SparseRows? Sparse { get; init; }

    public int RowCount => Targets.Length;

    /// <summary>The features of some rows that follow each other.</summary>
    public LayerInput Rows(int first, int count) =>
        Sparse is null ? Features.AsSpan(first * FeatureCount, count * FeatureCount) : new LayerInput(Sparse, first);

    /// <summary>Some of the rows, copied.</summary>
    public NetworkData Select(ReadOnlySpan<int> rows)
    {
        var features = new float[Sparse is null ? rows.Length * FeatureCount : 0];
        SparseRows? sparse = Sparse is null ? null : new SparseRows(FeatureCount);
        var targets = new float[rows.Length];
        float[]? weights = Weights is null ? null : new float[rows.Length];
        CopyRows(rows, features, sparse, targets, weights);
        return new NetworkData(features, FeatureCount, targets, weights) { Sparse = sparse };
    }

    /// <summary>Copies some of the rows to the front of buffers, or their features to the end of sparse ones.</summary>
    public void CopyRows(ReadOnlySpan<int> rows, Span<float> features, SparseRows? sparse, Span<float> targets, Span<float> weights)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (Sparse is null)
            {
                Features.AsSpan(rows[i] * FeatureCount, FeatureCount).CopyTo(features[(i * FeatureCount)..]);
            }
            else
            {
                sparse!.Add(Sparse.Values(rows[i]), Sparse.Columns(rows[i]));
            }
            targets[i] = Targets[rows[i]];
            if (Weights is not null)
            {
                weights[i] = Weights[rows[i]];
            }
        }
    }
}
