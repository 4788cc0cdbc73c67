namespace MLNet.BatchNorm;

public sealed partial class FeatureMoments
{
    /// <summary>A copy of the whole state, for <see cref="FromState"/>.</summary>
    /// <exception cref="InvalidOperationException">A feature's sums have overflowed.</exception>
    internal FeatureMomentsState ExportState()
    {
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            WeightedMoments total = _sums.Total(feature);
            if (!double.IsFinite(total.SquaredDeviations) || !double.IsFinite(total.Offset))
            {
                throw Overflowed(feature);
            }
        }

        double[] PerFeature(Func<int, double> select) => [.. Enumerable.Range(0, FeatureCount).Select(select)];
        double[] PerSlot(double[] values) => values[.._sums.LineLength];
        double[] WhereAny(Func<int, double> select) => PerFeature(feature => _sums.Total(feature).Count > 0 ? select(feature) : 0);
        return new FeatureMomentsState
        {
            RowCount = RowCount,
            FirstInfinity = FirstInfinity,
            Count = PerFeature(feature => _sums.Folded[feature].Count),
            WeightSum = PerFeature(feature => _sums.Folded[feature].Weight),
            Origin = PerFeature(feature => _sums.Folded[feature].Origin),
            Offset = PerFeature(feature => _sums.Folded[feature].Offset),
            SquaredDeviations = PerFeature(feature => _sums.Folded[feature].SquaredDeviations),
            BlockRows = _sums.BlockRows,
            BlockCount = PerSlot(_sums.BlockCount),
            BlockWeight = PerSlot(_sums.BlockWeight),
            BlockShift = [.. PerSlot(_sums.BlockShift).Select((shift, slot) => _sums.BlockCount[slot] > 0 ? shift : 0)],
            BlockSum = PerSlot(_sums.BlockSum),
            BlockSquareSum = PerSlot(_sums.BlockSquareSum),
            Minimum = WhereAny(_sums.MinimumOf),
            Maximum = WhereAny(_sums.MaximumOf),
            MissingCount = PerFeature(_sums.MissingOf),
            InfiniteCount = PerFeature(_sums.InfiniteOf),
            SparseRowCount = (long)(_sparse?.RowCount ?? 0),
            SparseWeightSum = _sparse?.WeightSum ?? 0,
            SparseGivenCount = _sparse is null ? [] : [.. _sparse.GivenCount],
            SparseGivenWeight = _sparse is null ? [] : [.. _sparse.GivenWeight],
        };
    }

    /// <summary>Moments that go on where those that exported <paramref name="state"/> stood.</summary>
    /// <exception cref="InvalidDataException">The state contradicts itself; the message says where.</exception>
    internal static FeatureMoments FromState(FeatureMomentsState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        FeatureMomentsStateCheck.Check(state);
        int featureCount = state.Count.Length;
        var moments = new FeatureMoments(featureCount) { RowCount = state.RowCount, FirstInfinity = state.FirstInfinity };
        MomentSums sums = moments._sums;
        sums.BlockRows = state.BlockRows;
        sums.HasOpenBlock = true;
        state.BlockCount.CopyTo(sums.BlockCount, 0);
        state.BlockWeight.CopyTo(sums.BlockWeight, 0);
        state.BlockShift.CopyTo(sums.BlockShift, 0);
        state.BlockSum.CopyTo(sums.BlockSum, 0);
        state.BlockSquareSum.CopyTo(sums.BlockSquareSum, 0);
        state.MissingCount.CopyTo(sums.Missing, 0);
        state.InfiniteCount.CopyTo(sums.Infinite, 0);
        for (int feature = 0; feature < featureCount; feature++)
        {
            sums.Folded[feature] = new WeightedMoments(
                state.Count[feature], state.WeightSum[feature], state.Origin[feature], state.Offset[feature], state.SquaredDeviations[feature]);
            if (sums.Total(feature).Count > 0)
            {
                sums.Minimum[feature] = state.Minimum[feature];
                sums.Maximum[feature] = state.Maximum[feature];
            }
        }

        if (state.SparseGivenCount.Length > 0)
        {
            moments._sparse = new SparseTally(featureCount) { RowCount = state.SparseRowCount, WeightSum = state.SparseWeightSum };
            state.SparseGivenCount.CopyTo(moments._sparse.GivenCount, 0);
            state.SparseGivenWeight.CopyTo(moments._sparse.GivenWeight, 0);
        }

        return moments;
    }
}
