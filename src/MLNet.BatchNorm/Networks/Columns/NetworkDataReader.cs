using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>Reads a data view into the memory that a network is trained from.</summary>
internal sealed class NetworkDataReader
{
    private const int RowsPerCheck = 1024;
    private const int FirstCapacity = 256;

    private readonly NetworkTask _task;
    private readonly NetworkColumns _columns;
    private readonly CancellationToken _cancellationToken;
    private readonly FeatureStore _features;

    private float[] _targets = new float[FirstCapacity];
    private float[]? _weights;
    private int _rowCount;

    private NetworkDataReader(NetworkTask task, NetworkColumns columns, long? rowCount, CancellationToken cancellationToken)
    {
        _task = task;
        _columns = columns;
        _cancellationToken = cancellationToken;
        _features = new FeatureStore(columns.FeatureCount, rowCount);
        _weights = columns.Weight is null ? null : new float[FirstCapacity];
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
        ReadOnlySpan<float> values = features.GetValues();
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw Unusable(values[i], features.IsDense ? i : features.GetIndices()[i], row);
            }
        }
        _features.Add(features);
        if (_rowCount == _targets.Length)
        {
            Resize((int)Math.Min(2L * _rowCount, Array.MaxLength));
        }
        _targets[_rowCount] = label;
        if (_weights is not null)
        {
            _weights[_rowCount] = weight;
        }
        _rowCount++;
    }

    private void Resize(int rowCount)
    {
        Array.Resize(ref _targets, rowCount);
        if (_weights is not null)
        {
            Array.Resize(ref _weights, rowCount);
        }
    }

    private NetworkData ToData()
    {
        Resize(_rowCount);
        return _features.ToData(_targets, _weights);
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
