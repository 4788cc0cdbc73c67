namespace MLNet.BatchNorm;

public sealed partial class FeatureQuantiles
{
    /// <summary>A copy of the whole state, for <see cref="FromState"/>.</summary>
    /// <exception cref="InvalidOperationException">The weights add up to more than a double can hold.</exception>
    internal FeatureQuantilesState ExportState()
    {
        if (_sparse is { WeightSum: double.PositiveInfinity } || _sketches.Any(sketch => double.IsPositiveInfinity(sketch.WeightSum)))
        {
            throw WeightedValues.SumBeyondRange();
        }
        var rows = new double[_blockRows * FeatureCount];
        for (int row = 0; row < _blockRows; row++)
        {
            _block.AsSpan(row * _lineLength, FeatureCount).CopyTo(rows.AsSpan(row * FeatureCount));
        }
        bool hasRemainders = _sparse?.Remainders().Length > 0;
        return new FeatureQuantilesState
        {
            Version = hasRemainders ? FeatureQuantilesState.CurrentVersion : 1,
            Size = Size,
            Rows = rows,
            RowWeights = _isWeighted ? _weights[.._blockRows] : [],
            SparseRowCount = (long)(_sparse?.RowCount ?? 0),
            SparseWeight = _sparse?.WeightSum ?? 0,
            SparseWeightRemainder = _sparse?.WeightRemainder ?? 0,
            Features = [.. _sketches.Select((sketch, feature) => new FeatureQuantilesState.SketchState
            {
                Count = sketch.Count,
                MissingCount = sketch.MissingCount,
                InfiniteCount = sketch.InfiniteCount,
                GivenCount = (long)(_sparse?.GivenCount[feature] ?? 0),
                GivenWeight = _sparse?.GivenWeight[feature] ?? 0,
                GivenWeightRemainder = _sparse?.GivenWeightRemainder[feature] ?? 0,
                WeightSum = sketch.WeightSum,
                Minimum = sketch.Count > 0 ? sketch.Minimum : 0,
                Maximum = sketch.Count > 0 ? sketch.Maximum : 0,
                IsExact = sketch.IsExact,
                Random = unchecked((long)sketch.RandomState),
                Levels = [.. sketch.Levels.Select(level => new FeatureQuantilesState.SketchLevelState
                {
                    Exponent = level.Exponent,
                    Values = level.Values.ToArray(),
                })],
                Values = sketch.Weighted.Values.ToArray(),
                Weights = sketch.Weighted.Weights.ToArray(),
            })],
        };
    }

    /// <summary>Quantiles that go on where those that exported <paramref name="state"/> stood.</summary>
    /// <exception cref="InvalidDataException">The state contradicts itself; the message says where.</exception>
    internal static FeatureQuantiles FromState(FeatureQuantilesState state)
    {
        FeatureQuantilesStateCheck.Check(state);
        var quantiles = new FeatureQuantiles(state.Size, Array.ConvertAll(state.Features, feature => Restore(feature, state.Size)));
        int rowCount = state.Rows.Length / quantiles.FeatureCount;
        quantiles.AddRows<double>(state.Rows, rowCount, state.RowWeights);
        quantiles._isWeighted = state.RowWeights.Length > 0;
        quantiles._sparse = state.SparseRowCount > 0 ? RestoreTally(state) : null;
        return quantiles;
    }

    private static SparseTally RestoreTally(FeatureQuantilesState state)
    {
        var tally = new SparseTally(state.Features.Length)
        {
            RowCount = state.SparseRowCount,
            WeightSum = state.SparseWeight,
            WeightRemainder = state.SparseWeightRemainder,
        };
        for (int feature = 0; feature < state.Features.Length; feature++)
        {
            tally.GivenCount[feature] = state.Features[feature].GivenCount;
            tally.GivenWeight[feature] = state.Features[feature].GivenWeight;
            tally.GivenWeightRemainder[feature] = state.Features[feature].GivenWeightRemainder;
        }
        return tally;
    }

    private static QuantileSketch Restore(FeatureQuantilesState.SketchState state, int size)
    {
        var sketch = new QuantileSketch(size, new SketchRandom(unchecked((ulong)state.Random)))
        {
            Count = state.Count,
            MissingCount = state.MissingCount,
            InfiniteCount = state.InfiniteCount,
            WeightSum = state.WeightSum,
            IsExact = state.IsExact,
        };
        if (state.Count > 0)
        {
            (sketch.Minimum, sketch.Maximum) = (state.Minimum, state.Maximum);
        }
        foreach (FeatureQuantilesState.SketchLevelState level in state.Levels)
        {
            sketch.Restore(level.Exponent, level.Values);
        }
        for (int i = 0; i < state.Values.Length; i++)
        {
            sketch.Restore(state.Values[i], state.Weights[i]);
        }
        return sketch;
    }
}
