using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>
/// Scores the row that a cursor stands on, once, however many of its columns are read. Owns its buffers, and so belongs to one row or cursor.
/// </summary>
internal sealed class NetworkRowScorer
{
    private readonly NetworkTask _task;
    private readonly FoldedNetwork _network;
    private readonly DataViewRow _row;
    private readonly string _featureColumnName;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly NetworkScratch _scratch;
    private readonly float[] _dense;
    private readonly float[] _scores;

    private VBuffer<float> _features;
    private long _position = long.MinValue;

    public NetworkRowScorer(NetworkTask task, FoldedNetwork network, DataViewRow row, DataViewSchema.Column features)
    {
        _task = task;
        _network = network;
        _row = row;
        _featureColumnName = features.Name;
        _getFeatures = row.GetGetter<VBuffer<float>>(features);
        _scratch = network.CreateScratch();
        _dense = new float[network.FeatureCount];
        _scores = new float[network.OutputCount];
    }

    /// <summary>The getter of one of <see cref="NetworkScoreColumns"/>.</summary>
    public Delegate GetterOf(string columnName) => (_task, columnName) switch
    {
        (NetworkTask.MulticlassClassification, NetworkScoreColumns.Score) => (ValueGetter<VBuffer<float>>)GetScores,
        (NetworkTask.MulticlassClassification, _) => (ValueGetter<uint>)GetClass,
        (_, NetworkScoreColumns.Score) => (ValueGetter<float>)GetScore,
        (_, NetworkScoreColumns.Probability) => (ValueGetter<float>)GetProbability,
        _ => (ValueGetter<bool>)GetSign,
    };

    private void GetScore(ref float value)
    {
        ScoreRow();
        value = _scores[0];
    }

    private void GetProbability(ref float value)
    {
        ScoreRow();
        value = (float)(1 / (1 + Math.Exp(-_scores[0])));
    }

    private void GetSign(ref bool value)
    {
        ScoreRow();
        value = _scores[0] > 0;
    }

    private void GetScores(ref VBuffer<float> value)
    {
        ScoreRow();
        var editor = VBufferEditor.Create(ref value, _scores.Length);
        _scores.CopyTo(editor.Values);
        value = editor.Commit();
    }

    private void GetClass(ref uint value)
    {
        ScoreRow();
        // The first of equals; none, hence the missing key, where no score is a number.
        int best = -1;
        for (int i = 0; i < _scores.Length; i++)
        {
            if (!float.IsNaN(_scores[i]) && (best < 0 || _scores[i] > _scores[best]))
            {
                best = i;
            }
        }
        value = (uint)(best + 1);
    }

    private void ScoreRow()
    {
        if (_position == _row.Position)
        {
            return;
        }
        _getFeatures(ref _features);
        if (_features.Length != _dense.Length)
        {
            throw SchemaErrors.WrongLength(_featureColumnName, _dense.Length, _features.Length);
        }
        if (_features.IsDense)
        {
            NetworkScores.Compute(_task, _network, _features.GetValues(), _scores, _scratch);
        }
        else
        {
            _features.CopyTo(_dense);
            NetworkScores.Compute(_task, _network, _dense, _scores, _scratch);
        }
        _position = _row.Position;
    }
}
