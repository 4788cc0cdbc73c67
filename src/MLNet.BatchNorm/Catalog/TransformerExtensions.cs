namespace Microsoft.ML;

/// <summary>Finds the stages of a model.</summary>
public static class TransformerExtensions
{
    /// <summary>
    /// The stages of one type, in the order in which they work, through chains within chains; of a model that is no chain, the model itself
    /// where it is of that type. The same for a model that was just fitted and for one that was loaded.
    /// </summary>
    /// <example>
    /// <code>
    /// var mlContext = new MLContext();
    /// var data = mlContext.Data.LoadFromEnumerable(new[] { new { Age = 25f, Salary = 35000f }, new { Age = 30f, Salary = 50000f } });
    /// var model = mlContext.Transforms.Concatenate("Features", "Age", "Salary").Append(mlContext.Transforms.Standardize("Features")).Fit(data);
    /// StandardizationTransformer scaling = model.Stages&lt;StandardizationTransformer&gt;().Single();
    /// </code>
    /// </example>
    /// <typeparam name="T">
    /// The type that is looked for: a class or an interface. With <see cref="ITransformer"/>, all stages. Chains themselves are never among them.
    /// </typeparam>
    /// <param name="model">Any transformer.</param>
    /// <returns>The stages; none where the model has none of that type.</returns>
    public static IEnumerable<T> Stages<T>(this ITransformer model)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(model);
        return Find(model);

        // With a stack of its own: chains may nest deeper than calls can.
        static IEnumerable<T> Find(ITransformer model)
        {
            var waiting = new Stack<ITransformer>([model]);
            while (waiting.TryPop(out ITransformer? stage))
            {
                if (stage is IEnumerable<ITransformer> chain)
                {
                    foreach (ITransformer next in chain.Reverse())
                    {
                        waiting.Push(next);
                    }
                }
                else if (stage is T found)
                {
                    yield return found;
                }
            }
        }
    }
}
