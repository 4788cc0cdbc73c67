using System.Numerics.Tensors;
using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Convergence.Study.Networks.Inside;

/// <summary>The loss that the trainer minimizes, and the score.</summary>
internal static class ProbeLoss
{
    /// <summary>The mean loss over the rows; its derivatives by the outputs are written to <paramref name="gradient"/>.</summary>
    public static double Of(ProbeRows rows, double[] outputs, int width, double targetMean, double targetScale, double[]? gradient)
    {
        var sum = 0d;
        var unused = new double[width];
        for (var row = 0; row < rows.Count; row++)
        {
            var scores = outputs.AsSpan(row * width, width);
            var slopes = gradient is null ? unused : gradient.AsSpan(row * width, width);
            sum += rows.Task switch
            {
                LearningTask.Multiclass => Softmax(scores, (int)rows.Labels[row], slopes),
                LearningTask.Binary => Logistic(scores[0], rows.Labels[row] > 0, slopes),
                _ => Squared(scores[0] - ((rows.Labels[row] - targetMean) / targetScale), slopes),
            };
        }

        for (var i = 0; i < (gradient?.Length ?? 0); i++)
        {
            gradient![i] /= rows.Count;
        }

        return sum / rows.Count;
    }

    /// <summary>The share of the rows whose class is right, or R squared.</summary>
    public static double Score(ProbeRows rows, double[] outputs, int width, double targetMean, double targetScale)
    {
        if (rows.Task == LearningTask.Regression)
        {
            var mean = rows.Labels.Average();
            var error = rows.Labels.Select((label, row) => label - ((outputs[row] * targetScale) + targetMean)).Sum(difference => difference * difference);
            return 1 - (error / rows.Labels.Sum(label => (label - mean) * (label - mean)));
        }

        var right = Enumerable.Range(0, rows.Count).Count(row =>
        {
            var scores = outputs.AsSpan(row * width, width);
            return (rows.Task == LearningTask.Binary ? scores[0] > 0 ? 1 : 0 : TensorPrimitives.IndexOfMax(scores)) == (int)rows.Labels[row];
        });
        return right / (double)rows.Count;
    }

    private static double Softmax(ReadOnlySpan<double> scores, int label, Span<double> slopes)
    {
        var largest = TensorPrimitives.Max(scores);
        var sum = 0d;
        for (var i = 0; i < scores.Length; i++)
        {
            slopes[i] = Math.Exp(scores[i] - largest);
            sum += slopes[i];
        }

        for (var i = 0; i < scores.Length; i++)
        {
            slopes[i] = (slopes[i] / sum) - (i == label ? 1 : 0);
        }

        return largest + Math.Log(sum) - scores[label];
    }

    private static double Logistic(double score, bool label, Span<double> slopes)
    {
        var margin = label ? score : -score;
        var small = Math.Exp(-Math.Abs(margin));
        var wrong = margin >= 0 ? small / (1 + small) : 1 / (1 + small);
        slopes[0] = label ? -wrong : wrong;
        return Math.Max(-margin, 0) + Math.Log(1 + small);
    }

    private static double Squared(double error, Span<double> slopes)
    {
        slopes[0] = error;
        return error * error / 2;
    }
}
