using Microsoft.ML;

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>One way to scale the features before training.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Create">Makes the estimator, from the context, the output column and the input column.</param>
/// <param name="LoadsEverywhere">Whether a program with Microsoft.ML alone can load the zip.</param>
public sealed record Scaling(
    string Name,
    Func<MLContext, string, string, IEstimator<ITransformer>> Create,
    bool LoadsEverywhere = true);
