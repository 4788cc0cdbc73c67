using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>Carries one column from cursors to its running and pooled statistics. One batch is in memory as its moments, never as its rows.</summary>
internal sealed class BatchAccumulator
{
    private readonly FittedColumn _fitted;
    private readonly BatchNormOptions _options;
    private readonly FeatureMoments _pooled;
    private readonly RunningMoments _running;
    private readonly BatchTally _batches;
    private readonly FeatureMoments? _channels;
    private readonly double[] _mean;
    private readonly double[] _variance;
    private MomentsCollector? _collector;
    private FeatureQuantiles? _quantiles;
    private bool _isFirstEpoch;

    public BatchAccumulator(RunningColumn column, BatchNormOptions options)
    {
        int featureCount = column.Layout.FeatureCount;
        _fitted = column;
        _options = options;
        _pooled = column.Moments.Clone();
        _running = column.Running.Clone();
        _batches = column.Batches.Clone();
        _channels = _fitted.Layout.HasChannels ? new FeatureMoments(featureCount) : null;
        _mean = new double[MomentTable.PaddedLength(featureCount)];
        _variance = new double[_mean.Length];
    }

    /// <summary>Starts over at the first row of a cursor.</summary>
    public void StartEpoch(DataViewRow cursor, bool isFirst)
    {
        // Like the exact moments, quantiles are those of the rows, however often they are read.
        var empty = _fitted with { Moments = new FeatureMoments(_pooled.FeatureCount), Quantiles = isFirst ? _fitted.Quantiles : null };
        _collector = MomentsCollector.Create(empty, _options.Infinity, cursor);
        _quantiles = isFirst ? _collector.Quantiles?.Quantiles : _quantiles;
        _collector.RowOrder = _options.Shuffle ? " of the shuffled order" : string.Empty;
        _isFirstEpoch = isFirst;
    }

    /// <summary>Takes in the row that the cursor stands on.</summary>
    public void AddRow() => _collector!.AddRow(1);

    /// <summary>Takes in rows of the cursor, at most as many as asked for; returns how many there were.</summary>
    public int AddRows(DataViewRowCursor cursor, int rowCount) => _collector!.AddRows(cursor, rowCount);

    /// <summary>Ends a whole batch.</summary>
    public void EndBatch() => EndBatch(isKept: true);

    /// <summary>Ends the batch of the rows left over.</summary>
    public void EndLastBatch(int rowCount) =>
        EndBatch(_options.LastBatch == LastBatch.Keep && (rowCount > 1 || _fitted.Layout.HasChannels));

    public RunningColumn Finish() => new(_fitted with { Moments = _pooled, Quantiles = _quantiles }, _running, _batches);

    private void EndBatch(bool isKept)
    {
        _collector!.Flush();
        var batch = _collector.Moments;
        var totals = batch.EndBlock();
        if (_channels is not null)
        {
            _fitted.Layout.CollapseTo(batch, _channels);
            batch = _channels;
            totals = batch.EndBlock();
        }
        if (isKept)
        {
            _running.Update(totals, _mean, _variance);
            _batches.Precision.Add(totals, _running);
        }
        else
        {
            _batches.LeaveOut(batch.RowCount);
        }
        if (_isFirstEpoch)
        {
            _pooled.Merge(batch);
            _batches.Add(totals);
        }
        _collector.StartOver();
    }
}
