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
        int count = checked(rowCount * groupCount);
        if (_mean.Length < count)
        {
            _prescale = new double[count];
            _mean = new double[count];
            _inverseDeviation = new double[count];
        }

        for (int group = 0; group < count; group++)
        {
            Range values = Values(group);
            Range parameters = Values(group % groupCount);
            ForwardGroup(group, input[values], output[values], gamma[parameters], beta[parameters]);
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
        for (int group = 0; group < rowCount * groupCount; group++)
        {
            Range values = Values(group);
            Range parameters = Values(group % groupCount);
            BackwardGroup(
                group, input[values], outputGradient[values], inputGradient[values], gamma[parameters], gammaGradient[parameters], betaGradient[parameters]);
        }
    }

    private Range Values(int group) => (group * groupLength)..((group + 1) * groupLength);

    private void ForwardGroup<T>(int group, ReadOnlySpan<T> source, Span<T> destination, ReadOnlySpan<double> gamma, ReadOnlySpan<double> beta)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (double mean, double variance) = Measure(source);
        double prescale = double.IsFinite(variance) ? 1 : PrescaleOf(source);
        _prescale[group] = prescale;
        if (prescale == 1)
        {
            Keep(group, mean, variance);
            RowNormalization.Forward(source, destination, mean, _inverseDeviation[group], gamma, beta);
        }
        else
        {
            ReadOnlySpan<double> shrunk = Shrink(source, prescale);
            (mean, variance) = Measure(shrunk);
            Keep(group, mean, variance);
            RowNormalization.Forward(shrunk, Shrinking.AsDoubles(destination), mean, _inverseDeviation[group], gamma, beta);
        }
    }

    private void BackwardGroup<T>(
        int group,
        ReadOnlySpan<T> source,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        ReadOnlySpan<double> gamma,
        Span<double> gammaGradient,
        Span<double> betaGradient)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double prescale = _prescale[group];
        if (prescale == 1)
        {
            RowNormalization.Backward(
                source, outputGradient, inputGradient, _mean[group], _inverseDeviation[group], gamma, gammaGradient, betaGradient, centers);
            return;
        }

        Span<double> results = Shrinking.AsDoubles(inputGradient);
        RowNormalization.Backward(
            Shrink(source, prescale),
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
            value *= prescale;
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

    private void Keep(int group, double mean, double variance)
    {
        _mean[group] = mean;
        _inverseDeviation[group] = 1 / Math.Sqrt(variance + (epsilon * _prescale[group] * _prescale[group]));
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
