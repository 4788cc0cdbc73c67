namespace MLNet.BatchNorm;

// One batch after the other in the same memory.
public sealed partial class FeatureMoments
{
    private MomentTable? _totals;

    /// <summary>Forgets all rows. What follows is as in new moments, to the last bit; nothing is allocated.</summary>
    internal void Reset()
    {
        _sums.Reset();
        _sparse?.Reset();
        _magnified = null;
        _noneIsSmall = false;
        _snapshot = null;
        RowCount = 0;
        FirstInfinity = null;
        (_largestCountThen, _rowCountThen) = (0, 0);
    }

    /// <summary>Ends the block of rows under way early. Returns the moments of all features, to be read before anything is added.</summary>
    internal MomentTable EndBlock()
    {
        _sums.FoldAll();
        if (_sparse is not { RowCount: > 0 } sparse)
        {
            return _sums.Folded;
        }

        MomentTable totals = _totals ??= new MomentTable(FeatureCount);
        _sums.Folded.CopyTo(totals);
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            totals.Add(feature, sparse.Zeros(feature));
        }

        return totals;
    }

    /// <summary>The moments of one feature as they stand, without a snapshot.</summary>
    internal WeightedMoments Total(int feature) => WeightedMoments.Combine(_sums.Total(feature), _sparse?.Zeros(feature) ?? default);
}
