namespace MLNet.BatchNorm;

public sealed partial class FeatureMoments
{
    /// <summary>A copy of the whole state, for <see cref="FromState"/>.</summary>
    /// <exception cref="InvalidOperationException">A feature's sums have overflowed.</exception>
    internal FeatureMomentsState ExportState()
    {
        if (FirstOverflow is { } overflowed)
        {
            throw Overflowed(overflowed);
        }

        double[] PerSlot(double[] values) => values[.._sums.LineLength];
        var state = new FeatureMomentsState
        {
            RowCount = RowCount,
            FirstInfinity = FirstInfinity,
            Count = new double[FeatureCount],
            WeightSum = new double[FeatureCount],
            Origin = new double[FeatureCount],
            Offset = new double[FeatureCount],
            SquaredDeviations = new double[FeatureCount],
            BlockRows = _sums.BlockRows,
            BlockCount = PerSlot(_sums.BlockCount),
            BlockWeight = PerSlot(_sums.BlockWeight),
            BlockShift = PerSlot(_sums.BlockShift),
            BlockSum = PerSlot(_sums.BlockSum),
            BlockSquareSum = PerSlot(_sums.BlockSquareSum),
            Minimum = new double[FeatureCount],
            Maximum = new double[FeatureCount],
            MissingCount = new double[FeatureCount],
            InfiniteCount = new double[FeatureCount],
            SparseRowCount = (long)(_sparse?.RowCount ?? 0),
            SparseWeightSum = _sparse?.WeightSum ?? 0,
            SparseGivenCount = _sparse is null ? [] : [.. _sparse.GivenCount],
            SparseGivenWeight = _sparse is null ? [] : [.. _sparse.GivenWeight],
            SparseWeightRemainders = _sparse?.Remainders() ?? [],
            MagnifiedDeviations = MagnifiedDeviations(),
        };
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            WeightedMoments folded = _sums.Folded[feature];
            state.Count[feature] = folded.Count;
            state.WeightSum[feature] = folded.Weight;
            state.Origin[feature] = folded.Origin;
            state.Offset[feature] = folded.Offset;
            state.SquaredDeviations[feature] = folded.SquaredDeviations;
            state.MissingCount[feature] = _sums.MissingOf(feature);
            state.InfiniteCount[feature] = _sums.InfiniteOf(feature);
            if (_sums.Total(feature).Count > 0)
            {
                state.Minimum[feature] = _sums.MinimumOf(feature);
                state.Maximum[feature] = _sums.MaximumOf(feature);
            }
        }
        for (int slot = 0; slot < _sums.LineLength; slot++)
        {
            if (_sums.BlockCount[slot] == 0)
            {
                state.BlockShift[slot] = 0;
            }
        }

        // What is saved can be loaded: a count that has grown beyond what doubles count exactly, for one, would not.
        try
        {
            FeatureMomentsStateCheck.Check(state);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidOperationException(
                $"These moments cannot be saved; they count up to 2^53 rows and values. {exception.Message}", exception);
        }
        return state;
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
            moments._sparse.Restore(state.SparseWeightRemainders);
        }

        moments.RestoreMagnified(state.MagnifiedDeviations);
        return moments;
    }
}
