namespace MLNet.BatchNorm;

/// <summary>The rows that a layer receives: dense, as all layers but the first have them, or the numbers that are not zero alone.</summary>
internal readonly ref struct LayerInput
{
    private LayerInput(ReadOnlySpan<float> dense) => Dense = dense;

    /// <param name="sparse">Rows.</param>
    /// <param name="firstRow">The first of them that the layer receives.</param>
    public LayerInput(SparseRows sparse, int firstRow) => (Sparse, FirstRow) = (sparse, firstRow);

    /// <summary>[rows, inputs], row-major; empty where the rows are sparse.</summary>
    public ReadOnlySpan<float> Dense { get; }

    /// <summary>The rows, and perhaps others before and behind; <see langword="null"/> where they are dense.</summary>
    public SparseRows? Sparse { get; }

    /// <summary>The first of the sparse rows.</summary>
    public int FirstRow { get; }

    public static implicit operator LayerInput(ReadOnlySpan<float> dense) => new(dense);

    public static implicit operator LayerInput(Span<float> dense) => new(dense);

    public static implicit operator LayerInput(float[] dense) => new(dense);
}
