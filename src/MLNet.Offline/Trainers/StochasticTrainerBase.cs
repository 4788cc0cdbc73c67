using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Base of the trainers that visit examples in random order.</summary>
public abstract class StochasticTrainerBase<TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected StochasticTrainerBase(IHost host, TrainerInputBaseWithWeight options, DataViewType labelType)
        : base(host, options, labelType)
    {
    }

    public override TrainerInfo Info { get; } = new();
}
