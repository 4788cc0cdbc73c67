using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Objectives;

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>Joins a data set's labels to the loss that is minimized over them.</summary>
public static class Losses
{
    /// <summary>Log-loss, softmax log-loss or squared error, as the task asks.</summary>
    public static LinearObjective Usual(TabularData data, DesignMatrix features, Regularization regularization) => data.Task switch
    {
        LearningTask.Binary => new LogisticObjective(features, [.. data.Labels.Select(label => label > 0)], regularization),
        LearningTask.Multiclass => new SoftmaxObjective(features, Classes(data), data.ClassCount, regularization),
        _ => new SquaredErrorObjective(features, data.Labels, regularization),
    };

    /// <summary>The sum of the pairwise log-losses, which SdcaMaximumEntropy minimizes.</summary>
    public static LinearObjective Pairwise(TabularData data, DesignMatrix features, Regularization regularization) =>
        new PairwiseLogisticObjective(features, Classes(data), data.ClassCount, regularization);

    private static int[] Classes(TabularData data) => Array.ConvertAll(data.Labels, label => (int)label);
}
