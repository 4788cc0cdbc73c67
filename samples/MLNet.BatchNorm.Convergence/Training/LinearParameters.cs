using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>Takes the weights out of a trained ML.NET model, in the layout of <see cref="Objectives.LinearObjective"/>.</summary>
public static class LinearParameters
{
    /// <summary>Output by output: the weights, then the intercept.</summary>
    /// <exception cref="NotSupportedException">The model is not a linear one that this study knows.</exception>
    public static double[] Of(ITransformer trained) => trained switch
    {
        ISingleFeaturePredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>> binary =>
            One(binary.Model.SubModel.Weights, binary.Model.SubModel.Bias),
        LeastSquaresTransformer exact => [.. exact.Parameters],
        ISingleFeaturePredictionTransformer<LinearModelParameters> linear => One(linear.Model.Weights, linear.Model.Bias),
        ISingleFeaturePredictionTransformer<MaximumEntropyModelParameters> multiclass => Many(multiclass.Model),
        _ => throw new NotSupportedException($"No linear weights in a {trained.GetType()}."),
    };

    private static double[] One(IReadOnlyList<float> weights, float intercept) => [.. weights.Select(weight => (double)weight), intercept];

    private static double[] Many(MaximumEntropyModelParameters model)
    {
        VBuffer<float>[] weights = [];
        model.GetWeights(ref weights, out var classCount);
        var intercepts = model.GetBiases().ToArray();
        return [.. Enumerable.Range(0, classCount).SelectMany(output => One([.. weights[output].DenseValues()], intercepts[output]))];
    }
}
