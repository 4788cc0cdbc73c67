using System.Runtime.InteropServices;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLNet.BatchNorm;

public abstract partial class AffineTransformer
{
    /// <summary>
    /// Expresses a linear model that was trained behind this transformer in the units of the data before it. With the map
    /// y = (x - center) scale + shift of each feature: w' = w scale, b' = b + sum w (shift - center scale). Scores stay the same up to
    /// the rounding of ML.NET's single precision.
    /// </summary>
    /// <param name="model">
    /// The model: of a regression (SDCA, L-BFGS, OLS, online gradient descent) or of a binary classification. Of a Poisson regression,
    /// whose score is an exponential, the logarithm of the score is what folds.
    /// </param>
    /// <param name="outputColumnNames">
    /// The output columns that the model's features are made of, in their order. Default: all of this transformer's columns, in the order
    /// in which they were given, as after <c>Concatenate</c>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A name is not one of the output columns, or the columns have not as many slots as the model has weights.
    /// </exception>
    /// <exception cref="InvalidOperationException">The columns are clipped, which no linear model can express.</exception>
    public FoldedLinearModel FoldInto(LinearModelParameters model, params string[] outputColumnNames)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Fold([.. model.Weights], model.Bias, FoldedMaps(outputColumnNames));
    }

    /// <inheritdoc cref="FoldInto(LinearModelParameters, string[])"/>
    /// <param name="model">The model of a binary classification, whose scores a calibrator turns into probabilities; those stay the same as well.</param>
    /// <param name="outputColumnNames">
    /// The output columns that the model's features are made of, in their order. Default: all of this transformer's columns.
    /// </param>
    public FoldedLinearModel FoldInto<TSubModel, TCalibrator>(
        CalibratedModelParametersBase<TSubModel, TCalibrator> model, params string[] outputColumnNames)
        where TSubModel : class
        where TCalibrator : class, ICalibrator
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.SubModel is LinearModelParameters linear
            ? FoldInto(linear, outputColumnNames)
            : throw new ArgumentException($"Expected a calibrated linear model; found one around a {model.SubModel.GetType().Name}. Only linear models fold.", nameof(model));
    }

    /// <inheritdoc cref="FoldInto(LinearModelParameters, string[])"/>
    /// <param name="model">The model of a multiclass classification: maximum entropy, or linear scores.</param>
    /// <param name="outputColumnNames">
    /// The output columns that the model's features are made of, in their order. Default: all of this transformer's columns.
    /// </param>
    /// <returns>One model per class, in the model's order. Its score is that before the softmax.</returns>
    public IReadOnlyList<FoldedLinearModel> FoldInto(LinearMulticlassModelParametersBase model, params string[] outputColumnNames)
    {
        ArgumentNullException.ThrowIfNull(model);
        VBuffer<float>[] weights = [];
        model.GetWeights(ref weights, out int classCount);
        var maps = FoldedMaps(outputColumnNames);
        return [.. weights.Take(classCount).Zip(model.GetBiases(), (row, bias) => Fold([.. row.DenseValues()], bias, maps))];
    }

    private static FoldedLinearModel Fold(float[] weights, float bias, AffineColumn[] columns)
    {
        int slotCount = columns.Sum(column => column.Map.FeatureCount);
        if (weights.Length != slotCount)
        {
            throw new ArgumentException(
                $"The model has {weights.Length} weight(s), and the column(s) {string.Join(", ", columns.Select(column => $"'{column.OutputColumnName}'"))} have {slotCount} slot(s): " +
                "name the output columns that the model's features are made of, all of them, in their order.",
                nameof(weights));
        }
        var folded = new double[weights.Length];
        double foldedBias = bias;
        int i = 0;
        foreach (var map in columns.Select(column => column.Map))
        {
            for (int slot = 0; slot < map.FeatureCount; slot++, i++)
            {
                folded[i] = weights[i] * map.Scale[slot];
                foldedBias += (weights[i] * map.Shift[slot]) - (folded[i] * map.Center[slot]);
            }
        }
        return new FoldedLinearModel(ImmutableCollectionsMarshal.AsImmutableArray(folded), foldedBias);
    }

    private AffineColumn[] FoldedMaps(string[] outputColumnNames)
    {
        ArgumentNullException.ThrowIfNull(outputColumnNames);
        AffineColumn[] columns = outputColumnNames.Length == 0 ? [.. _columns] : Array.ConvertAll(outputColumnNames, Find);
        return Array.Find(columns, column => column.Map.Clips) is { } clipped
            ? throw new InvalidOperationException(
                $"Column '{clipped.OutputColumnName}' is clipped to {clipped.Map.ClipMinimum:R} to {clipped.Map.ClipMaximum:R}, which no linear model can express. Scale without clipping.")
            : columns;
    }

    private AffineColumn Find(string outputColumnName) =>
        _columns.FirstOrDefault(column => column.OutputColumnName == outputColumnName) ?? throw new ArgumentException(
            $"'{outputColumnName}' is not an output column of this transformer: those are {string.Join(", ", _columns.Select(column => $"'{column.OutputColumnName}'"))}.",
            nameof(outputColumnName));
}
