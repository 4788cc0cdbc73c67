using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

// Training and testing on folds.
public abstract partial class TrainCatalogBase
{
    /// <summary>Fits on all folds but one, for each in turn, and evaluates on the one left out.</summary>
    private protected IReadOnlyList<CrossValidationResult<T>> CrossValidate<T>(
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds, string? samplingKeyColumnName, int? seed, Func<IDataView, T> evaluate)
        where T : class
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckValue(estimator, nameof(estimator));
        // Every fold is trained before any is evaluated.
        var splits = new DataOperationsCatalog(Environment).CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed);
        var models = splits.Select(split => estimator.Fit(split.TrainSet)).ToArray();
        return [.. models.Zip(splits).Select((pair, fold) => Evaluate(pair.First, pair.Second.TestSet, fold))];

        CrossValidationResult<T> Evaluate(ITransformer model, IDataView testSet, int fold)
        {
            // What a chain holds for training only is applied as well: it may make the label.
            var scores = model is ITransformerChain chain ? chain.Transform(testSet, TransformerScope.Everything) : model.Transform(testSet);
            return new CrossValidationResult<T>(model, evaluate(scores), scores, fold);
        }
    }

    /// <summary>What came of one fold.</summary>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        public readonly T Metrics;

        public readonly ITransformer Model;

        public readonly IDataView ScoredHoldOutSet;

        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scores;
            Fold = fold;
        }
    }
}
