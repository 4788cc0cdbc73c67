using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>A network bound to one input schema: the score columns, made from the feature column.</summary>
internal sealed class NetworkBinding : RowBinding
{
    private readonly NetworkTask _task;
    private readonly FoldedNetwork _network;
    private readonly DataViewSchema.Column _features;
    private readonly DataViewSchema.DetachedColumn[] _added;

    public NetworkBinding(
        DataViewSchema inputSchema, DataViewSchema.DetachedColumn[] added, NetworkTask task, FoldedNetwork network, DataViewSchema.Column features)
        : base(inputSchema, added)
    {
        _task = task;
        _network = network;
        _features = features;
        _added = added;
    }

    public override DataViewSchema.Column InputOf(int added) => _features;

    public override Func<int, Delegate> CreateGetters(DataViewRow input)
    {
        var scorer = new NetworkRowScorer(_task, _network, input, _features);
        return added => scorer.GetterOf(_added[added].Name);
    }
}
