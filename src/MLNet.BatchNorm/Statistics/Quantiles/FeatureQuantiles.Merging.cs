namespace MLNet.BatchNorm;

public sealed partial class FeatureQuantiles
{
    /// <summary>
    /// Adds all rows of another data set, given its quantiles; <paramref name="other"/> is not changed. Where both together have few values, the
    /// result is exact: the same as of all rows in one go.
    /// </summary>
    /// <param name="other">Quantiles over the same features, with the same size; may be empty.</param>
    /// <exception cref="ArgumentException"><paramref name="other"/> has another number of features, or another size.</exception>
    public void Merge(FeatureQuantiles other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.FeatureCount != FeatureCount || other.Size != Size)
        {
            throw new ArgumentException(
                $"Expected quantiles of {FeatureCount} feature(s) and size {Size}, as here, and found {other.FeatureCount} and {other.Size}.", nameof(other));
        }
        if (ReferenceEquals(other, this))
        {
            other = Clone();
        }
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            _sketches[feature].Merge(other._sketches[feature]);
            for (int row = 0; row < other._blockRows; row++)
            {
                _sketches[feature].Add(other._block[(row * other._lineLength) + feature], other._isWeighted ? other._weights[row] : 1);
            }
        }
        if (other._sparse is not null)
        {
            _sparse ??= new SparseTally(FeatureCount);
            _sparse.Merge(other._sparse);
        }
        _snapshots = null;
    }

    /// <summary>Quantiles with the same rows, to which further rows can be added independently.</summary>
    public FeatureQuantiles Clone() => new(Size, Array.ConvertAll(_sketches, sketch => sketch.Clone()))
    {
        _block = [.. _block],
        _weights = [.. _weights],
        _blockRows = _blockRows,
        _isWeighted = _isWeighted,
        _sparse = _sparse?.Clone(),
    };
}
