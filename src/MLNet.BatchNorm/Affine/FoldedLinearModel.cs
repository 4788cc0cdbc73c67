using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>
/// A linear model in the units of the data before they were scaled: score = bias + sum weight x. Made by
/// <see cref="AffineTransformer.FoldInto(Microsoft.ML.Trainers.LinearModelParameters, string[])"/>.
/// </summary>
/// <remarks>Immutable, and safe to use from many threads.</remarks>
public sealed class FoldedLinearModel
{
    internal FoldedLinearModel(ImmutableArray<double> weights, double bias)
    {
        Weights = weights;
        Bias = bias;
    }

    /// <summary>The weights, [features]: the change of the score per unit of the original feature.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>The score of a row of zeros.</summary>
    public double Bias { get; }

    /// <summary>
    /// bias + sum weight x: what the model behind the scaling gives for the scaled row, before any link (sigmoid, softmax, exponential).
    /// </summary>
    /// <param name="row">The original features, [features]. A NaN gives NaN.</param>
    /// <exception cref="ArgumentException">The row has another number of features than the model.</exception>
    public double Score(ReadOnlySpan<double> row)
    {
        CheckLength(row);
        double score = Bias;
        for (int feature = 0; feature < row.Length; feature++)
        {
            score += Weights[feature] * row[feature];
        }
        return score;
    }

    /// <inheritdoc cref="Score(ReadOnlySpan{double})"/>
    public double Score(ReadOnlySpan<float> row)
    {
        CheckLength(row);
        double score = Bias;
        for (int feature = 0; feature < row.Length; feature++)
        {
            score += Weights[feature] * row[feature];
        }
        return score;
    }

    private void CheckLength<T>(ReadOnlySpan<T> row)
    {
        if (row.Length != Weights.Length)
        {
            throw new ArgumentException($"Expected a row of {Weights.Length} feature(s), one per weight; found {row.Length}.", nameof(row));
        }
    }
}
