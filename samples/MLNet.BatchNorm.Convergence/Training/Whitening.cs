using Microsoft.ML;
#if MLNET_PACKAGE
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
#endif

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>Whitening by Microsoft.ML.Mkl.Components, on the builds and machines that have it.</summary>
internal static class Whitening
{
    /// <summary>The scaling, marked as not available where it is not.</summary>
    public static Scaling Create() => new(Scalings.Whitened, Estimator, ReasonNotAvailable(), LoadsEverywhere: false);

#if MLNET_PACKAGE
    // VectorWhiten does not center, and its epsilon is absolute: it is given standardized features.
    private static EstimatorChain<VectorWhiteningTransformer> Estimator(MLContext context, string output, string input) =>
        context.Transforms.Standardize(output, input).Append(context.Transforms.VectorWhiten(output));

    private static string? ReasonNotAvailable()
    {
        try
        {
            var context = new MLContext(1);
            var rows = new[] { new Probe { X = [1, 0] }, new Probe { X = [0, 1] }, new Probe { X = [2, 2] } };
            Estimator(context, "X", "X").Fit(context.Data.LoadFromEnumerable(rows));
            return null;
        }
        catch (Exception exception) when (NativeCause(exception) is not null)
        {
            return $"the native library of Microsoft.ML.Mkl.Components does not load here ({NativeCause(exception)!.Message.ReplaceLineEndings(" ")})";
        }
    }

    private static Exception? NativeCause(Exception? exception) => exception switch
    {
        null => null,
        DllNotFoundException or EntryPointNotFoundException or BadImageFormatException => exception,
        _ => NativeCause(exception.InnerException),
    };

    private sealed class Probe
    {
        [VectorType(2)]
        public float[] X { get; set; } = [];
    }
#else
    private static IEstimator<ITransformer> Estimator(MLContext context, string output, string input) =>
        throw new NotSupportedException("Whitening needs Microsoft.ML.Mkl.Components.");

    private static string ReasonNotAvailable() =>
        "this build uses MLNet.Offline, which has no VectorWhiten; build where NuGet offers Microsoft.ML.Mkl.Components";
#endif
}
