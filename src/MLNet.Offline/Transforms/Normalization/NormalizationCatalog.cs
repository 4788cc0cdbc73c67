using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Scaling of columns.</summary>
public static class NormalizationCatalog
{
    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount, bool fixZero = NormalizingEstimator.DefaultFixZero)
        => Normalize(catalog, NormalizingEstimator.Mode.MinMax, [(outputColumnName, inputColumnName)], maximumExampleCount, fixZero);

    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount, bool fixZero = NormalizingEstimator.DefaultFixZero)
        => Normalize(catalog, NormalizingEstimator.Mode.MinMax, Array.ConvertAll(columns, Names), maximumExampleCount, fixZero);

    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount, bool fixZero = NormalizingEstimator.DefaultFixZero,
        bool useCdf = NormalizingEstimator.DefaultUseCdf)
        => NormalizeMeanVariance(catalog, [(outputColumnName, inputColumnName)], maximumExampleCount, fixZero, useCdf);

    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount, bool fixZero = NormalizingEstimator.DefaultFixZero,
        bool useCdf = NormalizingEstimator.DefaultUseCdf)
        => NormalizeMeanVariance(catalog, Array.ConvertAll(columns, Names), maximumExampleCount, fixZero, useCdf);

    private static NormalizingEstimator NormalizeMeanVariance(TransformsCatalog catalog, (string Output, string? Input)[] columns,
        long maximumExampleCount, bool fixZero, bool useCdf)
        => useCdf
            ? throw new NotSupportedException("NormalizeMeanVariance with useCdf: the offline implementation of Microsoft.ML does not have it. Use the Microsoft.ML package.")
            : Normalize(catalog, NormalizingEstimator.Mode.MeanVariance, columns, maximumExampleCount, fixZero);

    private static NormalizingEstimator Normalize(TransformsCatalog catalog, NormalizingEstimator.Mode mode, (string Output, string? Input)[] columns,
        long maximumExampleCount, bool fixZero)
        => new(catalog.GetEnvironment(), Array.ConvertAll(columns, column =>
            new NormalizingEstimator.ColumnOptions(mode, column.Output, column.Input, maximumExampleCount, fixZero)));

    private static (string Output, string? Input) Names(InputOutputColumnPair pair) => (pair.OutputColumnName, pair.InputColumnName);
}
