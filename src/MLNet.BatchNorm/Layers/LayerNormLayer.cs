using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>
/// Layer normalization: each row by its own mean and variance, so that neither batch size nor other rows matter. Ba, Kiros and Hinton,
/// "Layer normalization" (2016).
/// </summary>
/// <remarks>
/// <para>
/// Batches are [rows, features], the features being all values of a row that are normalized together (of images: channels * height * width);
/// <see cref="NormalizationLayer.Gamma"/> and <see cref="NormalizationLayer.Beta"/> are [features].
/// </para>
/// <para>
/// Per row of n features (equations 3 and 4; the epsilon is customary): mu = sum x / n; var = sum (x - mu)^2 / n;
/// xhat = (x - mu) / sqrt(var + epsilon); y = gamma xhat + beta. Training and inference are the same; batches of one row are fine. A
/// constant row, and so any row of one feature, gives y = beta. NaN or infinity in a row makes that row NaN, and no other. Rows of doubles
/// so far apart that their variance is beyond double are normalized all the same.
/// </para>
/// <para>
/// Backward, with s = 1 / sqrt(var + epsilon) and h = gamma g: dL/dbeta = sum over rows of g; dL/dgamma = sum over rows of g xhat;
/// dL/dx = s (h - (sum h) / n - xhat (sum h xhat) / n), these sums over the features of the row. Not thread safe.
/// </para>
/// </remarks>
public sealed class LayerNormLayer : NormalizationLayer
{
    // Mean and inverse deviation are those of the row times the prescale, which is 1 for all but enormous doubles.
    private double[] _prescale = [];
    private double[] _mean = [];
    private double[] _inverseDeviation = [];
    private double[] _shrunk = [];

    /// <summary>A layer with gamma 1 and beta 0.</summary>
    /// <param name="featureCount">Values per row, at least 1.</param>
    /// <param name="epsilon">Added to the variance; positive.<value>1e-5</value></param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public LayerNormLayer(int featureCount, double epsilon = DefaultEpsilon)
        : base(CheckFeatureCount(featureCount), featureCount, epsilon)
    {
    }

    private protected override void ForwardBatch<T>(ReadOnlySpan<T> input, Span<T> output, int rowCount, bool training)
    {
        if (_mean.Length < rowCount)
        {
            _prescale = new double[rowCount];
            _mean = new double[rowCount];
            _inverseDeviation = new double[rowCount];
        }

        for (int row = 0; row < rowCount; row++)
        {
            ReadOnlySpan<T> source = input.Slice(row * RowLength, RowLength);
            Span<T> destination = output.Slice(row * RowLength, RowLength);
            (double mean, double variance) = RowNormalization.Measure(source);
            double prescale = double.IsFinite(variance) ? 1 : PrescaleOf(source);
            _prescale[row] = prescale;
            if (prescale == 1)
            {
                Keep(row, mean, variance);
                RowNormalization.Forward(source, destination, mean, _inverseDeviation[row], Gamma, Beta);
            }
            else
            {
                ReadOnlySpan<double> shrunk = Shrink(source, prescale);
                (mean, variance) = RowNormalization.Measure(shrunk);
                Keep(row, mean, variance);
                RowNormalization.Forward(shrunk, Shrinking.AsDoubles(destination), mean, _inverseDeviation[row], Gamma, Beta);
            }
        }
    }

    private protected override void BackwardBatch<T>(
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        int rowCount,
        Span<double> gammaGradient,
        Span<double> betaGradient)
    {
        gammaGradient.Clear();
        betaGradient.Clear();
        for (int row = 0; row < rowCount; row++)
        {
            int start = row * RowLength;
            ReadOnlySpan<T> source = input.Slice(start, RowLength);
            ReadOnlySpan<T> gradient = outputGradient.Slice(start, RowLength);
            Span<T> result = inputGradient.Slice(start, RowLength);
            double prescale = _prescale[row];
            if (prescale == 1)
            {
                RowNormalization.Backward(source, gradient, result, _mean[row], _inverseDeviation[row], Gamma, gammaGradient, betaGradient, centers: true);
                continue;
            }

            Span<double> results = Shrinking.AsDoubles(result);
            RowNormalization.Backward(
                Shrink(source, prescale),
                Shrinking.AsDoubles(gradient),
                results,
                _mean[row],
                _inverseDeviation[row],
                Gamma,
                gammaGradient,
                betaGradient,
                centers: true);
            foreach (ref double value in results)
            {
                value *= prescale;
            }
        }
    }

    private static double PrescaleOf<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double largest = 0;
        foreach (T value in row)
        {
            largest = Shrinking.Larger(largest, value);
        }

        return typeof(T) == typeof(double) ? Shrinking.FactorOf(largest) : 1;
    }

    private void Keep(int row, double mean, double variance)
    {
        _mean[row] = mean;
        _inverseDeviation[row] = 1 / Math.Sqrt(variance + (Epsilon * _prescale[row] * _prescale[row]));
    }

    private ReadOnlySpan<double> Shrink<T>(ReadOnlySpan<T> row, double prescale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        _shrunk = _shrunk.Length == 0 ? new double[RowLength] : _shrunk;
        for (int i = 0; i < row.Length; i++)
        {
            _shrunk[i] = RowLoad.Widen(row[i]) * prescale;
        }

        return _shrunk;
    }

    private static int CheckFeatureCount(int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(featureCount, MomentSums.LargestFeatureCount);
        return featureCount;
    }
}
