using System.Buffers;
using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>Adds the rows of a pass to the quantiles of a column's features, beside its moments.</summary>
internal sealed class QuantilesCollector(FeatureQuantiles quantiles, FeatureLayout layout)
{
    public FeatureQuantiles Quantiles => quantiles;

    /// <summary>A collector that goes on from the column's quantiles; none where it keeps none.</summary>
    public static QuantilesCollector? Create(FittedColumn column) =>
        column.Quantiles is { } quantiles ? new QuantilesCollector(quantiles.Clone(), column.Layout) : null;

    public void AddRows<T>(ReadOnlySpan<T[]> rows, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!layout.HasChannels)
        {
            quantiles.AddRows(rows, weights);
            return;
        }
        for (int row = 0; row < rows.Length; row++)
        {
            AddChannels<T>(rows[row], weights.IsEmpty ? 1 : weights[row]);
        }
    }

    public void AddRows<T>(ReadOnlySpan<T> rows, int rowCount, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!layout.HasChannels)
        {
            quantiles.AddRows(rows, rowCount, weights);
            return;
        }
        for (int row = 0; row < rowCount; row++)
        {
            AddChannels(rows.Slice(row * layout.SlotCount, layout.SlotCount), weights.IsEmpty ? 1 : weights[row]);
        }
    }

    public void AddSparse<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> indices, double weight)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!layout.HasChannels)
        {
            quantiles.AddSparse(values, indices, weight);
            return;
        }
        // What is given of a channel differs from place to place.
        T[] rented = ArrayPool<T>.Shared.Rent(layout.SlotCount);
        Span<T> row = rented.AsSpan(0, layout.SlotCount);
        row.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            row[indices[i]] = values[i];
        }
        AddChannels<T>(row, weight);
        ArrayPool<T>.Shared.Return(rented);
    }

    // Each place in an image is a row of channels.
    private void AddChannels<T>(ReadOnlySpan<T> row, double weight)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] rented = ArrayPool<T>.Shared.Rent(layout.FeatureCount);
        Span<T> channels = rented.AsSpan(0, layout.FeatureCount);
        for (int place = 0; place < layout.SlotCount / layout.FeatureCount; place++)
        {
            layout.Gather(row, place, channels);
            quantiles.Add<T>(channels, weight);
        }
        ArrayPool<T>.Shared.Return(rented);
    }
}
