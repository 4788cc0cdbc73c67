using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>The components that a model zip may hold, by the loader signature in their headers. What is not in this table cannot be loaded.</summary>
internal static class ComponentLoaders
{
    private static readonly Dictionary<string, Func<ModelLoadContext, object>> Loaders = new(StringComparer.Ordinal)
    {
        [TransformerChain.LoaderSignature] = TransformerChain.Load,
        [ColumnConcatenatingTransformer.LoaderSignature] = ColumnConcatenatingTransformer.Load,
        [ColumnCopyingTransformer.LoaderSignature] = ColumnCopyingTransformer.Load,
        [NormalizingTransformer.LoaderSignature] = NormalizingTransformer.Load,
        [ValueToKeyMappingTransformer.LoaderSignature] = ValueToKeyMappingTransformer.Load,
        [KeyToValueMappingTransformer.LoaderSignature] = KeyToValueMappingTransformer.Load,
        [ExpressionTransformer.LoaderSignature] = ExpressionTransformer.Load,
        [PrincipalComponentAnalysisTransformer.LoaderSignature] = PrincipalComponentAnalysisTransformer.Load,
        [LpNormNormalizingTransformer.LoaderSignature] = LpNormNormalizingTransformer.Load,
        [ColumnSelectingTransformer.LoaderSignature] = ColumnSelectingTransformer.Load,
        [BinaryPredictionTransformer.LoaderSignature] = BinaryPredictionTransformer.Load,
        [MulticlassPredictionTransformer.LoaderSignature] = MulticlassPredictionTransformer.Load,
        [RegressionPredictionTransformer.LoaderSignature] = RegressionPredictionTransformer.Load,
        [CalibratedLinearModel.LoaderSignature] = CalibratedLinearModel.Load,
        [PlattCalibrator.LoaderSignature] = PlattCalibrator.Load,
        [LinearBinaryModelParameters.LoaderSignature] = LinearBinaryModelParameters.Load,
        [LinearRegressionModelParameters.LoaderSignature] = LinearRegressionModelParameters.Load,
        [OlsModelParameters.LoaderSignature] = OlsModelParameters.Load,
        [MaximumEntropyModelParameters.LoaderSignature] = MaximumEntropyModelParameters.Load,
    };

    public static object Load(ModelLoadContext context)
        => Loaders.TryGetValue(context.LoaderSignature, out var load) ? load(context) : throw context.UnknownComponent();
}
