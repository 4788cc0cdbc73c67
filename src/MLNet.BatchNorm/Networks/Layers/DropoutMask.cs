using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MLNet.BatchNorm;

/// <summary>
/// Inverted dropout: each number is set to 0 with a given probability, the others are divided by what remains of 1, so that expectations
/// stay the same. Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout" (2014), section 10.
/// </summary>
internal sealed class DropoutMask(double probability, int capacity, int seed)
{
    private readonly float _keptScale = (float)(1 / (1 - probability));
    private readonly float[] _factors = new float[capacity];
    private readonly byte[] _bytes = new byte[capacity * sizeof(ushort)];
    private Random _random = new(seed);

    /// <summary>Begins an epoch, from 1: its masks depend on its number, and not on what was drawn before.</summary>
    public void Begin(int epoch) => _random = new Random(SeedOf(epoch));

    /// <summary>Draws a new mask and writes the masked values to <paramref name="result"/>.</summary>
    public void Forward(ReadOnlySpan<float> values, Span<float> result)
    {
        Draw(values.Length);
        TensorPrimitives.Multiply(values, _factors.AsSpan(0, values.Length), result);
    }

    /// <summary>Multiplies a gradient by the last mask.</summary>
    public void Backward(Span<float> gradient) => TensorPrimitives.Multiply(gradient, _factors.AsSpan(0, gradient.Length), gradient);

    // Odd, so that no two epochs of a seed have the same: 2^32 divided by the golden ratio.
    private int SeedOf(int epoch) => unchecked(seed + (epoch * (int)0x9E3779B1));

    // Two random bytes a number: a probability to 1 / 65536.
    private void Draw(int count)
    {
        Span<byte> bytes = _bytes.AsSpan(0, count * sizeof(ushort));
        _random.NextBytes(bytes);
        ReadOnlySpan<ushort> draws = MemoryMarshal.Cast<byte, ushort>(bytes);
        var threshold = (int)Math.Round(probability * 65536);
        for (int i = 0; i < draws.Length; i++)
        {
            _factors[i] = draws[i] < threshold ? 0 : _keptScale;
        }
    }
}
