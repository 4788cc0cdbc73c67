using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>Reads a data view into the memory that a network is trained from.</summary>
internal sealed class NetworkDataReader
{
    private const int RowsPerCheck = 1024;
    private const int FirstCapacity = 256;

    // Four megabytes of features. How many rows a view says it has is believed up to here; beyond, memory grows with the rows that come.
    private const int MostValuesAtFirst = 1 << 20;

    private readonly NetworkTask _task;
    private readonly NetworkColumns _columns;
    private readonly long? _claimedRowCount;
    private readonly CancellationToken _cancellationToken;

    private float[] _features;
    private float[] _targets;
    private float[]? _weights;
    private int _rowCount;

    private NetworkDataReader(NetworkTask task, NetworkColumns columns, long? rowCount, CancellationToken cancellationToken)
    {
        _task = task;
        _columns = columns;
        _claimedRowCount = rowCount;
        _cancellationToken = cancellationToken;
        int capacity = (int)Math.Clamp(rowCount ?? FirstCapacity, 1, Math.Max(1, MostValuesAtFirst / columns.FeatureCount));
        _features = new float[capacity * columns.FeatureCount];
        _targets = new float[capacity];
        _weights = columns.Weight is null ? null : new float[capacity];
    }

    /// <summary>Reads all rows. Rows without a label are left out, with a warning, as ML.NET's trainers do; those of weight 0 without one.</summary>
    /// <exception cref="InvalidOperationException">There are no rows, a feature is missing or infinite, or a weight is no weight.</exception>
    public static NetworkData Read(IDataView view, NetworkTask task, NetworkColumns columns, HostEnvironment host, CancellationToken cancellationToken)
    {
        var reader = new NetworkDataReader(task, columns, view.GetRowCount(), cancellationToken);
        long skipped = reader.Read(view);
        if (skipped > 0)
        {
            host.Warn(NetworkLog.Component, $"Left out {skipped} row(s) whose label is missing in column '{columns.Label.Name}'.");
        }
        if (reader._rowCount == 0)
        {
            throw new InvalidOperationException(skipped > 0
                ? $"Label column '{columns.Label.Name}': every label is missing, in all of the {skipped} row(s). Check what the label is made of."
                : $"Column '{columns.Features.Name}': the data have no rows{(columns.Weight is null ? "" : " of positive weight")}, so there is nothing to learn from. Check filters and paths upstream.");
        }
        return reader.ToData();
    }

    private long Read(IDataView view)
    {
        DataViewSchema.Column[] needed = _columns.Weight is { } weight ? [_columns.Features, _columns.Label, weight] : [_columns.Features, _columns.Label];
        using var cursor = view.GetRowCursor(needed);
        var getFeatures = cursor.GetGetter<VBuffer<float>>(_columns.Features);
        var getLabel = NetworkLabels.Reader(cursor, _columns.Label, _task, _columns.ClassOfKey);
        var getWeight = _columns.Weight is { } column ? RowWeights.Reader(cursor, column) : null;
        var features = default(VBuffer<float>);
        long skipped = 0;
        for (long row = 0; cursor.MoveNext(); row++)
        {
            if (row % RowsPerCheck == 0)
            {
                _cancellationToken.ThrowIfCancellationRequested();
            }
            double rowWeight = getWeight?.Invoke(row) ?? 1;
            if (rowWeight == 0)
            {
                continue;
            }
            float label = getLabel(row);
            if (float.IsNaN(label))
            {
                skipped++;
                continue;
            }
            getFeatures(ref features);
            Add(features, label, SingleWeight(rowWeight, row), row);
        }
        return skipped;
    }

    private void Add(in VBuffer<float> features, float label, float weight, long row)
    {
        int count = _columns.FeatureCount;
        if (features.Length != count)
        {
            throw SchemaErrors.WrongLength(_columns.Features.Name, count, features.Length);
        }
        if (_rowCount == _targets.Length)
        {
            Grow();
        }
        Span<float> values = _features.AsSpan(_rowCount * count, count);
        features.CopyTo(values);
        for (int slot = 0; slot < count; slot++)
        {
            if (!float.IsFinite(values[slot]))
            {
                throw Unusable(values[slot], slot, row);
            }
        }
        _targets[_rowCount] = label;
        if (_weights is not null)
        {
            _weights[_rowCount] = weight;
        }
        _rowCount++;
    }

    private void Grow()
    {
        int limit = Array.MaxLength / _columns.FeatureCount;
        if (_rowCount >= limit)
        {
            throw new InvalidOperationException(
                $"The data have more than {limit} rows of {_columns.FeatureCount} features, more than fit in memory at once. Train on a sample, for example with TakeRows.");
        }
        int capacity = (int)Math.Min(2L * _rowCount, limit);
        if (_claimedRowCount > _rowCount && _claimedRowCount < capacity)
        {
            capacity = (int)_claimedRowCount;
        }
        Array.Resize(ref _features, capacity * _columns.FeatureCount);
        Array.Resize(ref _targets, capacity);
        if (_weights is not null)
        {
            Array.Resize(ref _weights, capacity);
        }
    }

    private NetworkData ToData()
    {
        Array.Resize(ref _features, _rowCount * _columns.FeatureCount);
        Array.Resize(ref _targets, _rowCount);
        if (_weights is not null)
        {
            Array.Resize(ref _weights, _rowCount);
        }
        return new NetworkData(_features, _columns.FeatureCount, _targets, _weights);
    }

    private InvalidOperationException Unusable(float value, int slot, long row)
    {
        string what = float.IsNaN(value) ? "a missing value (NaN)" : $"{value:R}";
        return new InvalidOperationException(
            $"Column '{_columns.Features.Name}', {FeatureScale.SlotText(_columns.Features, slot)}, holds {what} in row {row} (zero-based): a network learns from finite numbers only. " +
            "Fill it in first, for example with ReplaceMissingValues, or leave the row out, with FilterRowsByMissingValues.");
    }

    private float SingleWeight(double weight, long row) => float.IsFinite((float)weight) ? (float)weight : throw new InvalidOperationException(
        $"Weight column '{_columns.Weight?.Name}' holds {weight:R} in row {row} (zero-based): expected a number that a float can hold. Divide all weights by the same number.");
}
