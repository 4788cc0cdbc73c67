using Microsoft.ML;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// What stands for a transformer that no stock component can express: a custom mapping whose contract exists nowhere. Loading it with
/// <c>mlContext.Model.Load</c> fails, and the error quotes the contract's name, which says what to do instead.
/// </summary>
internal static class StockPlaceholder
{
    /// <summary>A transformer that can be saved, and not loaded.</summary>
    /// <param name="contract">What the error will quote.</param>
    public static ITransformer Create(string contract)
    {
        var mlContext = new MLContext();
        IDataView nothing = mlContext.Data.LoadFromEnumerable<Nothing>([]);
        return mlContext.Transforms.CustomMapping<Nothing, Nothing>(static (_, _) => { }, contract).Fit(nothing);
    }

    private sealed class Nothing
    {
        public float Value { get; set; }
    }
}
