using Microsoft.ML.Data;

namespace Microsoft.ML.Training;

/// <summary>Moves over the examples that can be learned from: finite features, a label, a positive finite weight. Others are counted and skipped.</summary>
internal sealed class TrainingCursor : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly ValueGetter<float> _getLabel;
    private readonly ValueGetter<float>? _getWeight;
    private readonly ValueGetter<DataViewRowId> _getId;
    private VBuffer<float> _features;
    private float _label;
    private float _weight = 1;

    public TrainingCursor(
        DataViewRowCursor cursor, DataViewSchema.Column label, DataViewSchema.Column features, DataViewSchema.Column? weight)
    {
        _cursor = cursor;
        _getFeatures = cursor.GetGetter<VBuffer<float>>(features);
        _getLabel = LabelGetter.Create(cursor, label);
        _getWeight = weight is { } column ? cursor.GetGetter<float>(column) : null;
        _getId = cursor.GetIdGetter();
    }

    public ref readonly VBuffer<float> Features => ref _features;

    public float Label => _label;

    public float Weight => _weight;

    public DataViewRowId Id
    {
        get
        {
            var id = default(DataViewRowId);
            _getId(ref id);
            return id;
        }
    }

    public long SkippedCount { get; private set; }

    public bool MoveNext()
    {
        while (_cursor.MoveNext())
        {
            if (Read())
            {
                return true;
            }
            SkippedCount++;
        }
        return false;
    }

    public void Dispose() => _cursor.Dispose();

    // The label comes first and the features last, because they cost most.
    private bool Read()
    {
        _getLabel(ref _label);
        if (!float.IsFinite(_label))
        {
            return false;
        }
        _getWeight?.Invoke(ref _weight);
        if (!(_weight > 0 && float.IsFinite(_weight)))
        {
            return false;
        }
        _getFeatures(ref _features);
        return FeatureVector.IsFinite(_features);
    }
}
