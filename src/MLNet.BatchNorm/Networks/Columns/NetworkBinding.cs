using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>A network bound to one input schema: the score columns, made from the feature column.</summary>
internal sealed class NetworkBinding : RowBinding
{
    private readonly NetworkTask _task;
    private readonly FoldedNetwork _network;
    private readonly DataViewSchema.DetachedColumn[] _added;

    public NetworkBinding(
        DataViewSchema inputSchema, DataViewSchema.DetachedColumn[] added, NetworkTask task, FoldedNetwork network, DataViewSchema.Column features)
        : base(inputSchema, added)
    {
        _task = task;
        _network = network;
        Features = features;
        _added = added;
    }

    /// <summary>The column that the network reads.</summary>
    public DataViewSchema.Column Features { get; }

    public override DataViewSchema.Column InputOf(int added) => Features;

    public override Func<int, Delegate> CreateGetters(DataViewRow input)
    {
        var scorer = new NetworkRowScorer(_task, _network, input, Features);
        return added => scorer.GetterOf(_added[added].Name);
    }
}
