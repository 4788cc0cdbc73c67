using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>
/// What the layers share that normalize rows, or groups of a row, each by its own statistics: xhat = (x - mean) / sqrt(var + epsilon) or, without
/// centering, xhat = x / sqrt(sum x^2 / n + epsilon). It keeps what the backward pass needs of each group.
/// </summary>
/// <remarks>Enormous doubles are made small first (<see cref="Shrinking"/>): mean and inverse deviation are those of the group times the prescale.</remarks>
internal sealed class RowNormalizer(int groupLength, int groupCount, double epsilon, bool centers)
{
    private double[] _prescale = [];
    private double[] _mean = [];
    private double[] _inverseDeviation = [];
    private double[] _shrunk = [];

    /// <summary>Normalizes a batch.</summary>
    /// <param name="input">[rows, groups, group].</param>
    /// <param name="output">As long as <paramref name="input"/>.</param>
    /// <param name="rowCount">The rows.</param>
    /// <param name="gamma">[groups, group].</param>
    /// <param name="beta">[groups, group].</param>
    public void Forward<T>(ReadOnlySpan<T> input, Span<T> output, int rowCount, ReadOnlySpan<double> gamma, ReadOnlySpan<double> beta)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int count = rowCount * groupCount;
        if (_mean.Length < count)
        {
            _prescale = new double[count];
            _mean = new double[count];
            _inverseDeviation = new double[count];
        }

        for (int group = 0; group < count;)
        {
            for (int start = 0; start < groupCount * groupLength; start += groupLength, group++)
            {
                ReadOnlySpan<T> source = input.Slice(group * groupLength, groupLength);
                Span<T> destination = output.Slice(group * groupLength, groupLength);
                (double mean, double variance) = Measure(source);
                if (double.IsFinite(variance))
                {
                    Keep(group, mean, variance, prescale: 1);
                    RowNormalization.Forward(
                        source, destination, mean, _inverseDeviation[group], gamma.Slice(start, groupLength), beta.Slice(start, groupLength));
                }
                else
                {
                    ForwardShrunk(group, source, destination, gamma.Slice(start, groupLength), beta.Slice(start, groupLength));
                }
            }
        }
    }

    /// <summary>Writes the gradient of the last batch's input, and those of gamma and beta, summed over the rows.</summary>
    public void Backward<T>(
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        int rowCount,
        ReadOnlySpan<double> gamma,
        Span<double> gammaGradient,
        Span<double> betaGradient)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        gammaGradient.Clear();
        betaGradient.Clear();
        for (int group = 0; group < rowCount * groupCount;)
        {
            for (int start = 0; start < groupCount * groupLength; start += groupLength, group++)
            {
                ReadOnlySpan<T> source = input.Slice(group * groupLength, groupLength);
                ReadOnlySpan<T> gradient = outputGradient.Slice(group * groupLength, groupLength);
                Span<T> result = inputGradient.Slice(group * groupLength, groupLength);
                ReadOnlySpan<double> gammas = gamma.Slice(start, groupLength);
                Span<double> gammaSums = gammaGradient.Slice(start, groupLength);
                Span<double> betaSums = betaGradient.Slice(start, groupLength);
                if (_prescale[group] == 1)
                {
                    RowNormalization.Backward(source, gradient, result, _mean[group], _inverseDeviation[group], gammas, gammaSums, betaSums, centers);
                }
                else
                {
                    BackwardShrunk(group, source, gradient, result, gammas, gammaSums, betaSums);
                }
            }
        }
    }

    private void ForwardShrunk<T>(int group, ReadOnlySpan<T> source, Span<T> destination, ReadOnlySpan<double> gamma, ReadOnlySpan<double> beta)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double prescale = PrescaleOf(source);
        ReadOnlySpan<double> shrunk = Shrink(source, prescale);
        (double mean, double variance) = Measure(shrunk);
        Keep(group, mean, variance, prescale);
        if (prescale == 1)
        {
            // There is NaN or infinity in it.
            RowNormalization.Forward(source, destination, mean, _inverseDeviation[group], gamma, beta);
        }
        else
        {
            RowNormalization.Forward(shrunk, Shrinking.AsDoubles(destination), mean, _inverseDeviation[group], gamma, beta);
        }
    }

    private void BackwardShrunk<T>(
        int group,
        ReadOnlySpan<T> source,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        ReadOnlySpan<double> gamma,
        Span<double> gammaGradient,
        Span<double> betaGradient)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<double> results = Shrinking.AsDoubles(inputGradient);
        RowNormalization.Backward(
            Shrink(source, _prescale[group]),
            Shrinking.AsDoubles(outputGradient),
            results,
            _mean[group],
            _inverseDeviation[group],
            gamma,
            gammaGradient,
            betaGradient,
            centers);
        foreach (ref double value in results)
        {
            value *= _prescale[group];
        }
    }

    private static double PrescaleOf<T>(ReadOnlySpan<T> group)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double largest = 0;
        foreach (T value in group)
        {
            largest = Shrinking.Larger(largest, value);
        }

        return typeof(T) == typeof(double) ? Shrinking.FactorOf(largest) : 1;
    }

    private (double Mean, double Variance) Measure<T>(ReadOnlySpan<T> group)
        where T : unmanaged, IFloatingPointIeee754<T> => centers ? RowNormalization.Measure(group) : (0, RowNormalization.MeanSquare(group));

    private void Keep(int group, double mean, double variance, double prescale)
    {
        _prescale[group] = prescale;
        _mean[group] = mean;
        _inverseDeviation[group] = 1 / Math.Sqrt(variance + (epsilon * prescale * prescale));
    }

    private ReadOnlySpan<double> Shrink<T>(ReadOnlySpan<T> group, double prescale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        _shrunk = _shrunk.Length == 0 ? new double[groupLength] : _shrunk;
        for (int i = 0; i < group.Length; i++)
        {
            _shrunk[i] = RowLoad.Widen(group[i]) * prescale;
        }

        return _shrunk;
    }
}
