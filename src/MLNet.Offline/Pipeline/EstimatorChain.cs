using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators fitted one behind the other, each on the output of the ones before.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly EstimatorChainStep[] _steps;

    // Null for an empty chain; like the real library, the type does not say so.
    public readonly IEstimator<TLastTransformer> LastEstimator;

    public EstimatorChain()
        : this([])
    {
    }

    internal EstimatorChain(EstimatorChainStep[] steps)
    {
        _steps = steps;
        LastEstimator = (steps.LastOrDefault()?.Estimator as IEstimator<TLastTransformer>)!;
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        // A mismatch anywhere in the chain is reported before the first, perhaps long, fit.
        GetOutputSchema(SchemaShape.Create(input.Schema));
        var transformers = new ITransformer[_steps.Length];
        var current = input;
        for (var i = 0; i < _steps.Length; i++)
        {
            transformers[i] = _steps[i].Estimator.Fit(current);
            current = transformers[i].Transform(current);
            if (_steps[i].IsCached && i < _steps.Length - 1)
            {
                current = new CacheView(current);
            }
        }
        return new TransformerChain<TLastTransformer>(transformers, _steps.Select(step => step.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => _steps.Aggregate(inputSchema, (schema, step) => step.Estimator.GetOutputSchema(schema));

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new EstimatorChain<TNewTrans>([.. _steps, new(estimator, scope, false)]);
    }

    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        ArgumentNullException.ThrowIfNull(env);
        if (_steps.Length == 0)
        {
            throw new InvalidOperationException("Current estimator chain has no estimator, can't append cache checkpoint.");
        }
        return new EstimatorChain<TLastTransformer>([.. _steps[..^1], _steps[^1] with { IsCached = true }]);
    }
}

/// <summary>One estimator of a chain; its output is cached for the ones behind it where that is asked for.</summary>
internal sealed record EstimatorChainStep(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool IsCached);
