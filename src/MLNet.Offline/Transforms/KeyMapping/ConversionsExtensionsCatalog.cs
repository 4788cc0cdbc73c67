using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace Microsoft.ML;

/// <summary>Conversions between values and keys.</summary>
public static class ConversionsExtensionsCatalog
{
    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string? inputColumnName = null)
        => new(catalog.GetEnvironment(), [new(outputColumnName, inputColumnName)]);

    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string? inputColumnName = null,
        int maximumNumberOfKeys = DefaultMaximumNumberOfKeys, KeyOrdinality keyOrdinality = DefaultOrdinality,
        bool addKeyValueAnnotationsAsText = DefaultAddKeyValueAnnotationsAsText, IDataView? keyData = null)
        => addKeyValueAnnotationsAsText || keyData != null
            ? throw new NotSupportedException("MapValueToKey: the offline implementation of Microsoft.ML has neither addKeyValueAnnotationsAsText nor keyData. Use the Microsoft.ML package.")
            : new ValueToKeyMappingEstimator(catalog.GetEnvironment(), [new(outputColumnName, inputColumnName)], maximumNumberOfKeys, keyOrdinality);
}
