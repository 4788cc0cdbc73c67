using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Scaling of columns.</summary>
public static class NormalizationCatalog
{
    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount, bool fixZero = NormalizingEstimator.DefaultFixZero)
        => catalog.NormalizeMinMax([new(outputColumnName, inputColumnName)], maximumExampleCount, fixZero);

    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount, bool fixZero = NormalizingEstimator.DefaultFixZero)
        => Normalize(catalog, NormalizingEstimator.Mode.MinMax, columns, maximumExampleCount, fixZero);

    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount, bool fixZero = NormalizingEstimator.DefaultFixZero,
        bool useCdf = NormalizingEstimator.DefaultUseCdf)
        => catalog.NormalizeMeanVariance([new(outputColumnName, inputColumnName)], maximumExampleCount, fixZero, useCdf);

    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount, bool fixZero = NormalizingEstimator.DefaultFixZero,
        bool useCdf = NormalizingEstimator.DefaultUseCdf)
        => useCdf
            ? throw new NotSupportedException("NormalizeMeanVariance with useCdf: the offline implementation of Microsoft.ML does not have it. Use the Microsoft.ML package.")
            : Normalize(catalog, NormalizingEstimator.Mode.MeanVariance, columns, maximumExampleCount, fixZero);

    private static NormalizingEstimator Normalize(TransformsCatalog catalog, NormalizingEstimator.Mode mode, InputOutputColumnPair[] columns,
        long maximumExampleCount, bool fixZero)
        => new(catalog.GetEnvironment(), Array.ConvertAll(columns, pair =>
            new NormalizingEstimator.ColumnOptions(mode, pair.OutputColumnName, pair.InputColumnName, maximumExampleCount, fixZero)));
}
