namespace MLNet.BatchNorm;

/// <summary>Deals the rows in mini-batches, in a new order each epoch, into buffers that are filled anew each time.</summary>
/// <remarks>
/// Where a layer measures its batches, a last batch of a single row, which has no variance, is joined to the batch before.
/// </remarks>
internal sealed class BatchReader
{
    private readonly NetworkData _data;
    private readonly int _batchSize;
    private readonly bool _joinsSingleRow;
    private readonly Random _random;
    private readonly int[] _order;
    private readonly float[] _features;
    private readonly SparseRows? _sparse;
    private readonly float[] _targets;
    private readonly float[] _weights;
    private int _position;
    private int _count;

    /// <param name="data">The rows.</param>
    /// <param name="options">The batch size, and the seed of the order.</param>
    /// <param name="epochsBefore">Epochs of an earlier training: the order goes on from theirs.</param>
    public BatchReader(NetworkData data, MultilayerPerceptronOptions options, int epochsBefore = 0)
    {
        _data = data;
        _batchSize = Math.Min(options.BatchSize, data.RowCount);
        bool measures = options.NormalizesOverBatches && !options.HiddenLayers.IsEmpty;
        if (measures && data.RowCount < 2)
        {
            throw new InvalidOperationException(
                $"Batch normalization needs at least 2 training rows to measure a variance, and found {data.RowCount}. Give it more rows, or use NetworkNormalization.Layer.");
        }

        _joinsSingleRow = measures && data.RowCount % _batchSize == 1;
        _random = new Random(unchecked(options.Seed + 0x5EED));
        _order = [.. Enumerable.Range(0, data.RowCount)];
        for (int epoch = 0; epoch < epochsBefore; epoch++)
        {
            _random.Shuffle(_order);
        }

        LargestBatch = _batchSize + (_joinsSingleRow ? 1 : 0);
        _features = new float[data.Sparse is null ? LargestBatch * data.FeatureCount : 0];
        _sparse = data.Sparse is null ? null : new SparseRows(data.FeatureCount);
        _targets = new float[LargestBatch];
        _weights = data.Weights is null ? [] : new float[LargestBatch];
    }

    /// <summary>The most rows of a batch.</summary>
    public int LargestBatch { get; }

    /// <summary>[rows, features] of the batch; empty where the rows are sparse.</summary>
    public ReadOnlySpan<float> Features => _sparse is null ? _features.AsSpan(0, _count * _data.FeatureCount) : default;

    /// <summary>The rows of the batch, dense or sparse.</summary>
    public LayerInput Input => _sparse is null ? Features : new LayerInput(_sparse, firstRow: 0);

    /// <summary>[rows] of the batch.</summary>
    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, _count);

    /// <summary>[rows] of the batch; empty where all rows weigh the same.</summary>
    public ReadOnlySpan<float> Weights => _data.Weights is null ? default : _weights.AsSpan(0, _count);

    /// <summary>Begins an epoch.</summary>
    public void Shuffle()
    {
        _random.Shuffle(_order);
        _position = 0;
    }

    /// <summary>Reads the next batch of the epoch; false when there is none.</summary>
    public bool Next()
    {
        int left = _order.Length - _position;
        if (left == 0)
        {
            return false;
        }

        _count = Math.Min(_batchSize, left);
        if (_joinsSingleRow && left == _batchSize + 1)
        {
            _count = left;
        }

        _sparse?.Clear();
        _data.CopyRows(_order.AsSpan(_position, _count), _features, _sparse, _targets, _weights);
        _position += _count;
        return true;
    }
}
