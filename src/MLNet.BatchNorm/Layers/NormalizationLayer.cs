using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>
/// A layer of a network that normalizes its input and then scales and shifts it by learned parameters: y = gamma xhat + beta.
/// </summary>
/// <remarks>
/// <para>
/// Batches are row-major spans of float or double; all sums are taken in double, and results rounded to the type of the spans. Nothing is
/// allocated per call, after the first batches.
/// </para>
/// <para>
/// NaN and infinity are not special: they spread over all values that are normalized together with them, a channel of the batch or a row,
/// as in other networks. They do not enter running statistics.
/// </para>
/// <para>
/// Not thread safe: a layer holds the state between a forward pass and the backward pass that follows. It knows nothing of ML.NET.
/// </para>
/// </remarks>
public abstract class NormalizationLayer
{
    /// <summary>The default of <see cref="Epsilon"/>.</summary>
    public const double DefaultEpsilon = 1e-5;

    private readonly double[] _gamma;
    private readonly double[] _beta;
    private readonly double[] _gammaGradient;
    private readonly double[] _betaGradient;
    private int _forwardRows;

    private protected NormalizationLayer(int parameterCount, int rowLength, double epsilon)
    {
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(epsilon), epsilon, "Epsilon must be positive and finite: it keeps the division defined where the variance is 0.");
        }

        Epsilon = epsilon;
        RowLength = rowLength;
        _gamma = new double[parameterCount];
        _beta = new double[parameterCount];
        _gammaGradient = new double[parameterCount];
        _betaGradient = new double[parameterCount];
        _gamma.AsSpan().Fill(1);
    }

    /// <summary>Added to the variance before its square root is taken; in squared units of the input, positive.</summary>
    /// <value>Default: 1e-5.</value>
    public double Epsilon { get; }

    /// <summary>Values per row of a batch.</summary>
    public int RowLength { get; }

    /// <summary>
    /// The learned scale; to be written by the optimizer, between a backward pass and the next forward pass. A copy of fewer values into it
    /// leaves the others as they are: <see cref="SetGamma"/> checks.
    /// </summary>
    /// <value>Default: 1 each.</value>
    public Span<double> Gamma => _gamma;

    /// <summary>
    /// The learned shift; to be written by the optimizer, between a backward pass and the next forward pass. A copy of fewer values into it
    /// leaves the others as they are: <see cref="SetBeta"/> checks.
    /// </summary>
    /// <value>Default: 0 each.</value>
    public Span<double> Beta => _beta;

    /// <summary>The gradient of the loss with respect to <see cref="Gamma"/>, of the last backward pass alone; 0 before it.</summary>
    public ReadOnlySpan<double> GammaGradient => _gammaGradient;

    /// <summary>The gradient of the loss with respect to <see cref="Beta"/>, of the last backward pass alone; 0 before it.</summary>
    public ReadOnlySpan<double> BetaGradient => _betaGradient;

    /// <summary>Sets <see cref="Gamma"/>, all of it.</summary>
    /// <param name="values">As many finite numbers as there are parameters.</param>
    /// <exception cref="ArgumentException">There are more or fewer values, or one is not finite; nothing is set then.</exception>
    public void SetGamma(ReadOnlySpan<double> values) => Set(_gamma, values, nameof(Gamma));

    /// <summary>Sets <see cref="Beta"/>, all of it.</summary>
    /// <inheritdoc cref="SetGamma"/>
    public void SetBeta(ReadOnlySpan<double> values) => Set(_beta, values, nameof(Beta));

    /// <summary>Normalizes a batch.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="input">[rows, ...], row-major, <see cref="RowLength"/> values per row. Keep it for <see cref="Backward"/>.</param>
    /// <param name="output">
    /// As long as <paramref name="input"/>; may be the same memory, if no backward pass follows, but may not overlap it in part.
    /// </param>
    /// <param name="rowCount">Number of rows, at least 1.</param>
    /// <param name="training">Whether the batch is trained on: the layer's own docs say what that changes.</param>
    /// <exception cref="ArgumentException">A span has another length than the rows need, or overlaps another one in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rowCount"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// Training a layer that measures its batch, on a single value per channel: its variance is 0, and its normalized value always 0.
    /// </exception>
    public void Forward<T>(ReadOnlySpan<T> input, Span<T> output, int rowCount, bool training)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckLength(input.Length, nameof(input), rowCount);
        CheckLength(output.Length, nameof(output), rowCount);
        CheckOverlap(input, output, nameof(input), nameof(output));
        _forwardRows = 0;
        ForwardBatch(input, output, rowCount, training);
        _forwardRows = rowCount;
    }

    /// <summary>
    /// Carries the gradient of the loss from the output of the last <see cref="Forward"/> to its input, and sets <see cref="GammaGradient"/>
    /// and <see cref="BetaGradient"/>: sums over the batch, of this call alone.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="input">The input of the last <see cref="Forward"/>.</param>
    /// <param name="outputGradient">dL/dy, as long as the input.</param>
    /// <param name="inputGradient">Receives dL/dx; may be the memory of <paramref name="outputGradient"/> or of <paramref name="input"/>.</param>
    /// <param name="rowCount">Number of rows, that of the last <see cref="Forward"/>.</param>
    /// <exception cref="ArgumentException">A span has another length than the rows need, or overlaps another one in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rowCount"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">The last <see cref="Forward"/> had another number of rows, failed, or never was.</exception>
    public void Backward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> outputGradient, Span<T> inputGradient, int rowCount)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckLength(input.Length, nameof(input), rowCount);
        CheckLength(outputGradient.Length, nameof(outputGradient), rowCount);
        CheckLength(inputGradient.Length, nameof(inputGradient), rowCount);
        CheckOverlap(input, inputGradient, nameof(input), nameof(inputGradient));
        CheckOverlap(outputGradient, inputGradient, nameof(outputGradient), nameof(inputGradient));
        if (rowCount != _forwardRows)
        {
            throw new InvalidOperationException(_forwardRows == 0
                ? "Call Forward before Backward: the gradient depends on what Forward has measured."
                : $"Expected the {_forwardRows} row(s) of the last Forward, and found {rowCount}. Give Backward the same batch.");
        }

        BackwardBatch(input, outputGradient, inputGradient, rowCount, _gammaGradient, _betaGradient);
    }

    private protected abstract void ForwardBatch<T>(ReadOnlySpan<T> input, Span<T> output, int rowCount, bool training)
        where T : unmanaged, IFloatingPointIeee754<T>;

    private protected abstract void BackwardBatch<T>(
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        int rowCount,
        Span<double> gammaGradient,
        Span<double> betaGradient)
        where T : unmanaged, IFloatingPointIeee754<T>;

    private void CheckLength(int length, string name, int rowCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        long expected = (long)rowCount * RowLength;
        if (length != expected)
        {
            throw new ArgumentException($"Expected {rowCount} row(s) of {RowLength} value(s), {expected} in all, and found {length}.", name);
        }
    }

    private static void CheckOverlap<T>(ReadOnlySpan<T> source, Span<T> destination, string sourceName, string destinationName)
    {
        if (source.Overlaps(destination, out int offset) && offset != 0)
        {
            throw new ArgumentException(
                $"{sourceName} and {destinationName} may be the same memory or apart, but here {destinationName} begins {offset} value(s) after {sourceName}: " +
                "values would be overwritten before they are read.", destinationName);
        }
    }

    private static void Set(double[] parameters, ReadOnlySpan<double> values, string name)
    {
        if (values.Length != parameters.Length)
        {
            throw new ArgumentException($"{name}: expected {parameters.Length} value(s), one per parameter, and found {values.Length}.", nameof(values));
        }

        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"{name}: expected finite numbers, and found {value}.", nameof(values));
            }
        }

        values.CopyTo(parameters);
    }
}
