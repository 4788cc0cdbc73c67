namespace MLNet.BatchNorm;

// One batch after the other in the same memory.
public sealed partial class FeatureMoments
{
    /// <summary>Forgets all rows. What follows is as in new moments, to the last bit; nothing is allocated.</summary>
    internal void Reset()
    {
        _sums.Reset();
        _sparse?.Reset();
        _snapshot = null;
        RowCount = 0;
        FirstInfinity = null;
    }

    /// <summary>Ends the block of rows under way early, after which <see cref="Total"/> costs little.</summary>
    internal void EndBlock() => _sums.FoldAll();

    /// <summary>The moments of one feature as they stand, without a snapshot.</summary>
    internal WeightedMoments Total(int feature) => WeightedMoments.Combine(_sums.Total(feature), _sparse?.Zeros(feature) ?? default);
}
