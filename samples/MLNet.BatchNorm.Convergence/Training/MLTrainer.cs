using Microsoft.ML;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Objectives;

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>One of ML.NET's linear trainers, set up so that its objective and its budget are known.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="PenalizesIntercept">Whether the trainer's L2 covers the intercept.</param>
/// <param name="IsExact">Solves in one step: the budget means nothing to it.</param>
/// <param name="StopsForGood">Whether a model that a larger budget leaves unchanged will not change any more.</param>
/// <param name="Loss">The objective that it minimizes.</param>
/// <param name="Create">Makes the estimator, from the seeded context, the feature column and the settings.</param>
/// <param name="LoadsEverywhere">Whether a program with Microsoft.ML alone can load the zip.</param>
public sealed record MLTrainer(
    string Name,
    bool PenalizesIntercept,
    bool IsExact,
    bool StopsForGood,
    Func<TabularData, DesignMatrix, Regularization, LinearObjective> Loss,
    Func<MLContext, string, TrainerSettings, IEstimator<ITransformer>> Create,
    bool LoadsEverywhere = true)
{
    /// <summary>The objective on some data at strength lambda.</summary>
    public LinearObjective Objective(TabularData data, DesignMatrix features, double strength) =>
        Loss(data, features, new Regularization(strength, PenalizesIntercept));

    /// <summary>Trains with a fresh seeded context, so that no run depends on those before it.</summary>
    public ITransformer Fit(IDataView data, string featureColumn, TrainerSettings settings) =>
        Create(new MLContext(settings.Seed), featureColumn, settings).Fit(data);
}

/// <summary>What every training is told explicitly.</summary>
/// <param name="Strength">lambda in mean loss + lambda / 2 |w|^2.</param>
/// <param name="RowCount">n, which converts lambda to the trainer's own unit.</param>
/// <param name="Iterations">The budget: iterations of L-BFGS, passes over the data of SDCA.</param>
/// <param name="Seed">Of the shuffling.</param>
public sealed record TrainerSettings(double Strength, int RowCount, int Iterations, int Seed);
