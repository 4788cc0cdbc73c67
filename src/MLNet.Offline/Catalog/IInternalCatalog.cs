using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A catalog's environment, for the extension methods on it.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}

/// <summary>Gets the environment of a catalog that hides it.</summary>
internal static class CatalogUtils
{
    public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        return catalog.Environment;
    }
}
