namespace Microsoft.ML.Data;

/// <summary>The columns that a predictor computes from one column of features. A derived class scores a row once, however many of them are read.</summary>
internal abstract class ScoreMapping : RowMapping
{
    private readonly DataViewSchema.Column _features;

    protected ScoreMapping(DataViewSchema inputSchema, DataViewSchema.Column features, params DataViewSchema.DetachedColumn[] columns)
        : base(inputSchema, columns) => _features = features;

    public sealed override IEnumerable<DataViewSchema.Column> GetDependencies(int addedColumn) => [_features];

    public sealed override Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isActive)
    {
        var getters = new Delegate?[AddedCount];
        if (!Enumerable.Range(0, AddedCount).Any(isActive))
        {
            return getters;
        }
        var getFeatures = input.GetGetter<VBuffer<float>>(_features);
        var features = default(VBuffer<float>);
        var position = -1L;
        var all = CreateGetters(score =>
        {
            if (position == input.Position)
            {
                return;
            }
            getFeatures(ref features);
            score(features);
            position = input.Position;
        });
        for (var i = 0; i < getters.Length; i++)
        {
            getters[i] = isActive(i) ? all[i] : null;
        }
        return getters;
    }

    /// <summary>Scores a row's features.</summary>
    protected delegate void Scorer(in VBuffer<float> features);

    /// <summary>The getters of all columns over one cursor. Each calls <paramref name="scoreRow"/> first, which scores the row unless that is done.</summary>
    protected abstract Delegate[] CreateGetters(Action<Scorer> scoreRow);
}
