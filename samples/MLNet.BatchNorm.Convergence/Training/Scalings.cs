using Microsoft.ML;

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>The scalings under study, in the order of the report.</summary>
public static class Scalings
{
    /// <summary>The features as they are.</summary>
    public const string Raw = "raw";

    /// <summary>Each feature to 0..1.</summary>
    public const string MinMax = "min-max";

    /// <summary>Each feature to mean 0 and variance 1.</summary>
    public const string Standardized = "standardized";

    /// <summary>Each feature by the running mean and variance of mini-batches.</summary>
    public const string BatchNormalized = "batch-normalized";

    /// <summary>Standardized, then rotated so that the features are uncorrelated.</summary>
    public const string Whitened = "whitened";

    // Small batches in an order of their own, so that the running statistics differ from the exact ones as they do in training.
    private static BatchNormOptions BatchOptions { get; } = new() { BatchSize = 32, Shuffle = true, Seed = 1, Epochs = 5 };

    /// <summary>Every scaling.</summary>
    public static IReadOnlyList<Scaling> All { get; } =
    [
        new(Raw, (context, output, input) => context.Transforms.CopyColumns(output, input)),
        new(MinMax, (context, output, input) => context.Transforms.ScaleMinMax(output, input)),
        new(Standardized, (context, output, input) => context.Transforms.Standardize(output, input)),
        new(BatchNormalized, (context, output, input) => context.Transforms.BatchNormalize(output, input, BatchOptions)),
        new(Whitened, Whitening.Create, LoadsEverywhere: false),
    ];
}
