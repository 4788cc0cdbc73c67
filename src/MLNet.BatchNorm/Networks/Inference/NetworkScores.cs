using System.Numerics.Tensors;

namespace MLNet.BatchNorm;

/// <summary>The scores of a row, as the Score column holds them: for more than two classes the softmax of the outputs, otherwise the outputs themselves.</summary>
internal static class NetworkScores
{
    public static void Compute(NetworkTask task, FoldedNetwork network, ReadOnlySpan<float> row, Span<float> scores, NetworkScratch scratch)
    {
        network.Score(row, scores, scratch);
        if (task == NetworkTask.MulticlassClassification)
        {
            Softmax(scores);
        }
    }

    // Less the largest, so that no exponential overflows.
    private static void Softmax(Span<float> scores)
    {
        float largest = TensorPrimitives.Max(scores);
        double sum = 0;
        foreach (float score in scores)
        {
            sum += Math.Exp(score - largest);
        }
        foreach (ref float score in scores)
        {
            score = (float)(Math.Exp(score - largest) / sum);
        }
    }
}
