namespace MLNet.BatchNorm;

public sealed partial class FeatureQuantiles
{
    /// <summary>A copy of the whole state, for <see cref="FromState"/>.</summary>
    internal FeatureQuantilesState ExportState()
    {
        var rows = new double[_blockRows * FeatureCount];
        for (int row = 0; row < _blockRows; row++)
        {
            _block.AsSpan(row * _lineLength, FeatureCount).CopyTo(rows.AsSpan(row * FeatureCount));
        }
        return new FeatureQuantilesState
        {
            Version = FeatureQuantilesState.CurrentVersion,
            Size = Size,
            Rows = rows,
            RowWeights = _isWeighted ? _weights[.._blockRows] : [],
            SparseRowCount = _sparseRowCount,
            SparseWeight = _sparseWeight,
            Features = Array.ConvertAll(_sketches, sketch => new FeatureQuantilesState.SketchState
            {
                Count = sketch.Count,
                MissingCount = sketch.MissingCount,
                InfiniteCount = sketch.InfiniteCount,
                GivenCount = sketch.GivenCount,
                GivenWeight = sketch.GivenWeight,
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
            }),
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
        quantiles._sparseRowCount = state.SparseRowCount;
        quantiles._sparseWeight = state.SparseWeight;
        return quantiles;
    }

    private static QuantileSketch Restore(FeatureQuantilesState.SketchState state, int size)
    {
        var sketch = new QuantileSketch(size, new SketchRandom(unchecked((ulong)state.Random)))
        {
            Count = state.Count,
            MissingCount = state.MissingCount,
            InfiniteCount = state.InfiniteCount,
            GivenCount = state.GivenCount,
            GivenWeight = state.GivenWeight,
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
